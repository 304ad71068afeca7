<#
.SYNOPSIS
Makes the table of audit record types from libaudit.
.DESCRIPTION
Asks audit_msg_type_to_name of the installed libaudit for every number, and writes what it names to
src/LibvirtAudit.Core/Audit/RecordTypes.Data.cs. Needs gcc and libaudit's headers.
#>
[CmdletBinding()]
param()

$ErrorActionPreference = 'Stop'
$target = Join-Path $PSScriptRoot '../src/LibvirtAudit.Core/Audit/RecordTypes.Data.cs'
$folder = [System.IO.Directory]::CreateTempSubdirectory('record-types')
try {
    $source = Join-Path $folder 'types.c'
    $program = Join-Path $folder 'types'
    Set-Content -LiteralPath $source -Value @'
#include <libaudit.h>
#include <stdio.h>
int main(void)
{
    for (int type = 1000; type < 3000; type++) {
        const char *name = audit_msg_type_to_name(type);
        if (name)
            printf("%d %s\n", type, name);
    }
}
'@
    & gcc -o $program $source -laudit
    if ($LASTEXITCODE -ne 0) {
        throw 'gcc failed: are the headers of libaudit installed?'
    }

    $lines = & $program
    $text = @(
        '// Made by tools/Update-RecordType.ps1 from libaudit''s audit_msg_type_to_name; not to be edited.'
        'namespace LibvirtAudit.Audit;'
        ''
        'public static partial class RecordTypes'
        '{'
        '    // A line for each type that has a name: its number, a blank, its name.'
        '    private static ReadOnlySpan<byte> Data =>'
        '        """'
        $lines | ForEach-Object { "        $_" }
        '        """u8;'
        '}'
    )
    Set-Content -LiteralPath $target -Value $text -Encoding utf8NoBOM
}
finally {
    Remove-Item -LiteralPath $folder -Recurse -Force
}
