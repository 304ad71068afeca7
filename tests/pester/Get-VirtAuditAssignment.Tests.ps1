#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:log = "$PSScriptRoot/../data/qemu-enriched.log"
}

Describe 'Get-VirtAuditAssignment' {
    It 'tells from when to when a guest had a disk' {
        $attach = Get-VirtAuditRecord $log -Value /dev/loop2 -ResourceType disk -Reason attach
        $detach = Get-VirtAuditRecord $log -Value /dev/loop2 -ResourceType disk -Reason detach
        $assignment = Get-VirtAuditAssignment $log -Value /dev/loop2 -ResourceType disk
        $assignment | Should -HaveCount 1
        $assignment.VMName | Should -Be 'lab-full'
        $assignment.StartTime | Should -Be $attach.Timestamp
        $assignment.EndTime | Should -Be $detach.Timestamp
        $assignment.Evidence | Should -Be $attach.EventId, $detach.EventId
    }

    It 'answers who had it at a moment' {
        $assignment = Get-VirtAuditAssignment $log -Value /dev/loop2 -ResourceType disk
        Get-VirtAuditAssignment $log -Value /dev/loop2 -ResourceType disk -At $assignment.StartTime.AddSeconds(1) | Should -HaveCount 1
        Get-VirtAuditAssignment $log -Value /dev/loop2 -ResourceType disk -At $assignment.StartTime.AddSeconds(-1) | Should -BeNullOrEmpty
        Get-VirtAuditAssignment $log -Value /dev/loop2 -ResourceType disk -At $assignment.EndTime.AddSeconds(1) | Should -BeNullOrEmpty
    }

    It 'follows memory through its changes' {
        $memory = Get-VirtAuditAssignment $log -VMName lab-full -ResourceType mem
        $memory.Value | Should -Be 262144, 393216, 262144
        $memory[0].EndTime | Should -Be $memory[1].StartTime
        $memory.EndReason | Should -Be 'update', 'update', 'shutdown'
    }

    It 'gives what is still held with -Open' {
        $open = Join-Path $TestDrive 'open.log'
        Get-VirtAuditRecord $log -VMName lab-cpu | Where-Object Operation -NE stop | ConvertTo-VirtAuditText -AsLine | Set-Content $open
        $held = Get-VirtAuditAssignment $open -Open
        $held | Should -Not -BeNullOrEmpty
        $held | Where-Object EndTime | Should -BeNullOrEmpty
        Get-VirtAuditAssignment $log -VMName lab-cpu -Open | Should -BeNullOrEmpty
    }

    It 'groups by type as the summary counts' {
        $counts = Get-VirtAuditAssignment $log -VMName lab-full | Where-Object Result -EQ success | Group-Object ResourceType | Sort-Object Name | ForEach-Object { "$($_.Name)=$($_.Count)" }
        (Measure-VirtAuditRecord $log -VMName lab-full).AssignmentsByType | Sort-Object { ($_ -split '=')[0] } | Should -Be $counts
    }

    It 'stops and frees when Select-Object -First has enough' {
        Get-VirtAuditAssignment $log | Select-Object -First 1 | Should -HaveCount 1
    }

    It 'completes -ResourceType' {
        (TabExpansion2 'Get-VirtAuditAssignment -ResourceType cg').CompletionMatches.CompletionText | Should -Be 'cgroup'
    }
}
