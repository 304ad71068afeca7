#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:guest = @{ VMName = 'web1'; Uuid = '05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14'; Driver = 'kvm' }
    $script:capture = "$PSScriptRoot/../data/qemu-enriched.log"
}

Describe 'Write-VirtResourceAudit' -Skip:(-not $IsLinux) {
    BeforeEach {
        $script:log = Join-Path $TestDrive "$(New-Guid).log"
    }

    It 'appends what libvirt would write' {
        Write-VirtResourceAudit @guest -ResourceType disk -Reason attach -NewValue '/srv/a b.img' -LogPath $log
        Get-Content $log | Should -Match ([regex]::Escape('resrc=disk reason=attach vm="web1" uuid=05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14 old-disk="?" new-disk=2F7372762F6120622E696D67 exe="'))
    }

    It 'takes memory in bytes and writes KiB' {
        Write-VirtResourceAudit @guest -ResourceType mem -Reason update -OldMemory 512MB -NewMemory 1GB -LogPath $log
        $record = Get-VirtAuditRecord $log
        $record.OldValue | Should -Be (512MB / 1KB)
        $record.NewValue | Should -Be (1GB / 1KB)
    }

    It 'refuses memory that is no whole KiB' {
        { Write-VirtResourceAudit @guest -ResourceType mem -Reason update -OldMemory 1000 -NewMemory 1GB -LogPath $log -ErrorAction Stop } | Should -Throw -ErrorId 'InvalidFieldValue,*'
    }

    It 'names the parameters that belong to the record' {
        { Write-VirtResourceAudit @guest -ResourceType disk -Reason attach -MacAddress 52:54:00:00:00:01 -LogPath $log -ErrorAction Stop } |
            Should -Throw -ErrorId 'MisplacedField,*' -ExpectedMessage '*-OldValue, -NewValue*'
    }

    It 'rehearses a hot-plug' {
        Write-VirtResourceAudit @guest -ResourceType dev -Reason attach -Bus pci -Device 0000:00:04.0 -LogPath $log
        Write-VirtResourceAudit @guest -ResourceType dev -Reason detach -Bus pci -Device 0000:00:04.0 -LogPath $log
        $assignment = Get-VirtAuditAssignment $log
        $assignment.Value | Should -Be '0000:00:04.0'
        $assignment.EndReason | Should -Be 'detach'
    }

    It 'writes every resource of a guest again, from CLIXML' {
        $file = Join-Path $TestDrive 'resources.xml'
        $records = Get-VirtAuditRecord $capture -RecordType VIRT_RESOURCE -VMName lab-full
        $records | Export-Clixml $file
        Import-Clixml $file | Write-VirtResourceAudit -LogPath $log -ErrorVariable failed -ErrorAction SilentlyContinue

        # What libvirt wrote and no sender may: a value with a blank in a field without quotes.
        $failed.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'UnsafeFieldValue,*'
        $refused = $failed.Count
        $refused | Should -Be @($records | Where-Object { $_.ResourceType -eq 'shmem' -and $_.DevicePath -match ' ' }).Count
        $withoutSender = '^(.*) exe=.*(res=\w+)$', '$1 $2'
        $expected = $records | Where-Object { $_.ResourceType -ne 'shmem' -or $_.DevicePath -notmatch ' ' } | ConvertTo-VirtAuditText
        (Get-VirtAuditRecord $log | ConvertTo-VirtAuditText) -replace $withoutSender | Should -Be ($expected -replace $withoutSender)
    }

    It 'writes nothing with -WhatIf' {
        Write-VirtResourceAudit @guest -ResourceType vcpu -Reason update -OldValue 1 -NewValue 2 -LogPath $log -WhatIf
        Test-Path $log | Should -BeFalse
    }

    It 'completes what belongs to the resource that is typed' {
        (TabExpansion2 'Write-VirtResourceAudit -ResourceType cgroup -Reason ').CompletionMatches.CompletionText | Should -Be 'allow', 'deny'
        (TabExpansion2 'Write-VirtResourceAudit -ResourceType dev -Bus ').CompletionMatches.CompletionText | Should -Contain 'mdev'
    }
}
