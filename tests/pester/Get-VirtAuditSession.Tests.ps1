#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:data = "$PSScriptRoot/../data"
    $script:log = "$data/qemu-enriched.log"
}

Describe 'Get-VirtAuditSession' {
    It 'finds a session where virsh was told to start the guest, with its state and reason, in <_>' -ForEach 'qemu-enriched', 'lxc-enriched' {
        $sessions = Get-VirtAuditSession "$data/$_.log" | Where-Object StartTime |
            Select-Object *, @{ Name = 'Started'; Expression = { ([DateTimeOffset]$_.StartTime - [DateTimeOffset]::UnixEpoch).TotalSeconds } }
        foreach ($step in Get-Content "$data/$_.sessions.expected.tsv" | Where-Object { $_ -notlike '#*' }) {
            $guest, $startReason, $state, $stopReason, $from, $to = ($step -split "`t")[0..5]
            $matching = $sessions | Where-Object {
                $guest -in $_.VMName, "$($_.Uuid)" -and $_.StartReason -eq $startReason -and $_.State -like $state -and "$($_.StopReason)" -like $stopReason -and
                $_.Started -ge [double]$from - 0.01 -and $_.Started -le [double]$to + 0.01
            }
            $matching | Should -HaveCount 1 -Because $step
        }
    }

    It 'filters by state, and -State takes wildcards' {
        $failed = Get-VirtAuditSession $log -State Failed*
        $failed.State | Select-Object -Unique | Should -Be 'FailedToStart'
        $failed.Count | Should -Be (Get-VirtAuditRecord $log -Operation start -Result failed).Count
        $failed | Where-Object Duration | Should -BeNullOrEmpty
    }

    It 'takes records and files from the pipeline' {
        $expected = (Get-VirtAuditSession $log).SessionEventId
        (Get-VirtAuditRecord $log | Get-VirtAuditSession).SessionEventId | Should -Be $expected
        (Get-Item $log | Get-VirtAuditSession).SessionEventId | Should -Be $expected
    }

    It 'counts a log that is given twice once' {
        (Get-VirtAuditSession $log, $log -VMName lab-cpu) | Should -HaveCount 1
    }

    It 'pipes back into the records that prove it' {
        $records = Get-VirtAuditSession $log -VMName lab-cpu | Get-VirtAuditRecord $log
        $records.Operation | Should -Contain 'start'
        $records.Operation | Should -Contain 'stop'
    }

    It 'ties both sides of a migration' {
        $sessions = Get-VirtAuditSession $log
        $left = $sessions | Where-Object State -EQ Migrated
        $left | Should -Not -BeNullOrEmpty
        foreach ($session in $left) {
            $peers = $sessions | Where-Object SessionEventId -In $session.PeerEventId
            $peers.StartReason | Should -Contain 'migrated'
        }
    }

    It 'survives Export-Clixml with its view' {
        $file = Join-Path $TestDrive 'sessions.xml'
        $sessions = Get-VirtAuditSession $log -VMName lab-plain
        $sessions | Export-Clixml $file
        Import-Clixml $file | Out-String | Should -Be ($sessions | Out-String)
        (Import-Clixml $file)[0].Duration | Should -BeOfType [timespan]
    }

    It 'refuses an object that is no record, and goes on' {
        $sessions = @(5) + @(Get-VirtAuditRecord $log -VMName lab-cpu) | Get-VirtAuditSession -ErrorVariable failed -ErrorAction SilentlyContinue
        $sessions | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'InvalidInputObject,*'
    }

    It 'completes -State' {
        (TabExpansion2 'Get-VirtAuditSession -State D').CompletionMatches.CompletionText | Should -Be 'Destroyed', 'Died'
    }
}
