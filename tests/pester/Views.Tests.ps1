#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:outputs = @(
        @{ output = 'Get-VirtAuditRecord $log' }
        @{ output = 'Get-VirtAuditSession $log' }
        @{ output = 'Get-VirtAuditAssignment $log' }
        @{ output = 'Get-VirtAuditIncident $log' }
        @{ output = 'Measure-VirtAuditRecord $log -GroupBy Guest' }
        @{ output = 'Get-VirtAuditStatus' }
    )
    $script:grouped = 'Get-VirtAuditRecord', 'Get-VirtAuditSession', 'Get-VirtAuditAssignment'
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:log = "$PSScriptRoot/../data/qemu-enriched.log"
    $script:rendering = $PSStyle.OutputRendering
    $PSStyle.OutputRendering = 'PlainText'

    # A guest that would clear the screen, with a disk of that name.
    $script:hostile = "$TestDrive/hostile.log"
    $hex = [Convert]::ToHexString([Text.Encoding]::UTF8.GetBytes("a`e[2Jb`nc"))
    $guest = "vm=$hex uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45"
    $bodies = "resrc=disk reason=start $guest old-disk=`"?`" new-disk=$hex", "op=start reason=booted $guest vm-pid=7", "op=stop reason=shutdown $guest vm-pid=0"
    Set-Content -LiteralPath $hostile -Value $(foreach ($serial in 1..3) {
            $type = if ($serial -eq 1) { 'VIRT_RESOURCE' } else { 'VIRT_CONTROL' }
            "type=$type msg=audit(1795360115.435:$serial): pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm $($bodies[$serial - 1]) exe=`"/usr/sbin/libvirtd`" hostname=? addr=? terminal=? res=success'"
        })
}

AfterAll {
    $PSStyle.OutputRendering = $rendering
}

Describe 'The views' {
    It 'fit the terminal and move no cursor: <output> at <width> columns' -ForEach ($outputs | ForEach-Object { foreach ($width in 80, 100, 200) { $_ + @{ width = $width } } }) {
        # A few of each kind of record, guest and group.
        $items = & ([scriptblock]::Create($output)) | Group-Object VMName, ResourceType, Group | ForEach-Object { $_.Group[0] } | Select-Object -First 40
        foreach ($format in { $input }, { $input | Format-List }, { $input | Format-Wide }) {
            $lines = $items | & $format | Out-String -Stream -Width $width
            $lines | Where-Object Length -GT $width | Should -BeNullOrEmpty
            $lines | Should -Not -Match '\p{Cc}'
        }
    }

    It 'show a hostile name as text in <_>' -ForEach '', 'Format-List', 'Format-Wide' {
        foreach ($command in 'Get-VirtAuditRecord', 'Get-VirtAuditSession', 'Get-VirtAuditAssignment', 'Measure-VirtAuditRecord -GroupBy Guest -Path') {
            $shown = & ([scriptblock]::Create("$command `$hostile $(if ($_) { "| $_" })")) | Out-String -Width 120
            $shown | Should -BeLike '*a``e`[2Jb``nc*'
            $shown.Replace([Environment]::NewLine, '') | Should -Not -Match '\p{Cc}'
        }
    }

    It 'have no escape sequence where output is plain or goes to a file' {
        $PSStyle.OutputRendering = 'Host'
        try {
            foreach ($command in 'Get-VirtAuditRecord $log -Result failed', 'Get-VirtAuditSession $log', 'Get-VirtAuditAssignment $log', 'Get-VirtAuditIncident $log') {
                & ([scriptblock]::Create($command)) > "$TestDrive/out.txt"
                Get-Content -LiteralPath "$TestDrive/out.txt" -Raw | Should -Not -Match "`e"
            }
        }
        finally {
            $PSStyle.OutputRendering = 'PlainText'
        }
    }

    It 'mark what failed where output may be coloured, and tell nothing by colour alone' {
        $plain = Get-VirtAuditSession $log -VMName lab-cpu | Out-String
        $PSStyle.OutputRendering = 'Ansi'
        try {
            (Get-VirtAuditSession $log -VMName lab-cpu | Out-String) -replace "`e\[[0-9;]*m" | Should -Be $plain
            Get-VirtAuditRecord $log -Result failed | Out-String | Should -Match "`e\[31mfailed`e\[0m"
            Get-VirtAuditSession $log -VMName lab-cpu | Out-String | Should -Match "`e\[31mDied`e\[0m"
        }
        finally {
            $PSStyle.OutputRendering = 'PlainText'
        }
    }

    It 'show units' {
        Get-VirtAuditRecord $log -VMName lab-full -ResourceType mem | Format-List | Out-String | Should -Match 'NewValue +: 262144 KiB'
        Get-VirtAuditRecord $log -ResourceType shmem | Format-List | Out-String | Should -Match 'Size +: \d+ bytes'
        Get-VirtAuditAssignment $log -VMName lab-full -ResourceType mem | Format-List | Out-String | Should -Match 'Value +: 262144 KiB'
    }

    It 'leave out of a list what there is not' {
        $list = Get-VirtAuditSession $log -VMName lab-cpu | Format-List | Out-String
        $list | Should -Match 'StopReason +: failed'
        $list | Should -Match 'DenialCount +: 0'
        $list | Should -Not -Match 'Node|PeerEventId'
    }

    It 'group by guest as the view guest: <_>' -ForEach $grouped {
        $lines = & $_ $log -VMName lab-cpu, lab-esc | Sort-Object VMName -Stable | Format-Table -View guest | Out-String -Stream
        $lines -match 'Guest: ' | Should -HaveCount 2
        $lines -match 'Guest +Start' | Should -BeNullOrEmpty
    }
}
