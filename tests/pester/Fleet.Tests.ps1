#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    . "$PSScriptRoot/support/SshServer.ps1"
    $script:hasSsh = Test-SshServer
    $script:hasSystemd = [bool](Get-Command -Name systemd-analyze -ErrorAction Ignore)
    $page = Get-Content "$PSScriptRoot/../../docs/fleet.md" -Raw

    # Those of which a test below says more are run there.
    $script:remote = [regex]::Matches($page, '(?s)```powershell\n(.*?)```').ForEach({ $_.Groups[1].Value }) -match 'Invoke-Command' -notmatch 'Session -StartTime|using:session|unasked'
}

BeforeAll {
    . "$PSScriptRoot/support/SshServer.ps1"
    $script:root = (Resolve-Path "$PSScriptRoot/../..").Path
    $script:log = "$root/tests/data/qemu-enriched.log"
    Import-Module "$root/LibvirtAudit.psd1"
    $script:page = Get-Content "$root/docs/fleet.md" -Raw

    # A block of the guide by a text that is in it alone.
    function Get-Block([string] $Text) {
        $blocks = [regex]::Matches($page, '(?s)```\w+\n(.*?)```').ForEach({ $_.Groups[1].Value }) | Where-Object { $_.Contains($Text) }
        $blocks | Should -HaveCount 1
        $blocks
    }
}

Describe 'docs/fleet.md, fan-out' -Skip:(-not $hasSsh) {
    BeforeAll {
        $modules = (New-Item -ItemType Directory "$TestDrive/modules").FullName
        $null = New-Item -ItemType SymbolicLink "$modules/LibvirtAudit" -Value $root
        $script:server = Open-SshServer "$TestDrive/ssh" $modules

        # Two names of this machine stand for two hosts, the ways to them where a user has them in the configuration of ssh.
        $script:hosts = '127.0.0.1', 'localhost'
        $script:defaults = @{}
        foreach ($parameter in $server.Connection.Keys) {
            $defaults["Invoke-Command:$parameter"] = $server.Connection[$parameter]
        }

        # Runs an example, with a capture in place of the host's own logs and of the times at which something happened there.
        function Invoke-Example([string] $Example, [string[]] $On = $hosts) {
            $text = $Example -replace '\b(?<name>(Get-VirtAudit(Record|Session|Assignment|Incident)|Measure-VirtAuditRecord)\b)(?! \w+\.log)', "`${name} '$log'" -replace ' -StartTime [\w-]+' -replace '/dev/mapper/san-web01', '/dev/loop2'

            # A runspace of its own doesn't know the defaults.
            $text = $text -replace '-HostName \$_', '$0 @using:connection'
            & {
                param($hosts, $PSDefaultParameterValues, $connection, $text)
                $null = $hosts, $PSDefaultParameterValues, $connection
                & ([scriptblock]::Create($text))
            } $On $defaults $server.Connection $text
        }
    }

    AfterAll {
        Close-SshServer $server
    }

    It 'runs: <_>' -ForEach $remote {
        $answers = Invoke-Example $_ -ErrorVariable failed
        $failed | Should -BeNullOrEmpty
        $answers | Should -Not -BeNullOrEmpty
    }

    It 'gives the answers of each host, with its name' {
        $answers = Invoke-Example (Get-Block 'Get-VirtAuditSession -StartTime yesterday')
        $expected = Get-VirtAuditSession $log
        foreach ($name in $hosts) {
            ($answers | Where-Object PSComputerName -EQ $name).SessionEventId | Should -Be $expected.SessionEventId
        }
    }

    It 'tells which host did not answer' {
        $silent = '127.0.0.1:1'
        $unasked = Invoke-Example ((Get-Block '$unasked') + '; $unasked') -On $hosts[0], $silent 2>$null
        $unasked | Should -Be $silent
    }

    It 'leads from a session back to the records on its host' {
        $records = Invoke-Example (Get-Block '$using:session')
        $session = Get-VirtAuditSession $log -State Died | Select-Object -Last 1
        $records.EventId | Select-Object -Unique | Should -Be $session.Evidence
    }
}

