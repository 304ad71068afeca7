#requires -Version 7.6

<#
.SYNOPSIS
    Runs the examples of pages and writes what they print below them.
.DESCRIPTION
    For when a view or a message was changed: each block of text that follows a block of powershell is replaced by what
    the command prints in UTC at 100 columns, in a folder that holds nothing but the test data. A block marked "text host"
    depends on the host and is left alone. Look at the difference before you commit it: the tests hold the pages to what
    is printed, nothing holds them to what is right.
.EXAMPLE
    ./tools/Update-Example.ps1; ./tools/Export-Help.ps1
#>
[CmdletBinding(SupportsShouldProcess)]
param(
    # The pages; by default those that the tests run.
    [string[]] $Path = @("$PSScriptRoot/../docs/*-*.md", "$PSScriptRoot/../docs/sources.md", "$PSScriptRoot/../README.md")
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$shownFolder = '/srv/trail'
$marker = '=-=-= the next example =-=-='
$block = [regex]::new('(?s)(?<=```powershell\n)(?<command>(?:(?!```).)+?)(?<between>```\n+```text\n)(?<output>.*?)(?=```)')

$folder = [IO.Directory]::CreateTempSubdirectory('examples-').FullName
try {
    $null = New-Item -ItemType SymbolicLink -Path "$folder/tests" -Value (Resolve-Path -Path "$PSScriptRoot/../tests").Path
    foreach ($page in Get-Item -Path $Path) {
        $text = Get-Content -LiteralPath $page.FullName -Raw
        $commands = $block.Matches($text) | ForEach-Object { $_.Groups['command'].Value }
        $script = foreach ($command in $commands) {
            "& {`n$command`n} | Out-String -Stream -Width 99 | Out-Default`n'$marker' | Out-Default"
        }

        Set-Content -LiteralPath "$folder/examples.ps1" -Value "Import-Module '$PSScriptRoot/../LibvirtAudit.psd1'", $script
        $printed = /usr/bin/env -C $folder TZ=UTC NO_COLOR=1 $((Get-Process -Id $PID).Path) -NoProfile -NonInteractive -File examples.ps1 | Out-String -Width 100000
        $outputs = [Collections.Generic.Queue[string]]($printed -split [regex]::Escape($marker))
        $updated = $block.Replace($text, {
                $lines = $outputs.Dequeue().Trim("`n").Replace($folder, $shownFolder) -split "`n"
                $lines = $lines.TrimEnd() -replace '^(What if:.*exe=)"[^"]*"', '$1"/usr/bin/pwsh"'
                $args[0].Groups['command'].Value + $args[0].Groups['between'].Value + ($lines -join "`n") + "`n"
            })
        if ($updated -cne $text -and $PSCmdlet.ShouldProcess($page.FullName, 'Write what the examples print')) {
            Set-Content -LiteralPath $page.FullName -Value $updated -NoNewline
        }
    }
}
finally {
    [IO.Directory]::Delete($folder, $true)
}
