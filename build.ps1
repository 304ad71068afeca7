#!/usr/bin/env pwsh
#requires -Version 7.4

<#
.SYNOPSIS
    Builds, tests and packs LibvirtAudit: a thin front over dotnet and PlatyPS.
.DESCRIPTION
    Build    dotnet build with the analyzers, which a plain "dotnet build" outside CI leaves out; the repository root is then an
             importable module.
    Test     dotnet test: xunit, and the Pester suite in the pwsh that .config/dotnet-tools.json pins.
    Full     dotnet test with Pester 6 and with the last of Pester 5, then the tasks that take long: Storm.
    Help     docs/fields.md and about_LibvirtAudit_Fields from the record grammar, docs/carriers.md from the
             carrier table, and en-US/LibvirtAudit.dll-Help.xml from the
             pages of docs/ that describe cmdlets; needs Microsoft.PowerShell.PlatyPS.
    Fuzz     fuzzes what reads hostile text; docs/fuzzing.md. The corpus stays in out/fuzz, so that another call goes on.
    Bench    measures beside other programs, as docs/performance.md describes, and says where the report is. Takes about an hour.
    Package  out/LibvirtAudit/VERSION, the module as it is published, its package and those of the tool virtaudit; the same compiled
             ahead in out/linux-x64 and out/linux-arm64, which gives its first record in two thirds of the time.
    Storm    the long forms of tests that the suite has short: every call of the C library made to fail at each of its occurrences,
             a log rotated a hundred times while it is followed, readers killed a hundred times, archives of ten gigabytes read to
             their ends. Takes about an hour.
    Soak     follows and watches for -Minutes under rotation, bursts and restarts, the kernel's audit in bursts with it where it
             is to be had, and says whether every record came once and the process stayed as small as it was. Samples and
             state are in out/soak; another run goes on there. With -Detached it runs on by itself and writes out/soak/report.
    Clean    removes everything that the other tasks made.
.EXAMPLE
    dotnet tool restore; dotnet pwsh build.ps1 -Task Build, Test
.EXAMPLE
    ./build.ps1 -Task Soak -Minutes 600 -Detached
.EXAMPLE
    ./build.ps1 -Task Fuzz -FuzzTarget audit-log, encoder -Executions 1000000
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    [ValidateSet('Build', 'Test', 'Help', 'Fuzz', 'Bench', 'Package', 'Full', 'Storm', 'Soak', 'Clean')]
    [string[]] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Debug',

    # Of the task Soak: for how long, and whether it runs on by itself.
    [ValidateRange(1, [int]::MaxValue)]
    [int] $Minutes = 20,

    [switch] $Detached,

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
            dotnet build --configuration $Configuration -property:RunAnalyzers=true
        }

        'Test' {
            dotnet test --configuration $Configuration
        }

        'Full' {
            dotnet test --configuration $Configuration
            $env:LIBVIRTAUDIT_PESTER = '5.9.1'
            try {
                dotnet test --configuration $Configuration --project tests/LibvirtAudit.Pester.Tests
            }
            finally {
                Remove-Item -Path Env:LIBVIRTAUDIT_PESTER
            }

            & $PSCommandPath -Task Storm -Configuration $Configuration
        }

        'Help' {
            if (-not (Test-Installed -Module Microsoft.PowerShell.PlatyPS -MinimumVersion '1.0')) {
                throw 'The help is made by Microsoft.PowerShell.PlatyPS: Install-PSResource Microsoft.PowerShell.PlatyPS'
            }

            dotnet build --configuration $Configuration
            $pages = @{ ToMarkdown = 'docs/fields.md'; ToHelpText = 'en-US/about_LibvirtAudit_Fields.help.txt' }
            foreach ($page in $pages.GetEnumerator()) {
                $text = dotnet run --no-build --configuration $Configuration --project src/LibvirtAudit.Shell -- "[LibvirtAudit.Format.FieldReference]::$($page.Key)()"
                Set-Content -Path $page.Value -Value ($text -join "`n").TrimEnd()
            }

            $carriers = dotnet run --no-build --configuration $Configuration --project src/LibvirtAudit.Shell -- '[LibvirtAudit.Carriers.CarrierReference]::ToMarkdown()'
            Set-Content -Path docs/carriers.md -Value ($carriers -join "`n").TrimEnd()
            ./tools/Export-Help.ps1
        }

        'Fuzz' {
            ./tools/Invoke-Fuzzing.ps1 -Target $FuzzTarget -Executions $Executions
        }

        'Bench' {
            $report = "$PSScriptRoot/out/performance.md"
            dotnet run --configuration Release --project tests/LibvirtAudit.Benchmarks -- sidebyside --report $report
            "The report is $report"
        }

        'Package' {
            ./tools/Export-Package.ps1
            'Made in out/:'
            Get-ChildItem out | ForEach-Object { "  $($_.Name)" }
        }

        'Storm' {
            $env:LIBVIRTAUDIT_STORM = 'full'
            try {
                dotnet run --configuration $Configuration --project tests/LibvirtAudit.Core.Tests -- -showLiveOutput -class '*InjectedFaultTests' -class '*RotationStormTests' -class '*KilledReaderTests' -class '*DecompressionBombTests'
            }
            finally {
                Remove-Item -Path Env:LIBVIRTAUDIT_STORM
            }
        }

        'Soak' {
            dotnet build tests/LibvirtAudit.Soak --configuration Release
            New-Item -ItemType Directory -Path out/soak -Force | Out-Null
            $program = 'tests/LibvirtAudit.Soak/bin/Release/net10.0/LibvirtAudit.Soak.dll'
            $arguments = $program, '--minutes', $Minutes, '--folder', 'out/soak'
            if ($Detached) {
                $process = Start-Process nohup -ArgumentList (@('dotnet') + $arguments) -RedirectStandardOutput out/soak/report -RedirectStandardError out/soak/errors -PassThru
                "Process $($process.Id) runs for $Minutes minutes; its report will be in out/soak/report."
            }
            else {
                dotnet @arguments
            }
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
