#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:data = "$PSScriptRoot/../data"
}

# Which guest each line hits is told in tests/data/README-incidents.md.
Describe 'Get-VirtAuditIncident' {
    It 'ties the denial of <id> to <guest>' -ForEach @(
        @{ file = 'selinux'; id = '1733476544.855:6456'; guest = 'se-sysfs' }
        @{ file = 'selinux'; id = '1643289472.663:1197'; guest = 'se-tun' }
        @{ file = 'apparmor'; id = '1438180376.667:12391'; guest = 'aa-lttng' }
        @{ file = 'apparmor'; id = '1471478263.879:29'; guest = 'aa-tpm' }
    ) {
        $incident = Get-VirtAuditIncident "$data/$file-incidents.log" | Where-Object EventId -EQ $id
        $incident | Should -HaveCount 1
        $incident.VMName | Should -Be $guest
        $incident.Kind | Should -Be 'Denial'
        $incident.TiedBy | Should -Not -BeNullOrEmpty
    }

    It 'keeps what is no guest''s for -IncludeUnrelated' {
        $id = '1744744407.650:300'
        (Get-VirtAuditIncident "$data/selinux-incidents.log").EventId | Should -Not -Contain $id
        $unrelated = Get-VirtAuditIncident "$data/selinux-incidents.log" -IncludeUnrelated | Where-Object EventId -EQ $id
        $unrelated.VMName | Should -BeNullOrEmpty
        $unrelated.TiedBy | Should -BeNullOrEmpty
    }

    It 'filters by guest and kind' {
        (Get-VirtAuditIncident "$data/selinux-incidents.log" -VMName se-tun).VMName | Select-Object -Unique | Should -Be 'se-tun'
        Get-VirtAuditIncident "$data/selinux-incidents.log" -Kind Seccomp | Should -BeNullOrEmpty
    }

    It 'agrees with the sessions about how many there were' {
        $counted = (Get-VirtAuditSession "$data/qemu-enriched.log" | Measure-Object AnomalyCount -Sum).Sum
        $incidents = Get-VirtAuditIncident "$data/qemu-enriched.log" -Kind Anomaly
        $incidents.Count | Should -BeGreaterThan 0
        $counted | Should -BeLessOrEqual $incidents.Count
    }

    It 'takes files from the pipeline' {
        (Get-ChildItem "$data/*-incidents.log" | Get-VirtAuditIncident).Count | Should -Be (Get-VirtAuditIncident "$data/*-incidents.log").Count
    }

    It 'completes -Kind' {
        (TabExpansion2 'Get-VirtAuditIncident -Kind ').CompletionMatches.CompletionText | Should -Be 'Denial', 'Anomaly', 'Seccomp'
    }
}
