#!/usr/bin/env pwsh
#requires -Version 7.4

<#
.SYNOPSIS
    Builds, tests and packs LibvirtAudit: a thin front over dotnet, Pester and PlatyPS.
.DESCRIPTION
    Build    dotnet build; the repository root is then an importable module.
    Test     dotnet test, then the Pester suite where Pester 5 is installed.
    Help     en-US/LibvirtAudit.dll-Help.xml from the pages of docs/ that describe cmdlets; needs Microsoft.PowerShell.PlatyPS.
    Package  out/LibvirtAudit, the module as it is published; the same compiled ahead for one platform each, out/linux-x64/LibvirtAudit and
             out/linux-arm64/LibvirtAudit, which give their first record in two thirds of the time; and the packages of the tool virtaudit.
    Clean    removes everything that the other tasks made.
.EXAMPLE
    ./build.ps1 -Task Build, Test
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateSet('Build', 'Test', 'Help', 'Package', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug'
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

        'Package' {
            dotnet build src/LibvirtAudit --configuration Release -target:StageModule "-property:ModuleFolder=$PSScriptRoot/out/LibvirtAudit"
            dotnet pack src/LibvirtAudit.Shell --configuration Release --output out -property:CompileAhead=true
            # No one module can hold them: the runtime refuses an image of another platform, it does not fall back to what it was made of.
            foreach ($platform in 'linux-x64', 'linux-arm64') {
                $compiled = "$PSScriptRoot/src/LibvirtAudit/obj/$platform"
                dotnet publish src/LibvirtAudit --configuration Release --runtime $platform --no-self-contained --output $compiled -property:PublishReadyToRun=true
                Remove-Item -Path "out/$platform" -Recurse -Force -ErrorAction Ignore
                Copy-Item -Path out/LibvirtAudit -Destination (New-Item -Path "out/$platform" -ItemType Directory) -Recurse
                Copy-Item -Path "$compiled/LibvirtAudit*.dll" -Destination "out/$platform/LibvirtAudit/bin"
            }

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
