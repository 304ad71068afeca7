#!/usr/bin/env pwsh
#requires -Version 7.4

<#
.SYNOPSIS
    Builds, tests and packs LibvirtAudit: a thin front over dotnet, Pester and PlatyPS.
.DESCRIPTION
    Build    dotnet build; the repository root is then an importable module.
    Test     dotnet test, then the Pester suite where Pester 5 is installed.
    Help     en-US/LibvirtAudit.dll-Help.xml from the pages of docs/ that describe cmdlets; needs Microsoft.PowerShell.PlatyPS.
    Package  out/LibvirtAudit, the module as it is published, and the packages of the tool virtaudit.
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

$out = Join-Path $PSScriptRoot 'out'
$help = Join-Path $PSScriptRoot 'en-US'

function Test-Installed([string] $Module, [version] $MinimumVersion) {
    [bool] (Get-Module -ListAvailable -Name $Module | Where-Object Version -GE $MinimumVersion)
}

function Invoke-Build {
    dotnet build $PSScriptRoot --configuration $Configuration
}

function Invoke-Test {
    dotnet test --configuration $Configuration

    $suite = Join-Path $PSScriptRoot 'tests' 'pester'
    if (-not (Test-Path $suite)) {
        return
    }

    if (-not (Test-Installed Pester '5.0')) {
        Write-Warning 'Pester 5 is not installed: its suite was not run.'
        return
    }

    Import-Module Pester -MinimumVersion '5.0'
    $result = Invoke-Pester -Path $suite -PassThru
    if ($result.Result -ne 'Passed') {
        throw "The Pester suite $($result.Result.ToLowerInvariant())."
    }
}

function Invoke-Help {
    if (-not (Test-Installed Microsoft.PowerShell.PlatyPS '1.0')) {
        throw 'The help is made by Microsoft.PowerShell.PlatyPS: Install-PSResource Microsoft.PowerShell.PlatyPS'
    }

    Import-Module Microsoft.PowerShell.PlatyPS -MinimumVersion '1.0'
    $pages = Get-ChildItem (Join-Path $PSScriptRoot 'docs') -Filter '*-VirtAudit*.md'
    $made = Import-MarkdownCommandHelp -LiteralPath $pages.FullName |
        Export-MamlCommandHelp -OutputFolder ([IO.Directory]::CreateTempSubdirectory('help-').FullName) -Force
    New-Item -ItemType Directory -Path $help -Force | Out-Null

    # PlatyPS puts a file into a folder of the module's name.
    Move-Item -LiteralPath $made.FullName -Destination $help -Force
}

function Invoke-Package {
    $staged = Join-Path $out 'LibvirtAudit'
    dotnet build (Join-Path $PSScriptRoot 'src' 'LibvirtAudit') --configuration Release -target:StageModule "-property:ModuleFolder=$staged"
    dotnet pack (Join-Path $PSScriptRoot 'src' 'LibvirtAudit.Shell') --configuration Release --output $out -property:CompileAhead=true
    Test-ModuleManifest -Path (Join-Path $staged 'LibvirtAudit.psd1')
    Get-ChildItem $out -Filter *.nupkg
}

function Invoke-Clean {
    $made = @(
        foreach ($folder in 'bin', 'out', 'TestResults') {
            Join-Path $PSScriptRoot $folder
        }

        foreach ($project in Get-ChildItem (Join-Path $PSScriptRoot 'src'), (Join-Path $PSScriptRoot 'tests') -Directory) {
            Join-Path $project.FullName 'bin'
            Join-Path $project.FullName 'obj'
        }
    )
    foreach ($folder in $made | Where-Object { Test-Path $_ }) {
        if ($PSCmdlet.ShouldProcess($folder, 'Remove')) {
            Remove-Item -LiteralPath $folder -Recurse -Force
        }
    }
}

Push-Location $PSScriptRoot
try {
    foreach ($name in $Task) {
        & "Invoke-$name"
    }
}
finally {
    Pop-Location
}
