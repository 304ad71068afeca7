#requires -Version 7.4

<#
.SYNOPSIS
    Fuzzes the readers of hostile text; docs/fuzzing.md tells how and what was found.
.DESCRIPTION
    With clang, its libFuzzer and the tool SharpFuzz.CommandLine: of an instrumented copy of the assembly, in out/fuzz,
    where corpus, findings and progress stay, so that another call goes on. Else from seeds that are mutated by chance.
.PARAMETER Target
    The targets; all of them where none is given.
.PARAMETER Executions
    How often each target is executed in all, the earlier calls' executions included.
#>
[CmdletBinding()]
param(
    [string[]] $Target,

    [ValidateRange(1, [long]::MaxValue)]
    [long] $Executions = 100000
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

$root = Split-Path -Parent $PSScriptRoot
$folder = Join-Path $root 'out/fuzz'
$app = Join-Path $folder 'app'

# What is missing for coverage-guided fuzzing, in words; nothing where all is there.
function Initialize-LibFuzzer {
    if (-not $IsLinux -or [Runtime.InteropServices.RuntimeInformation]::OSArchitecture -ne 'X64') {
        return 'libFuzzer is used on Linux on x64 only'
    }

    $clang = Get-Command -Name clang, clang-1? -CommandType Application -ErrorAction Ignore | Select-Object -First 1
    if (-not $clang) {
        return 'clang is not installed'
    }

    # A bare name is what clang prints of a file that it does not have.
    $archive = & $clang.Source '-print-file-name=libclang_rt.fuzzer_no_main-x86_64.a'
    if (-not (Test-Path -LiteralPath $archive -PathType Leaf)) {
        return "clang's libFuzzer (Debian: libclang-rt-14-dev) is not installed"
    }

    $tool = Join-Path $folder 'tools/sharpfuzz'
    if (-not (Test-Path $tool)) {
        $PSNativeCommandUseErrorActionPreference = $false
        dotnet tool install SharpFuzz.CommandLine --version 2.3.0 --tool-path (Split-Path $tool) | Out-Null
        if ($LASTEXITCODE -ne 0) {
            return 'the tool SharpFuzz.CommandLine could not be installed'
        }
    }

    & $tool (Join-Path $app 'LibvirtAudit.Core.dll')
    & $clang.Source -O2 -fPIC -shared (Join-Path $root 'tests/LibvirtAudit.Fuzz/Driving/counters.c') '-Wl,--whole-archive' $archive '-Wl,--no-whole-archive' -lstdc++ -lm -lpthread -o (Join-Path $app 'liblibvirtaudit_fuzzer.so')
}

if (Test-Path $app) {
    Remove-Item -Recurse -Force $app
}

dotnet build (Join-Path $root 'tests/LibvirtAudit.Fuzz') --configuration Release "-property:OutDir=$app/" | Out-Null
$missing = Initialize-LibFuzzer
$way = 'fuzz'
if ($missing) {
    Write-Warning "$missing`: inputs are made by mutating seeds by chance, not guided by what they reach."
    $way = 'generate'
}

$program = Join-Path $app 'LibvirtAudit.Fuzz.dll'
$known = dotnet $program list
$unknown = @($Target | Where-Object { $_ -and $_ -notin $known })
if ($unknown) {
    throw "There is no target $($unknown -join ', '). The targets are $($known -join ', ')."
}

'| target | executions | time | executions/s | inputs kept | counters reached | kinds of finding |'
'|---|---|---|---|---|---|---|'
$PSNativeCommandUseErrorActionPreference = $false
$found = foreach ($name in $Target ? $Target : $known) {
    $place = Join-Path $folder "runs/$name"
    New-Item -ItemType Directory -Force -Path $place | Out-Null
    dotnet $program $way $name $place $Executions 2> "$place.log" | Where-Object { $_ -like '|*' } | Out-Host
    if ($LASTEXITCODE -ne 0) {
        $name
    }
}

if ($found) {
    throw "Something was found in $($found -join ', '): see $folder/runs/TARGET/findings and TARGET.log."
}
