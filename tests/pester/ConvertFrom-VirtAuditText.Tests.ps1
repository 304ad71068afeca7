#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:data = "$PSScriptRoot/../data"
    $script:line = 'type=VIRT_CONTROL msg=audit(1795359246.895:2193): pid=5431 uid=0 auid=4294967295 ses=4294967295 msg=''virt=qemu op=stop reason=failed vm="web1" uuid=cbe51033-767e-5609-ae10-1509b5220613 vm-pid=0 exe="/usr/sbin/libvirtd" hostname=? addr=? terminal=? res=success'''
}

Describe 'ConvertFrom-VirtAuditText' {
    It 'reads a pasted line' {
        $record = ConvertFrom-VirtAuditText $line
        $record.EventId | Should -Be '1795359246.895:2193'
        $record.VMName | Should -Be 'web1'
        $record.Uuid | Should -Be ([guid]'cbe51033-767e-5609-ae10-1509b5220613')
        $record.VMProcessId | Should -Be 0
        $record.LoginUserId | Should -BeNullOrEmpty
    }

    It 'reads what Get-Content gives as Get-VirtAuditRecord reads the file' {
        $read = Get-Content "$data/lxc-enriched.log" | ConvertFrom-VirtAuditText
        $read.EventId | Should -Be (Get-VirtAuditRecord "$data/lxc-enriched.log").EventId
    }

    It 'reads one string with many lines' {
        $read = Get-Content -Raw "$data/lxc-enriched.log" | ConvertFrom-VirtAuditText
        $read.Count | Should -Be (Select-String -Path "$data/lxc-enriched.log" -Pattern '^type=VIRT_').Count
    }

    It 'reads what ausearch prints with -i' {
        $read = Get-Content "$data/carriers.ausearch-i.txt" | ConvertFrom-VirtAuditText -ErrorAction Ignore
        $read.Count | Should -BeGreaterThan 100
        ($read | Where-Object Operation -EQ stop).VMName | Should -Contain 'lab\back'
    }

    It 'passes over lines that are something else' {
        'hello', '', 'type=USER_LOGIN msg=audit(1.000:1): x', $line | ConvertFrom-VirtAuditText -ErrorAction Stop | Should -HaveCount 1
    }

    It 'reports a cut line and goes on' {
        $cut = $line.Substring(0, $line.IndexOf(' hostname'))
        $records = $cut, $line | ConvertFrom-VirtAuditText -ErrorVariable failed -ErrorAction SilentlyContinue
        $records | Should -HaveCount 1
        $failed.FullyQualifiedErrorId | Should -BeLike 'MalformedRecord,*'
        $both = $cut, $line | ConvertFrom-VirtAuditText -IncludeMalformed -ErrorAction Ignore
        $both | Should -HaveCount 2
        $both[0].RawText | Should -Be $cut
    }

    It 'keeps the line with -IncludeRawText only' {
        (ConvertFrom-VirtAuditText $line).RawText | Should -BeNullOrEmpty
        (ConvertFrom-VirtAuditText $line -IncludeRawText).RawText | Should -Be $line
    }
}
