#!/usr/bin/env pwsh
#requires -Version 7.4

<#
.SYNOPSIS
    Builds, tests and packs LibvirtAudit: a thin front over dotnet, Pester and PlatyPS.
.DESCRIPTION
    Build    dotnet build; the repository root is then an importable module.
    Test     dotnet test, then the Pester suite where Pester 5 is installed.
    Help     en-US/LibvirtAudit.dll-Help.xml from the pages of docs/ that describe cmdlets; needs Microsoft.PowerShell.PlatyPS.
    Fuzz     fuzzes what reads hostile text; docs/fuzzing.md. The corpus stays in out/fuzz, so that another call goes on.
    Package  out/LibvirtAudit, the module as it is published, and the packages of the tool virtaudit.
    Clean    removes everything that the other tasks made.
.EXAMPLE
    ./build.ps1 -Task Build, Test
.EXAMPLE
    ./build.ps1 -Task Fuzz -FuzzTarget audit-log, encoder -Executions 1000000
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateSet('Build', 'Test', 'Help', 'Fuzz', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # Of the task Fuzz: which targets (all, where none is given), and how often each is executed.
    [string[]] $FuzzTarget,

    [long] $Executions = 100000
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

function Test-Installed([string] $Module, [version] $MinimumVersion) {
    [bool] (Get-Module -ListAvailable -Name $Module | Where-Object Version -GE $MinimumVersion)
}

Push-Location -LiteralPath $PSScriptRoot
try {
    switch ($Task) {
        'Build' {
            dotnet build --configuration $Configuration
        }

        'Test' {
            dotnet test --configuration $Configuration
            if (-not (Test-Path tests/pester)) {
                continue
            }

            if (-not (Test-Installed -Module Pester -MinimumVersion '5.0')) {
                Write-Warning 'Pester 5 is not installed: its suite was not run.'
                continue
            }

            Import-Module Pester -MinimumVersion '5.0'
            $result = Invoke-Pester -Path tests/pester -PassThru
            if ($result.Result -ne 'Passed') {
                throw "The Pester suite $($result.Result.ToLowerInvariant())."
            }
        }

        'Help' {
            if (-not (Test-Installed -Module Microsoft.PowerShell.PlatyPS -MinimumVersion '1.0')) {
                throw 'The help is made by Microsoft.PowerShell.PlatyPS: Install-PSResource Microsoft.PowerShell.PlatyPS'
            }

            ./tools/Export-Help.ps1
        }

        'Fuzz' {
            ./tools/Invoke-Fuzzing.ps1 -Target $FuzzTarget -Executions $Executions
        }

        'Package' {
            dotnet build src/LibvirtAudit --configuration Release -target:StageModule "-property:ModuleFolder=$PSScriptRoot/out/LibvirtAudit"
            dotnet pack src/LibvirtAudit.Shell --configuration Release --output out -property:CompileAhead=true
            Test-ModuleManifest -Path out/LibvirtAudit/LibvirtAudit.psd1 | Out-Null
            Get-ChildItem out
        }

        'Clean' {
            Get-Item -Path bin, out, TestResults, src/*/bin, src/*/obj, tests/*/bin, tests/*/obj -ErrorAction Ignore |
                Where-Object { $PSCmdlet.ShouldProcess($_.FullName, 'Remove') } |
                Remove-Item -Recurse -Force
        }
    }
}
finally {
    Pop-Location
}
