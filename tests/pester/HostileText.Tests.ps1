#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

# What needs pwsh's own modules: exports, Get-Error, transcripts. The rest is in LibvirtAudit.Tests, Hostile.
BeforeDiscovery {
    $escape = [char] 27
    $script:hostile = @(
        "a`nb", "a`r`nb", 'a,b;c"d"', "a`tb", '=cmd|''/c calc''!A0', '+1', '@SUM(1)', '-1', "$escape[2J", "a$([char] 0x202e)b", '{"a":1}', "a' res=failed", '414243', ' a ', '?', "`u{865a}`u{62df}`u{673a}"
    ) | ForEach-Object { @{ Name = $_ } }
}

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"

    function ConvertTo-Line([string] $VMName) {
        $bytes = [Text.Encoding]::UTF8.GetBytes($VMName)
        $value = if ($bytes.Where({ $_ -lt 0x21 -or $_ -gt 0x7e -or $_ -eq 0x22 })) { [Convert]::ToHexString($bytes) } else { "`"$VMName`"" }
        "type=VIRT_CONTROL msg=audit(1795359175.823:2047): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=$value uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=1 exe=`"/usr/sbin/libvirtd`" hostname=? addr=? terminal=? res=success'"
    }

    # PowerShell's own colours are not the text's.
    function Get-Danger([string[]] $Text) {
        ($Text -join "`n") -replace '\e\[[0-9;]*m' -match '[\x00-\x08\x0b-\x1f\x7f\x80-\x9f\u202e]'
    }
}

Describe 'Exports of a record of the guest <Name>' -ForEach $hostile {
    BeforeAll {
        $script:record = ConvertTo-Line $Name | ConvertFrom-VirtAuditText
    }

    It 'is one row of CSV, and the same record when it comes back' {
        $back = $record | ConvertTo-Csv | ConvertFrom-Csv
        @($back).Count | Should -Be 1
        $back.VMName | Should -BeExactly $Name
        $back.Result | Should -BeExactly success
        $back | ConvertTo-VirtAuditText -AsLine | Should -BeExactly (ConvertTo-Line $Name)
    }

    It 'is one line of JSON, and the same when it comes back' {
        $json = $record | ConvertTo-Json -Compress
        $json | Should -Not -Match '[\r\n]'
        ($json | ConvertFrom-Json).VMName | Should -BeExactly $Name
    }

    It 'is the same when it comes back from CLIXML' {
        Export-Clixml -InputObject $record -Path TestDrive:/x.xml
        Import-Clixml -Path TestDrive:/x.xml | ConvertTo-VirtAuditText -AsLine | Should -BeExactly (ConvertTo-Line $Name)
    }
}

Describe 'What pwsh shows of hostile text' {
    BeforeAll {
        $bad = "type=VIRT_CONTROL msg=audit(1.000:1): pid=1 msg='virt=`e[2J`e]0;x`a vm=`u{202e}"
        $script:failure = $bad | ConvertFrom-VirtAuditText -ErrorAction Continue 2>&1
    }

    It 'is harmless in Get-Error' {
        Get-Danger ($failure | Get-Error | Out-String -Stream) | Should -BeFalse
    }

    It 'is harmless in <_>' -ForEach NormalView, CategoryView, ConciseView, DetailedView {
        $ErrorView = $_
        Get-Danger ($failure | Out-String -Stream) | Should -BeFalse
    }

    It 'is harmless in a transcript' {
        $path = Join-Path $TestDrive transcript.txt
        $log = Join-Path $TestDrive hostile.log
        ConvertTo-Line "a`e[2J`e]52;c;eA==`a" > $log
        pwsh -NoProfile -NonInteractive -Command "Import-Module '$PSScriptRoot/../../LibvirtAudit.psd1'; Start-Transcript '$path'; Get-VirtAuditRecord '$log'; Get-VirtAuditRecord '$log' | Format-List; Get-VirtAuditSession '$log'; Get-VirtAuditRecord `"`e[2Jx`"; Stop-Transcript" > $null 2>&1
        Get-Danger ((Get-Content $path) -notmatch 'Host Application|Command') | Should -BeFalse
        (Get-Content -Raw $path) | Should -Match 'a`e\[2J'
    }
}
