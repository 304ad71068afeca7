#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
}

Describe 'Get-VirtAuditStatus' {
    It 'always says in a sentence what would happen' {
        $status = Get-VirtAuditStatus
        $status.Summary | Should -Match '^A record .*\.$'
        "$status" | Should -Be $status.Summary
    }

    It 'gives a reason for the state that it does not know' {
        $status = Get-VirtAuditStatus
        if ($IsLinux -and $null -eq $status.State) {
            $status.Unknown | Should -Not -BeNullOrEmpty
        }
        elseif ($null -ne $status.State) {
            $status.State | Should -BeIn 'Disabled', 'Enabled', 'Locked'
        }
    }

    It 'reads libvirt''s configuration' {
        $folder = New-Item -ItemType Directory (Join-Path $TestDrive 'libvirt')
        Set-Content (Join-Path $folder 'virtqemud.conf') 'audit_level = 2', 'audit_logging = 1'
        $status = Get-VirtAuditStatus -LibvirtConfigurationFolder $folder
        $status.VirtqemudAuditLevel | Should -Be 2
        $status.VirtqemudAuditLogging | Should -BeTrue
        $status.VirtlxcdAuditLevel | Should -BeNullOrEmpty
    }

    It 'says what this process may do' -Skip:(-not $IsLinux) {
        # The effective capabilities of this process, as the kernel lists them; CAP_AUDIT_WRITE is bit 29.
        $mask = [Convert]::ToUInt64(((Get-Content /proc/self/status) -match '^CapEff:')[0].Split("`t")[1], 16)
        (Get-VirtAuditStatus).CanWrite | Should -Be (($mask -band (1uL -shl 29)) -ne 0)
    }
}
