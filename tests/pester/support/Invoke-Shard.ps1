<#
.SYNOPSIS
    Runs files of the suite, and writes what became of each test.
.DESCRIPTION
    Several of these processes share one list: each file is run by the one that claims it first. RESULTS/NAME.json holds a
    line for each test, block or file; a file without one was not run to its end.
#>
[CmdletBinding()]
param(
    # A file that lists the paths of the test files, one a line.
    [Parameter(Mandatory)] [string] $List,

    # The folder for the results and the claims.
    [Parameter(Mandatory)] [string] $Results,

    # Pester's manifest.
    [Parameter(Mandatory)] [string] $Pester
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
Import-Module $Pester

function Enter-File([string] $Claim) {
    try {
        [IO.File]::Open($Claim, 'CreateNew').Dispose()
        $true
    }
    catch [IO.IOException] {
        $false
    }
}

function Get-Outcome($Item, [string] $Name) {
    [pscustomobject]@{
        Name    = $Name
        Result  = "$($Item.Result)"
        Seconds = $Item.Duration.TotalSeconds
        Message = @($Item.ErrorRecord | ForEach-Object { "$_`n$($_.ScriptStackTrace)" }) -join "`n"
    }
}

foreach ($file in Get-Content -LiteralPath $List) {
    $name = [IO.Path]::GetFileName($file)
    if (-not (Enter-File "$Results/$name.claim")) {
        continue
    }

    $run = & {
        # The suite is written for sessions as people have them, without strict mode.
        Set-StrictMode -Off
        $ErrorActionPreference = 'Continue'
        Invoke-Pester -Configuration (New-PesterConfiguration @{
                Run    = @{ Path = $file; PassThru = $true }
                Output = @{ Verbosity = 'None' }
            })
    }

    $outcomes = @(
        $run.Tests | ForEach-Object { Get-Outcome $_ $_.ExpandedPath }
        $run.FailedBlocks | ForEach-Object { Get-Outcome $_ "$($_.ExpandedPath) (before or after its tests)" }
        $run.FailedContainers | ForEach-Object { Get-Outcome $_ 'the file' }
    )

    # Whole or not at all.
    $outcomes | ForEach-Object { $_ | ConvertTo-Json -Compress } | Set-Content -LiteralPath "$Results/$name.part"
    Move-Item -LiteralPath "$Results/$name.part" -Destination "$Results/$name.json"
}
