#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:log = "$PSScriptRoot/../data/qemu-enriched.log"
}

Describe 'Assert-VirtAuditRecord' {
    It 'passes in silence' {
        Assert-VirtAuditRecord $log -VMName lab-cpu -Operation start -Count 1 | Should -BeNullOrEmpty
    }

    It 'fails as an assertion of Pester does' {
        { Assert-VirtAuditRecord $log -VMName nobody } | Should -Throw -ErrorId 'AssertionFailed,*' -ExpectedMessage '*found 0 among 1274 records*'
    }

    It 'takes records from the pipeline' {
        Get-VirtAuditRecord $log -Tail 3 | Assert-VirtAuditRecord -Count 3
    }
}

Describe 'Get-VirtAuditRecord -Bookmark' {
    It 'gives each record once, also where Select-Object ends the reading' {
        $mark = Join-Path $TestDrive 'mark'
        $first = Get-VirtAuditRecord $log -Bookmark $mark | Select-Object -First 100
        $rest = Get-VirtAuditRecord $log -Bookmark $mark
        ($first + $rest).EventId | Should -Be (Get-VirtAuditRecord $log).EventId
    }
}
