#requires -Version 7.4

<#
.SYNOPSIS
    Makes what is published: the module's folder, its package for the Gallery and the packages of the tool virtaudit.
.DESCRIPTION
    DESTINATION/LibvirtAudit/VERSION is the module as PSModulePath wants it, with the notes of the release, from
    CHANGELOG.md, in its manifest. LibvirtAudit.VERSION.nupkg is that folder, made by Compress-PSResource of
    Microsoft.PowerShell.PSResourceGet 1.1 or later; without it the rest is made, and a warning says what is missing.
    DESTINATION/PLATFORM/LibvirtAudit/VERSION is the same module, compiled ahead for Linux on x64 and arm64.
    LibvirtAudit.Shell.*.nupkg are the packages of the tool, one a platform and a portable one.
    Nothing here touches bin/, from which a session may have the module imported.
.EXAMPLE
    ./tools/Export-Package.ps1 -ProjectUri $address
    Publish-PSResource -NupkgPath (Get-Item -Path out/LibvirtAudit.[0-9]*.nupkg) -ApiKey $key
#>
[CmdletBinding()]
param(
    # Where everything goes.
    [string] $Destination = "$PSScriptRoot/../out",

    # The address of the project, for the pages of the package registries; without it they show none.
    [uri] $ProjectUri,

    # Leaves out what is made for single platforms, whose making fetches compilers and runtimes.
    [switch] $Portable
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true

# The changes of a version, or those that are not released yet where it has none.
function Get-ReleaseNote([string] $Version) {
    $sections = (Get-Content -LiteralPath "$PSScriptRoot/../CHANGELOG.md" -Raw) -split '(?m)^(?=## )'
    foreach ($heading in "## [$Version]", '## [Unreleased]') {
        $section = @($sections).Where({ $_.StartsWith($heading) }, 'First')
        if ($section) {
            return ($section -replace '^## .*').Trim()
        }
    }

    throw "CHANGELOG.md has neither $Version nor Unreleased."
}

# What the repository's manifest leaves open, because it stands elsewhere or is known to the publisher alone.
function Complete-Manifest([string] $Path, [hashtable] $Entry) {
    $anchor = [regex]'(?m)^(?<indent> *)LicenseUri( *)=.*$'
    $text = Get-Content -LiteralPath $Path -Raw
    if (-not $anchor.IsMatch($text)) {
        throw "$Path has no LicenseUri, below which the notes of the release go."
    }

    $completed = $anchor.Replace($text, {
            $match = $args[0]
            @(
                $match.Value
                foreach ($name in $Entry.Keys | Sort-Object) {
                    "$($match.Groups['indent'])$name = '$([Management.Automation.Language.CodeGeneration]::EscapeSingleQuotedStringContent($Entry[$name]))'"
                }
            ) -join "`n"
        }, 1)
    Set-Content -LiteralPath $Path -Value $completed -NoNewline
}

$root = (Resolve-Path -LiteralPath "$PSScriptRoot/..").Path
$target = (New-Item -ItemType Directory -Path $Destination -Force).FullName
$version = (Import-PowerShellDataFile -LiteralPath "$root/LibvirtAudit.psd1").ModuleVersion
$module = "$target/LibvirtAudit/$version"
$common = @('--configuration', 'Release', "-property:ModuleBinaries=$root/src/LibvirtAudit/bin/Release/")

dotnet build "$root/src/LibvirtAudit" $common -target:StageModule -property:CompileAhead=false "-property:ModuleFolder=$module"
$entry = @{ ReleaseNotes = Get-ReleaseNote $version }
if ($ProjectUri) {
    $entry.ProjectUri = $ProjectUri.AbsoluteUri
}

Complete-Manifest "$module/LibvirtAudit.psd1" $entry
$null = Test-ModuleManifest -Path "$module/LibvirtAudit.psd1"

# One module can't hold them all: the runtime refuses an image of another platform, it does not fall back to what it was made of.
foreach ($platform in $Portable ? @() : @('linux-x64', 'linux-arm64')) {
    $compiled = "$root/src/LibvirtAudit/obj/$platform"
    dotnet publish "$root/src/LibvirtAudit" $common -property:CompileAhead=false --runtime $platform --no-self-contained --output $compiled -property:PublishReadyToRun=true
    Remove-Item -Path "$target/$platform" -Recurse -Force -ErrorAction Ignore
    $null = New-Item -ItemType Directory -Path "$target/$platform/LibvirtAudit"
    Copy-Item -LiteralPath $module -Destination "$target/$platform/LibvirtAudit" -Recurse
    Copy-Item -Path "$compiled/LibvirtAudit*.dll" -Destination "$target/$platform/LibvirtAudit/$version/bin"
}

dotnet pack "$root/src/LibvirtAudit.Shell" $common --output $target "-property:CompileAhead=$(-not $Portable)" "-property:PackageProjectUrl=$ProjectUri"

if (Get-Command -Name Compress-PSResource -ErrorAction Ignore) {
    Compress-PSResource -Path $module -DestinationPath $target
}
else {
    Write-Warning 'The package for the Gallery was not made: Compress-PSResource is not there. Install-PSResource Microsoft.PowerShell.PSResourceGet -Version ''[1.1,)'''
}
