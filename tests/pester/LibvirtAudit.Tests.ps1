#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:cmdlets = (Get-Command -Module LibvirtAudit).Name
    $script:hasAnalyzer = [bool](Get-Module -ListAvailable PSScriptAnalyzer)
}

BeforeAll {
    $script:manifest = "$PSScriptRoot/../../LibvirtAudit.psd1"
    Import-Module $manifest
}

Describe 'LibvirtAudit' {
    It 'has a manifest without a fault' {
        Test-ModuleManifest $manifest -WarningVariable warnings -ErrorAction Stop | Should -Not -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }

    It 'imports without a word, also a second time' {
        Import-Module $manifest -Force -WarningVariable warnings -ErrorAction Stop *>&1 | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }

    It 'has scripts that are clean by PSScriptAnalyzer' -Skip:(-not $hasAnalyzer) {
        $root = "$PSScriptRoot/../.."
        $scripts = @(Get-ChildItem -Path $root -Filter '*.ps*1' -File) + @(Get-ChildItem -Path "$root/tests/pester", "$root/tools", "$root/docs" -Filter '*.ps1' -Recurse)
        $scripts.FullName | ForEach-Object { Invoke-ScriptAnalyzer $_ } | ForEach-Object { "$($_.ScriptPath):$($_.Line): $($_.RuleName)" } | Should -BeNullOrEmpty
    }

    It 'has help for <_> and each of its parameters' -ForEach $cmdlets {
        $help = Get-Help $_ -Full
        $help.Synopsis | Should -Not -BeLike "*$_*"
        $help.examples.example.Count | Should -BeGreaterOrEqual 3
        $help.parameters.parameter | Where-Object { -not $_.description.Text } | Should -BeNullOrEmpty
    }

    It 'has the topic <_>' -ForEach 'about_LibvirtAudit', 'about_LibvirtAudit_Fields' {
        Get-Help $_ | Should -Match "^TOPIC\s+$_"
    }

    It 'completes its commands' {
        (TabExpansion2 'Get-VirtAudit').CompletionMatches.CompletionText | Should -Contain 'Get-VirtAuditSession'
    }
}
