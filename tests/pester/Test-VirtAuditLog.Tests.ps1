#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:data = "$PSScriptRoot/../data"
    $script:lines = [IO.File]::ReadAllLines("$data/lxc-enriched.log", [Text.Encoding]::Latin1)
    function script:Write-Log {
        param([string] $Name, [string[]] $Line)
        [IO.File]::WriteAllLines("$TestDrive/$Name", $Line, [Text.Encoding]::Latin1)
        "$TestDrive/$Name"
    }
}

# The capture is whole; each of these has one thing done to it.
Describe 'Test-VirtAuditLog' {
    It 'trusts a log that is whole' {
        Test-VirtAuditLog "$data/lxc-enriched.log" -Quiet | Should -BeTrue
        (Test-VirtAuditLog "$data/lxc-enriched.log").Severity | Should -Be 'Information'
    }

    It 'misses a record that was taken out, and names the place' {
        $finding = Test-VirtAuditLog (Write-Log cut.log ($lines[0..17] + $lines[19..123])) -Severity Warning, Error
        $finding | Should -HaveCount 1
        $finding.Kind | Should -Be 'MissingSerials'
        $finding.Message | Should -BeLike '*4866*'
        $finding.Evidence | Should -Be '1795360008.351:4865', '1795360008.379:4867'
    }

    It 'tells a record that was changed from its original' {
        $changed = Write-Log changed.log ($lines[0..18] + $lines[18].Replace('ct-plain', 'ct-other') + $lines[19..123])
        (Test-VirtAuditLog $changed -Severity Error).Kind | Should -Be 'ConflictingRecords'
        Test-VirtAuditLog $changed -Quiet | Should -BeFalse
    }

    It 'knows who wrote' {
        $finding = Test-VirtAuditLog "$data/umsg-enriched.log" -Kind ForeignWriter
        $finding.Message | Should -BeLike '32 records *umsg*'
        $finding.Count | Should -Be 32
    }

    It 'takes the files of a rotation from the pipeline' {
        $null = Write-Log audit.log.2 $lines[0..40]
        $null = Write-Log audit.log.1 $lines[41..80]
        $null = Write-Log audit.log $lines[81..123]
        Get-ChildItem "$TestDrive/audit.log*" | Test-VirtAuditLog -Quiet | Should -BeTrue
        Remove-Item "$TestDrive/audit.log.1"
        (Get-ChildItem "$TestDrive/audit.log*" | Test-VirtAuditLog -Severity Warning).Kind | Should -Contain 'MissingSerials'
    }

    It 'survives Export-Clixml' {
        Test-VirtAuditLog "$data/umsg-enriched.log" | Export-Clixml "$TestDrive/findings.xml"
        $back = Import-Clixml "$TestDrive/findings.xml"
        ($back | Where-Object Severity -EQ 'Warning').Count | Should -Be (Test-VirtAuditLog "$data/umsg-enriched.log" -Severity Warning).Count
        ($back | Format-Table | Out-String) | Should -BeLike '*BootContradicted*'
    }

    It 'completes -Kind and -Severity' {
        (TabExpansion2 'Test-VirtAuditLog -Kind Boot').CompletionMatches.CompletionText | Should -Be 'BootContradicted'
        (TabExpansion2 'Test-VirtAuditLog -Severity ').CompletionMatches.CompletionText | Should -Be 'Error', 'Information', 'Warning'
    }
}
