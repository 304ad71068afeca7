#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:log = "$PSScriptRoot/../data/lxc-enriched.log"

    # libauparse's reading of the same log.
    $script:truth = Get-Content "$PSScriptRoot/../data/lxc-enriched.truth.jsonl" | ConvertFrom-Json
}

Describe 'Assert-VirtAuditRecord' {
    It 'says nothing where the records are there' {
        Assert-VirtAuditRecord $log -VMName ct-exit -Operation start -Result success | Should -BeNullOrEmpty
        Assert-VirtAuditRecord -LiteralPath $log -Count $truth.Count | Should -BeNullOrEmpty
    }

    It 'ends a script where they are not' {
        { Assert-VirtAuditRecord $log -VMName nobody; throw 'went on' } | Should -Throw -ErrorId 'AssertionFailed,*'
    }

    It 'shows what is there instead' {
        { Assert-VirtAuditRecord $log -VMName nobody } | Should -Throw "*at least 1 record with VMName 'nobody', but found 0 among $($truth.Count) records*:$($truth[-1].serial) *"
    }

    It 'counts exactly, <count> among 3' -ForEach @(
        @{ count = 0; isMet = $false }
        @{ count = 2; isMet = $false }
        @{ count = 3; isMet = $true }
        @{ count = 4; isMet = $false }
    ) {
        $assert = { Get-VirtAuditRecord $log -Tail 3 | Assert-VirtAuditRecord -Count $count }
        if ($isMet) {
            $assert | Should -Not -Throw
        }
        else {
            $assert | Should -Throw -ErrorId 'AssertionFailed,*'
        }
    }

    It 'gives with -PassThru what matched' {
        (Assert-VirtAuditRecord $log -Result failed -PassThru).Serial | Should -Be (Get-VirtAuditRecord $log -Result failed).Serial
    }

    It 'takes records back from CLIXML' {
        $file = Join-Path $TestDrive 'records.xml'
        Get-VirtAuditRecord $log -VMName ct-exit | Export-Clixml $file
        (Import-Clixml $file | Assert-VirtAuditRecord -Operation stop -Count 1 -PassThru).Reason | Should -Be 'shutdown'
    }

    It 'refuses a path that is <what>, rather than assert about nothing' -ForEach @(
        @{ what = 'null'; path = $null }
        @{ what = 'empty'; path = '' }
        @{ what = 'none'; path = @() }
    ) {
        { Assert-VirtAuditRecord -Path $path -Count 0 } | Should -Throw -ErrorId 'ParameterArgument*'
    }

    Context 'with -Within' {
        BeforeEach {
            $script:grown = Join-Path $TestDrive "$(New-Guid).log"
            $null = New-Item $grown
            $script:line = [IO.File]::ReadLines($log) -match '^type=VIRT_CONTROL' | Select-Object -First 1
        }

        It 'waits for a record that comes later' {
            $writer = Start-ThreadJob { Start-Sleep -Milliseconds 500; [IO.File]::AppendAllText($using:grown, "$using:line`n") }
            try {
                Assert-VirtAuditRecord $grown -Within 60 -PassThru | Should -HaveCount 1
            }
            finally {
                $writer | Remove-Job -Force
            }
        }

        It 'fails when the time is over' {
            { Assert-VirtAuditRecord $grown -Within 1 } | Should -Throw -ErrorId 'AssertionFailed,*'
        }
    }
}
