#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:log = "$PSScriptRoot/../data/lxc-enriched.log"
}

Describe 'ConvertTo-VirtAuditText' {
    It 'gives the message as the log has it' {
        $expected = Select-String -Path $log -Pattern "^type=VIRT_.* msg='(.*)'" | ForEach-Object { $_.Matches[0].Groups[1].Value }
        Get-VirtAuditRecord $log | ConvertTo-VirtAuditText | Should -Be $expected
    }

    It 'gives the lines of the log with -AsLine' {
        $expected = [IO.File]::ReadAllLines($log) | Where-Object { $_.StartsWith('type=VIRT_') }
        Get-VirtAuditRecord $log | ConvertTo-VirtAuditText -AsLine | Should -Be $expected
    }

    It 'makes a log that is read again' {
        $copy = Join-Path $TestDrive 'copy.log'
        Get-VirtAuditRecord $log -VMName ct-plain | ConvertTo-VirtAuditText -AsLine | Set-Content $copy
        (Get-VirtAuditRecord $copy).EventId | Should -Be (Get-VirtAuditRecord $log -VMName ct-plain).EventId
    }

    It 'goes on after an object that is no record' {
        $record = Get-VirtAuditRecord $log -Tail 1
        $texts = 5, $record | ConvertTo-VirtAuditText -ErrorVariable failed -ErrorAction SilentlyContinue
        $texts | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'InvalidInputObject,*'
    }

    It 'takes records that were serialized' {
        $records = Get-VirtAuditRecord $log -VMName ct-plain
        $records | ConvertTo-CliXml | ConvertFrom-CliXml | ForEach-Object { $_ } | ConvertTo-VirtAuditText | Should -Be ($records | ConvertTo-VirtAuditText)
    }
}
