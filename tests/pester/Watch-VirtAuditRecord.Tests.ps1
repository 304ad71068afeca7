#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
}

Describe 'Watch-VirtAuditRecord' {
    It 'ends when its time is over, or says what it takes to listen' {
        $failure = $null
        try {
            Watch-VirtAuditRecord -TimeoutSec 1 -VMName nobody | Should -BeNullOrEmpty
        }
        catch {
            $failure = $_
        }

        if ($failure) {
            $failure.FullyQualifiedErrorId | Should -Match '^(WatchPermissionDenied|WatchNamespace|AuditUnsupported|PlatformNotSupported),'
            $failure.ErrorDetails.RecommendedAction | Should -Not -BeNullOrEmpty
        }
    }
}