Describe 'docs/fleet.md, collection' {
    BeforeAll {
        $script:collect = "$TestDrive/collect.ps1"
        Set-Content $collect ((Get-Block '# collect.ps1') -replace 'Get-VirtAuditRecord', '$0 -Path $env:TRAIL')
        $script:trail = "$TestDrive/audit.log"
        $script:state = (New-Item -ItemType Directory "$TestDrive/state").FullName

        function Invoke-Collection {
            $module = "$root/LibvirtAudit.psd1"
            pwsh -NoProfile -NonInteractive -Command "`$env:TRAIL = '$trail'; `$env:STATE_DIRECTORY = '$state'; Import-Module '$module'; & '$collect'" | Should -BeNullOrEmpty
            $LASTEXITCODE | Should -Be 0
        }
    }

    It 'writes down each record once, and the lines read back as records' -Skip:(-not (Get-Command -Name pwsh -ErrorAction Ignore)) {
        $lines = [IO.File]::ReadAllLines("$root/tests/data/lxc-enriched.log")
        [IO.File]::WriteAllLines($trail, $lines[0..99])
        Invoke-Collection
        [IO.File]::WriteAllLines($trail, $lines)
        Invoke-Collection
        Invoke-Collection

        Push-Location $state
        try {
            $back = & ([scriptblock]::Create((Get-Block 'records-*.jsonl')))
        }
        finally {
            Pop-Location
        }

        Get-Content "$state/records-*.jsonl" | Should -HaveCount @(Get-VirtAuditRecord $trail).Count
        $back | Format-List | Out-String | Should -Be (Get-VirtAuditRecord $trail | Get-VirtAuditSession | Format-List | Out-String)
    }

    It 'has units that systemd takes' -Skip:(-not $hasSystemd) {
        $units = (New-Item -ItemType Directory "$TestDrive/units").FullName
        Set-Content "$units/libvirtaudit-collect.service" ((Get-Block 'ExecStart=') -replace '(?m)^ExecStart=\S+', 'ExecStart=/bin/true')
        Set-Content "$units/libvirtaudit-collect.timer" (Get-Block 'OnCalendar=')
        systemd-analyze verify "$units/libvirtaudit-collect.service" "$units/libvirtaudit-collect.timer" 2>&1 |
            Where-Object { "$_" -match 'libvirtaudit' } | Should -BeNullOrEmpty
    }
}

Describe 'docs/fleet.md, one log of many hosts' {
    BeforeAll {
        $lines = [IO.File]::ReadAllLines($log)
        [IO.File]::WriteAllLines("$TestDrive/central.log", [string[]]@(
                [IO.File]::ReadLines("$root/tests/data/lxc-enriched.log").ForEach({ "node=kvm2.example.org $_" })
                $lines.ForEach({ "node=kvm1.example.org $_" })))
    }

    It 'reads each host by its name' {
        Push-Location $TestDrive
        try {
            $ofNode = & ([scriptblock]::Create((Get-Block '-Node kvm1* -StartTime')))
            $records = & ([scriptblock]::Create((Get-Block 'Get-VirtAuditRecord central.log')))
        }
        finally {
            Pop-Location
        }

        $ofNode.Node | Select-Object -Unique | Should -Be 'kvm1.example.org'
        $ofNode.SessionEventId | Should -Be (Get-VirtAuditSession $log).SessionEventId.ForEach({ "node=kvm1.example.org $_" })
        $records.EventId | Should -Not -BeNullOrEmpty
        $records.Node | Select-Object -Unique | Should -Be 'kvm1.example.org'
    }

    It 'reads folders host by host' {
        $folder = (New-Item -ItemType Directory "$TestDrive/kvm7").FullName
        Copy-Item $log "$folder/audit.log"
        $sessions = & ([scriptblock]::Create((Get-Block 'Get-ChildItem /srv/audit').Replace('/srv/audit', $TestDrive)))
        $sessions | Should -HaveCount @(Get-VirtAuditSession $log).Count
        $sessions.Host | Select-Object -Unique | Should -Be 'kvm7'
    }
}
