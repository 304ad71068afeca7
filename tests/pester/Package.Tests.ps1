#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    $script:hasResourceGet = [bool](Get-Command -Name Compress-PSResource -ErrorAction Ignore)
    $script:hasSdk = [bool](Get-Command -Name dotnet -ErrorAction Ignore)
}

Describe 'The packages' -Skip:($IsWindows -or -not $hasSdk) {
    BeforeAll {
        $script:root = (Resolve-Path "$PSScriptRoot/../..").Path
        $script:out = Join-Path $TestDrive 'out'
        $script:log = "$root/tests/data/lxc-enriched.log"
        $script:version = (Import-PowerShellDataFile "$root/LibvirtAudit.psd1").ModuleVersion
        $script:used = Get-FileHash "$root/bin/*.dll"
        $built = & "$root/tools/Export-Package.ps1" -Destination $out -Portable -ProjectUri 'https://example.org/libvirtaudit' -WarningAction SilentlyContinue
        if (-not (Test-Path "$out/LibvirtAudit.Shell.$version.nupkg")) {
            throw "Nothing was packed: $built"
        }

        # A user of whom nothing is known: neither the modules, the repositories nor the packages of the one who runs the tests are used or touched.
        $user = Join-Path $TestDrive 'user'
        $null = New-Item -ItemType Directory -Path "$user/.local/share", "$user/.config", "$user/.cache"
        $script:asUser = 'PSModulePath', 'XDG_DATA_HOME', 'XDG_CONFIG_HOME', 'XDG_CACHE_HOME', 'XDG_STATE_HOME' | ForEach-Object { '-u', $_ }
        $script:asUser += "HOME=$user", "DOTNET_CLI_HOME=$user", "NUGET_PACKAGES=$user/packages", 'TZ=UTC', 'NO_COLOR=1'

        function Invoke-AsUser([string] $Command) {
            $printed = /usr/bin/env $asUser pwsh -NoProfile -NonInteractive -Command "`$ErrorActionPreference = 'Stop'; $Command" 2>&1 | Out-String
            $LASTEXITCODE | Should -Be 0 -Because $printed
            $printed
        }
    }

    It 'hold the module as it is used, and nothing else' {
        $module = "$out/LibvirtAudit/$version"
        (Get-ChildItem $module -File -Recurse | ForEach-Object { [IO.Path]::GetRelativePath($module, $_.FullName) } | Sort-Object -Culture '') -join "`n" | Should -BeExactly (@(
                'bin/LibvirtAudit.Core.dll'
                'bin/LibvirtAudit.dll'
                Get-ChildItem "$root/src/LibvirtAudit" -Filter '*.ps1xml' | ForEach-Object { "bin/$($_.Name)" }
                Get-ChildItem "$root/en-US" | ForEach-Object { "en-US/$($_.Name)" }
                'LibvirtAudit.psd1'
                'LICENSE'
            ) | Sort-Object -Culture '' | Join-String -Separator "`n")
    }

    It 'tell the registries what they ask for' {
        $manifest = Test-ModuleManifest "$out/LibvirtAudit/$version/LibvirtAudit.psd1" -WarningVariable warnings -ErrorAction Stop
        $warnings | Should -BeNullOrEmpty
        $manifest.Version | Should -Be $version
        $manifest.Tags | Should -Contain 'PSEdition_Core'
        $manifest.Tags | Should -Contain 'Linux'
        $manifest.Description, $manifest.Author, $manifest.Copyright, $manifest.LicenseUri | Should -Not -BeNullOrEmpty
        $manifest.ProjectUri | Should -Be 'https://example.org/libvirtaudit'
        $manifest.ReleaseNotes | Should -Not -Match '(?m)^## '
        [IO.File]::ReadAllText("$root/CHANGELOG.md") | Should -BeLike "*$([WildcardPattern]::Escape($manifest.ReleaseNotes))*"
    }

    It 'are built beside the module that this session uses' {
        (Get-FileHash "$root/bin/*.dll").Hash | Should -Be $used.Hash
        (Get-FileHash "$out/LibvirtAudit/$version/bin/*.dll").Hash | Should -HaveCount $used.Count
    }

    It 'make a folder of which PSModulePath needs no more' {
        Invoke-AsUser "`$env:PSModulePath = '$out'; (Get-VirtAuditRecord '$log' -VMName ct-exit -Operation stop).Reason" | Should -Be "shutdown`n"
    }

    It 'install from a repository that is a folder' -Skip:(-not $hasResourceGet) {
        Invoke-AsUser "Register-PSResourceRepository -Name local -Uri '$out' -Trusted; Install-PSResource LibvirtAudit -Repository local" | Should -BeNullOrEmpty

        Invoke-AsUser '(Get-InstalledPSResource LibvirtAudit).InstalledLocation' | Should -BeLike "$TestDrive*"
        Invoke-AsUser "Import-Module LibvirtAudit; (Get-Module LibvirtAudit).ModuleBase" | Should -BeLike "$TestDrive*$version*"
        Invoke-AsUser "Get-VirtAuditSession '$log' -VMName ct-exit | Format-Table" | Should -BeLike '*ct-exit*2026-11-22 15:06:58 2026-11-22 15:07:01 * Stopped*'
        Invoke-AsUser 'Get-Help Get-VirtAuditSession -Examples' | Should -BeLike '*Get-VirtAuditSession*EXAMPLE 1*'
        Invoke-AsUser 'Get-Help about_LibvirtAudit' | Should -BeLike '*WHO ACTED*'
    }

    It 'stand beside another version, and leave a session alone that has one loaded' -Skip:(-not $hasResourceGet) {
        $newer = Join-Path $TestDrive 'newer'
        $null = New-Item -ItemType Directory "$newer/LibvirtAudit"
        Copy-Item "$out/LibvirtAudit/$version" "$newer/LibvirtAudit/99.0.0" -Recurse
        $manifest = "$newer/LibvirtAudit/99.0.0/LibvirtAudit.psd1"
        (Get-Content $manifest -Raw) -replace "(ModuleVersion\s*=\s*)'[^']*'", "`$1'99.0.0'" | Set-Content $manifest
        Compress-PSResource -Path "$newer/LibvirtAudit/99.0.0" -DestinationPath $newer

        Invoke-AsUser "Import-Module LibvirtAudit
            Register-PSResourceRepository -Name newer -Uri '$newer' -Trusted; Install-PSResource LibvirtAudit -Repository newer
            `"`$((Get-Module LibvirtAudit).Version) `$((Get-VirtAuditRecord '$log' -VMName ct-exit -Operation stop).Reason)`"" | Should -Be "$version shutdown`n"
        Invoke-AsUser 'Import-Module LibvirtAudit; "$((Get-Module LibvirtAudit).Version)"' | Should -Be "99.0.0`n"
        Invoke-AsUser "Import-Module LibvirtAudit -RequiredVersion $version; `"`$((Get-Module LibvirtAudit).Version)`"" | Should -Be "$version`n"
    }

    It 'uninstall' -Skip:(-not $hasResourceGet) {
        Invoke-AsUser "Uninstall-PSResource LibvirtAudit -Version '[0.0,99.0.0]'; Get-Module -ListAvailable LibvirtAudit" | Should -BeNullOrEmpty
    }

    It 'install the tool, which uninstalls' {
        $sources = Join-Path $TestDrive 'nuget.config'
        Set-Content $sources "<configuration><packageSources><clear /><add key='local' value='$out' /></packageSources></configuration>"
        $printed = /usr/bin/env $asUser dotnet tool install LibvirtAudit.Shell --tool-path "$TestDrive/tools" --configfile $sources 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $printed

        /usr/bin/env $asUser "$TestDrive/tools/virtaudit" "Get-VirtAuditSession '$log' | Group-Object State | Sort-Object Count | Select-Object Name, Count -First 1 | ConvertTo-Json -Compress" | Should -Be '{"Name":"Rebooted","Count":1}'
        /usr/bin/env $asUser "$TestDrive/tools/virtaudit" --version | Should -BeLike "*$version*"

        $printed = /usr/bin/env $asUser dotnet tool uninstall LibvirtAudit.Shell --tool-path "$TestDrive/tools" 2>&1 | Out-String
        $LASTEXITCODE | Should -Be 0 -Because $printed
        Get-ChildItem "$TestDrive/tools" -Filter 'virtaudit*' | Should -BeNullOrEmpty
    }

    It 'bring nothing in the tool that Windows alone can load' {
        $archive = [IO.Compression.ZipFile]::OpenRead((Get-Item "$out/LibvirtAudit.Shell.$version.nupkg").FullName)
        try {
            $archive.Entries.FullName | Should -Contain 'tools/net10.0/any/virtaudit.dll'
            $archive.Entries.FullName -match '/runtimes/win' | Should -BeNullOrEmpty
        }
        finally {
            $archive.Dispose()
        }
    }
}
