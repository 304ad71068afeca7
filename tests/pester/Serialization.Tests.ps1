#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    . "$PSScriptRoot/support/SshServer.ps1"
    $script:hasSsh = Test-SshServer
    $script:ways = @(
        @{ way = 'a CLIXML file'; computer = $null; skip = $false }
        @{ way = 'a job'; computer = 'localhost'; skip = $false }
        @{ way = 'SSH'; computer = '127.0.0.1'; skip = -not $hasSsh }
    )
}

BeforeAll {
    . "$PSScriptRoot/support/Jobs.ps1"
    . "$PSScriptRoot/support/SshServer.ps1"
    $script:manifest = (Resolve-Path "$PSScriptRoot/../../LibvirtAudit.psd1").Path
    $script:data = (Resolve-Path "$PSScriptRoot/../data").Path
    Import-Module $manifest

    # Every kind of object that the module emits; among the records those with hostile bytes and from every carrier.
    $script:source = {
        param($data)
        Get-VirtAuditRecord "$data/qemu-enriched.log" -Tail 20 -IncludeRawText
        Get-VirtAuditRecord "$data/lxc-enriched.log" -VMName ct-plain, ct-reboot
        Get-VirtAuditRecord "$data/umsg-enriched.log", "$data/carriers.log" -Tail 20 -IncludeMalformed -ErrorAction Ignore
        Get-VirtAuditSession "$data/qemu-enriched.log"
        Get-VirtAuditAssignment "$data/lxc-enriched.log"
        Get-VirtAuditIncident "$data/qemu-enriched.log"
        Measure-VirtAuditRecord "$data/lxc-enriched.log"
        Get-VirtAuditStatus
    }

    # A value with its type, so that 1 isn't "1", nor a local time one of another kind.
    function Get-Description($Value) {
        if ($Value -is [psobject]) {
            $Value = $Value.psobject.BaseObject
        }

        if ($null -eq $Value) { 'null' }
        elseif ($Value -is [datetime]) { "$($Value.Kind) $($Value.Ticks)" }
        elseif ($Value -is [Collections.IList]) { "[$(@(foreach ($item in $Value) { Get-Description $item }) -join ', ')]" }
        else { "$($Value.GetType().Name) $([string]::Format([cultureinfo]::InvariantCulture, '{0}', $Value))" }
    }

    # The objects as text, by the kind of object; only what the module gave them, not what remoting adds.
    function Get-Listing($Items, $Names) {
        foreach ($item in $Items) {
            ($Names | ForEach-Object { "$_=$(Get-Description $item.psobject.Properties[$_].Value)" }) -join '; '
        }
    }
}

