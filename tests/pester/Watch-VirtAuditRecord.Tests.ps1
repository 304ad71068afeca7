#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeDiscovery {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    $script:canRead = (Get-VirtAuditStatus).CanRead
}

BeforeAll {
    $script:manifest = (Resolve-Path "$PSScriptRoot/../../LibvirtAudit.psd1").Path
    Import-Module $manifest
}

Describe 'Watch-VirtAuditRecord' {
    It 'says what it needs where it lacks it' -Skip:($canRead) {
        $id = $IsLinux ? 'Watch*' : 'PlatformNotSupported,*'
        { Watch-VirtAuditRecord -TimeoutSec 1 } | Should -Throw -ErrorId $id
    }

    It 'takes neither a time nor a number of 0' {
        { Watch-VirtAuditRecord -TimeoutSec 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
        { Watch-VirtAuditRecord -MaxEvents 0 } | Should -Throw -ErrorId 'ParameterArgumentValidationError,*'
    }

    Context 'as root, or with CAP_AUDIT_READ' -Skip:(-not $canRead) {
        BeforeAll {
            # One user of the kernel's audit at a time: .NET locks a file that it does not share as flock does.
            $deadline = [DateTime]::UtcNow.AddMinutes(5)
            $script:lock = $null
            while (-not $lock -and [DateTime]::UtcNow -lt $deadline) {
                try {
                    $script:lock = [IO.File]::Open('/tmp/libvirtaudit-kernel.lock', 'OpenOrCreate', 'ReadWrite', 'None')
                }
                catch [IO.IOException] {
                    Start-Sleep -Milliseconds 200
                }
            }
        }

        AfterAll {
            if ($lock) {
                $lock.Dispose()
            }
        }

        BeforeEach {
            if (-not $lock) {
                Set-ItResult -Skipped -Because 'another test has used the kernel''s audit for five minutes'
            }
        }

        It 'ends when its time is over, without an error' {
            Watch-VirtAuditRecord -TimeoutSec 1 -VMName nobody -ErrorAction Stop | Should -BeNullOrEmpty
        }

        It 'gives what is written meanwhile' {
            $status = Get-VirtAuditStatus
            if ($status.State -eq 'Disabled' -or -not $status.CanWrite) {
                Set-ItResult -Skipped -Because 'the host''s audit is off, or this process may not write: nothing would come'
            }

            $name = "watched-$(New-Guid)"
            $writer = Start-ThreadJob {
                Import-Module $using:manifest
                while ($true) {
                    Write-VirtControlAudit -VMName $using:name -Uuid 05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14 -Driver kvm -Operation start -Reason booted -VMProcessId 4711
                    Start-Sleep -Milliseconds 100
                }
            }
            try {
                $records = Watch-VirtAuditRecord -VMName $name -MaxEvents 2 -TimeoutSec 60 -IncludeRawText
            }
            finally {
                $writer | Remove-Job -Force
            }

            $records.VMProcessId | Should -Be 4711, 4711
            $records.Source | Should -Be 'netlink', 'netlink'
            $records[0].RawText | Should -Match "^type=VIRT_CONTROL .* vm=`"$name`" "
            $records[1].Serial | Should -BeGreaterThan $records[0].Serial
        }
    }
}
