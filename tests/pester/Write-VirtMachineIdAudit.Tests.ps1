#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:guest = @{ VMName = 'web1'; Uuid = '05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14'; Driver = 'kvm' }
    $script:capture = "$PSScriptRoot/../data/qemu-enriched.log"
}

Describe 'Write-VirtMachineIdAudit' -Skip:(-not $IsLinux) {
    BeforeEach {
        $script:log = Join-Path $TestDrive "$(New-Guid).log"
    }

    It 'appends what libvirt would write' {
        Write-VirtMachineIdAudit @guest -Model selinux -VMContext 'u:r:svirt_t:s0:c6,c87' -ImageContext 'u:r:svirt_image_t:s0:c6,c87' -LogPath $log
        Get-Content $log | Should -Match ([regex]::Escape('uuid=05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14 vm-ctx=u:r:svirt_t:s0:c6,c87 img-ctx=u:r:svirt_image_t:s0:c6,c87 model=selinux exe="'))
    }

    It 'writes ? for what is not given' {
        Write-VirtMachineIdAudit @guest -LogPath $log
        Get-Content $log | Should -Match ([regex]::Escape('vm-ctx=? img-ctx=? model=?'))
    }

    It 'refuses a label that could be taken for more' {
        { Write-VirtMachineIdAudit @guest -Model dac -VMContext "+0:+0 res=failed" -LogPath $log -ErrorAction Stop } | Should -Throw -ErrorId 'UnsafeFieldValue,*'
        Test-Path $log | Should -BeFalse
    }

    It 'labels the session that follows' {
        Write-VirtMachineIdAudit @guest -Model dac -VMContext '+107:+107' -ImageContext '+107:+107' -LogPath $log
        Write-VirtControlAudit @guest -Operation start -Reason booted -VMProcessId 4711 -LogPath $log
        (Get-VirtAuditSession $log).Labels | Should -Be 'dac +107:+107'
    }

    It 'writes records from the pipeline again' {
        $records = Get-VirtAuditRecord $capture -RecordType VIRT_MACHINE_ID -VMName lab-plain
        $records | Write-VirtMachineIdAudit -LogPath $log
        $read = Get-VirtAuditRecord $log
        $read.VMContext | Should -Be $records.VMContext
        $read.Model | Should -Be $records.Model
    }

    It 'completes -Model' {
        (TabExpansion2 'Write-VirtMachineIdAudit -Model s').CompletionMatches.CompletionText | Should -Be 'selinux'
    }
}