# Not -ForEach alone: -Skip is evaluated before the data of a block are there.
foreach ($one in $ways) { Describe 'Objects through <way>' -ForEach $one -Skip:($one.skip) {
    BeforeAll {
        $script:live = @(& $source $data)
        $script:back = @(switch ($way) {
                'a CLIXML file' {
                    $live | Export-Clixml "$TestDrive/objects.xml"
                    Import-Clixml "$TestDrive/objects.xml"
                }
                'a job' {
                    Start-Job -ScriptBlock ([scriptblock]::Create("param(`$data, `$manifest) Import-Module `$manifest; & { $source } `$data")) -ArgumentList $data, $manifest |
                        Receive-EndedJob
                }
                'SSH' {
                    $modules = (New-Item -ItemType Directory "$TestDrive/modules").FullName
                    $null = New-Item -ItemType SymbolicLink "$modules/LibvirtAudit" -Value (Split-Path $manifest)
                    $script:server = Open-SshServer "$TestDrive/ssh" $modules
                    $connection = $server.Connection
                    Invoke-Command -HostName 127.0.0.1 @connection -ScriptBlock $source -ArgumentList $data
                }
            })

        # Remoting adds where an object comes from, and a column for it; without it everything should look as it does here.
        $script:computers = $back.PSComputerName | Select-Object -Unique
        foreach ($name in 'PSComputerName', 'RunspaceId', 'PSShowComputerName', 'PSSourceJobInstanceId') {
            $back | Where-Object { $_.psobject.Properties[$name] } | ForEach-Object { $_.psobject.Properties.Remove($name) }
        }

        $script:kinds = $live | Group-Object { $_.psobject.TypeNames[0] } -AsHashTable
    }

    AfterAll {
        if ($way -eq 'SSH') {
            Close-SshServer $server
        }
    }

    It 'all arrive, in their order' {
        $kinds.Keys.Count | Should -Be 6
        $computers | Should -Be $computer
        $back.ForEach({ $_.psobject.TypeNames[0] }) -join "`n" | Should -Be ($live.ForEach({ "Deserialized.$($_.psobject.TypeNames[0])" }) -join "`n")
    }

    It 'keep each value and its type: <_>' -ForEach 'Records.VirtAuditRecord', 'Analysis.VirtAuditSession', 'Analysis.VirtAuditAssignment', 'Analysis.VirtAuditIncident', 'Analysis.VirtAuditSummary', 'Records.VirtAuditStatus' {
        $type = "LibvirtAudit.$_"
        $names = $kinds[$type][0].psobject.Properties.Name

        $arrived = $back | Where-Object { $_.psobject.TypeNames[0] -eq "Deserialized.$type" }

        # A status is of a process and a moment: what another process asked for has the same properties, not their values.
        if ($type -like '*Status' -and $way -ne 'a CLIXML file') {
            $arrived.psobject.Properties.Name | Should -Be $names
            return
        }

        (Get-Listing $arrived $names) -join "`n" | Should -BeExactly ((Get-Listing $kinds[$type] $names) -join "`n")
    }

    It 'look the same as a <format>: <type>' -ForEach @(
        foreach ($format in 'Table', 'List') {
            foreach ($type in 'Records.VirtAuditRecord', 'Analysis.VirtAuditSession', 'Analysis.VirtAuditAssignment', 'Analysis.VirtAuditIncident', 'Analysis.VirtAuditSummary') {
                @{ format = $format; type = $type }
            }
        }
    ) {
        # Select-Object would take their type from the objects that came back.
        $arrived = @($back | Where-Object { $_.psobject.TypeNames[0] -eq "Deserialized.LibvirtAudit.$type" })[0..49]
        $expected = @($kinds["LibvirtAudit.$type"])[0..49]
        $expected | & "Format-$format" | Out-String -Width 100 | Should -Not -BeNullOrEmpty
        $arrived | & "Format-$format" | Out-String -Width 100 | Should -BeExactly ($expected | & "Format-$format" | Out-String -Width 100)
    }

    It 'are records that analyse to the same sessions, assignments and counts' {
        $records = $kinds['LibvirtAudit.Records.VirtAuditRecord'] | Where-Object { $_.EventId }
        $arrived = $back | Where-Object { $_.psobject.TypeNames[0] -like '*.VirtAuditRecord' -and $_.EventId }
        foreach ($cmdlet in 'Get-VirtAuditSession', 'Get-VirtAuditAssignment', 'Measure-VirtAuditRecord') {
            $expected = @($records | & $cmdlet)
            $expected.Count | Should -BeGreaterThan 0
            $names = $expected[0].psobject.Properties.Name
            (Get-Listing ($arrived | & $cmdlet) $names) -join "`n" | Should -BeExactly ((Get-Listing $expected $names) -join "`n")
        }
    }

    It 'are records that turn into the same text' {
        $arrived = $back | Where-Object { $_.psobject.TypeNames[0] -like '*.VirtAuditRecord' }
        $expected = $kinds['LibvirtAudit.Records.VirtAuditRecord'] | ConvertTo-VirtAuditText -ErrorAction Ignore
        $expected.Count | Should -BeGreaterThan 80
        $arrived | ConvertTo-VirtAuditText -ErrorAction Ignore | Should -BeExactly $expected
    }

    It 'are records that can be written again' -Skip:(-not $IsLinux) {
        $arrived = $back | Where-Object { $_.psobject.TypeNames[0] -like '*.VirtAuditRecord' }
        $expected = $kinds['LibvirtAudit.Records.VirtAuditRecord']
        $withoutSender = '^(.*) exe=.*(res=\w+)$', '$1 $2'
        foreach ($kind in @{ type = 'VIRT_CONTROL'; cmdlet = 'Write-VirtControlAudit' }, @{ type = 'VIRT_MACHINE_ID'; cmdlet = 'Write-VirtMachineIdAudit' }, @{ type = 'VIRT_RESOURCE'; cmdlet = 'Write-VirtResourceAudit' }) {
            $texts = foreach ($items in $expected, $arrived) {
                $log = "$TestDrive/$(New-Guid).log"
                $items | Where-Object RecordType -EQ $kind.type | & $kind.cmdlet -LogPath $log -ErrorAction Ignore
                (Get-VirtAuditRecord $log | ConvertTo-VirtAuditText) -replace $withoutSender -join "`n"
            }
            $texts[0] | Should -Match 'res='
            $texts[1] | Should -BeExactly $texts[0]
        }
    }

    It 'are sessions that lead to their records' {
        $session = @($back | Where-Object { $_.psobject.TypeNames[0] -like '*.VirtAuditSession' -and $_.VMName -eq 'lab-cpu' })[0]
        $found = $session | Get-VirtAuditRecord "$data/qemu-enriched.log"
        $found.EventId | Select-Object -Unique | Should -Be $session.Evidence
    }
} }

Describe 'Objects from another time zone' -Skip:($IsWindows -or -not (Get-Command -Name pwsh -ErrorAction Ignore)) {
    It 'have the same moments, in the time of the one who reads them' {
        # Also the two hours of one autumn night that bear the same name.
        $night = foreach ($stamp in 1792884600, 1792888200) {
            "type=VIRT_CONTROL msg=audit($stamp.000:7): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=`"night`" uuid=05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14 vm-pid=4 exe=`"/usr/sbin/libvirtd`" hostname=? addr=? terminal=? res=success'"
        }
        Set-Content "$TestDrive/night.log" $night
        foreach ($reader in 'Asia/Kathmandu', 'Europe/Berlin') {
            $read = "Import-Clixml '$TestDrive/away.xml' | ForEach-Object { `"`$(`$_.Timestamp.ToUniversalTime().Ticks) `$(`$_.Timestamp.Kind)`" }"
            /usr/bin/env TZ=Europe/Berlin pwsh -NoProfile -Command "Import-Module '$manifest'; Get-VirtAuditRecord '$TestDrive/night.log' | Export-Clixml '$TestDrive/away.xml'"
            /usr/bin/env TZ=$reader pwsh -NoProfile -Command $read | Should -Be @(
                1792884600, 1792888200 | ForEach-Object { "$([DateTimeOffset]::FromUnixTimeSeconds($_).UtcTicks) Local" })
        }
    }
}
