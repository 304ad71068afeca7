#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    . "$PSScriptRoot/support/Jobs.ps1"
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:guest = @{ VMName = 'web1'; Uuid = '05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14'; Driver = 'kvm' }
    $script:capture = "$PSScriptRoot/../data/lxc-enriched.log"
}

Describe 'Write-VirtControlAudit' -Skip:(-not $IsLinux) {
    BeforeEach {
        $script:log = Join-Path $TestDrive "$(New-Guid).log"
    }

    It 'appends what libvirt would write' {
        Write-VirtControlAudit @guest -Operation start -Reason booted -VMProcessId 4711 -LogPath $log | Should -BeNullOrEmpty
        Get-Content $log | Should -Match ([regex]::Escape('virt=kvm op=start reason=booted vm="web1" uuid=05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14 vm-pid=4711 exe="'))
    }

    It 'rehearses a runbook: start, stop, and a session' {
        Write-VirtControlAudit @guest -Operation start -Reason booted -VMProcessId 4711 -LogPath $log
        (Get-VirtAuditSession $log).State | Should -Be 'Running'
        Write-VirtControlAudit @guest -Operation stop -Reason shutdown -VMProcessId 0 -LogPath $log
        (Get-VirtAuditSession $log).State | Should -Be 'Stopped'
        (Get-VirtAuditRecord $log).Serial | Should -Be 1, 2
    }

    It 'writes records from the pipeline to the same text, <way>' -ForEach @(
        @{ way = 'live'; carry = { $input } }
        @{ way = 'through CLIXML'; carry = { $input | ConvertTo-CliXml | ConvertFrom-CliXml | ForEach-Object { $_ } } }
        @{ way = 'through a job'; carry = { $input | Start-Job { $input } | Receive-EndedJob } }
    ) {
        $records = Get-VirtAuditRecord $capture -RecordType VIRT_CONTROL -VMName ct-plain
        $records | & $carry | Write-VirtControlAudit -LogPath $log
        $withoutSender = '^(.*) exe=.*(res=\w+)$', '$1 $2'
        (Get-VirtAuditRecord $log | ConvertTo-VirtAuditText) -replace $withoutSender | Should -Be (($records | ConvertTo-VirtAuditText) -replace $withoutSender)
    }

    It 'writes nothing with -WhatIf' {
        Write-VirtControlAudit @guest -Operation start -Reason booted -VMProcessId 4711 -LogPath $log -WhatIf
        Test-Path $log | Should -BeFalse
    }

    It 'emits the record with -PassThru' {
        $record = Write-VirtControlAudit @guest -Operation start -Reason booted -VMProcessId 4711 -LogPath $log -PassThru
        $record.Delivered | Should -BeTrue
        $record.EventId | Should -Be (Get-VirtAuditRecord $log).EventId
    }

    It 'refuses <why> and writes nothing' -ForEach @(
        @{ why = 'a start without a reason'; id = 'MissingField'; with = @{ Operation = 'start'; VMProcessId = 1 } }
        @{ why = 'an init with a reason'; id = 'MisplacedField'; with = @{ Operation = 'init'; Reason = 'booted'; VMProcessId = 1; InitProcessId = 2; PidNamespace = 3 } }
        @{ why = 'an operation that libvirt has not'; id = 'InvalidFieldValue'; with = @{ Operation = 'pause'; VMProcessId = 1 } }
    ) {
        { Write-VirtControlAudit @guest @with -LogPath $log -ErrorAction Stop } | Should -Throw -ErrorId "$id,*"
        Test-Path $log | Should -BeFalse
    }

    It 'refuses a record of another kind and goes on' {
        $records = Get-VirtAuditRecord $capture -VMName ct-plain
        $records | Write-VirtControlAudit -LogPath $log -ErrorVariable failed -ErrorAction SilentlyContinue
        (Get-VirtAuditRecord $log).Count | Should -Be @($records | Where-Object RecordType -EQ VIRT_CONTROL).Count
        $failed.FullyQualifiedErrorId | Select-Object -Unique | Should -BeLike 'UnsupportedRecord,*'
    }

    It 'completes the reasons of the operation that is typed' {
        (TabExpansion2 'Write-VirtControlAudit -Operation stop -Reason sh').CompletionMatches.CompletionText | Should -Be 'shutdown'
        (TabExpansion2 'Write-VirtControlAudit -Operation start -Reason ').CompletionMatches.CompletionText | Should -Not -Contain 'shutdown'
    }
}
