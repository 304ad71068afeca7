#requires -Modules @{ ModuleName = 'Pester'; ModuleVersion = '5.0' }

BeforeAll {
    Import-Module "$PSScriptRoot/../../LibvirtAudit.psd1"
    . "$PSScriptRoot/Stop-Guest.ps1"

    $script:web = @{ VMName = 'web[1]'; Uuid = '05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14'; Driver = 'kvm' }
    $script:other = @{ VMName = 'web1'; Uuid = '0e4b81d5-6a2a-4f3e-9d43-4a4a4a0b5e11'; Driver = 'kvm' }
}

# The trail is a file, written by the cmdlets that write records: no root, no libvirt and no guest is needed.
Describe 'Stop-Guest' -Skip:(-not $IsLinux) {
    BeforeEach {
        $script:log = Join-Path $TestDrive "$(New-Guid).log"
        foreach ($running in $web, $other) {
            Write-VirtResourceAudit @running -ResourceType disk -Reason start -NewValue "/srv/img/$($running.VMName).qcow2" -LogPath $log
            Write-VirtControlAudit @running -Operation start -Reason booted -VMProcessId 4711 -LogPath $log
        }

        # What virsh is asked for, and libvirt's records of it.
        $script:asked = [Collections.Generic.List[string]]::new()
        Mock Invoke-Virsh {
            $asked.Add("$Argument")
            switch ($Argument[0]) {
                'detach-disk' { Write-VirtResourceAudit @web -ResourceType disk -Reason detach -OldValue $Argument[2] -LogPath $log }
                'shutdown' { Write-VirtControlAudit @web -Operation stop -Reason shutdown -VMProcessId 0 -LogPath $log }
                'destroy' { Write-VirtControlAudit @web -Operation stop -Reason destroyed -VMProcessId 0 -LogPath $log }
            }
        }

        $script:stop = @{ VMName = $web.VMName; AuditLog = $log; Within = 1; Confirm = $false }
    }

    It 'stops the guest and shows the session that ended' {
        $session = Stop-Guest @stop
        $session.VMName | Should -Be $web.VMName
        $session.State | Should -Be 'Stopped'
        $asked | Should -Be "shutdown $($web.Uuid)"
    }

    It 'leaves every other guest alone' {
        Stop-Guest @stop
        (Get-VirtAuditSession $log -State Running).VMName | Should -Be $other.VMName
    }

    It 'first unplugs what was plugged in while it ran, and nothing else' {
        foreach ($disk in '/srv/img/a.qcow2', '/srv/img/[b].qcow2') {
            Write-VirtResourceAudit @web -ResourceType disk -Reason attach -NewValue $disk -LogPath $log
        }

        (Stop-Guest @stop).State | Should -Be 'Stopped'
        $asked | Should -Be @(
            "detach-disk $($web.Uuid) /srv/img/a.qcow2 --live"
            "detach-disk $($web.Uuid) /srv/img/[b].qcow2 --live"
            "shutdown $($web.Uuid)"
        )
    }

    It 'goes no further when virsh is content and the trail is not' {
        Write-VirtResourceAudit @web -ResourceType disk -Reason attach -NewValue /srv/img/a.qcow2 -LogPath $log
        Mock Invoke-Virsh { $asked.Add("$Argument") }
        { Stop-Guest @stop } | Should -Throw -ErrorId 'AssertionFailed,*'
        $asked | Should -HaveCount 1
    }

    It 'goes no further when libvirt could not unplug' {
        Write-VirtResourceAudit @web -ResourceType disk -Reason attach -NewValue /srv/img/a.qcow2 -LogPath $log
        Mock Invoke-Virsh { Write-VirtResourceAudit @web -ResourceType disk -Reason detach -OldValue $Argument[2] -Result failed -LogPath $log }
        { Stop-Guest @stop } | Should -Throw -ErrorId 'AssertionFailed,*'
        Should -Invoke Invoke-Virsh -Exactly 1
    }

    It 'waits for a guest that takes its time' {
        Mock Invoke-Virsh {
            $null = Start-ThreadJob {
                Start-Sleep -Milliseconds 300
                Import-Module "$using:PSScriptRoot/../../LibvirtAudit.psd1"
                $web = $using:web
                Write-VirtControlAudit @web -Operation stop -Reason shutdown -VMProcessId 0 -LogPath $using:log
            }
        }
        (Stop-Guest @stop -Within 60).State | Should -Be 'Stopped'
        Get-Job | Remove-Job -Force
    }

    It 'gives up on a guest that does not shut down' {
        Mock Invoke-Virsh { $asked.Add("$Argument") }
        { Stop-Guest @stop } | Should -Throw -ErrorId 'AssertionFailed,*'
        $asked | Should -Be "shutdown $($web.Uuid)"
    }

    It 'switches it off with -Force, and says so' {
        Mock Invoke-Virsh { $asked.Add("$Argument") } -ParameterFilter { $Argument[0] -eq 'shutdown' }
        $session = Stop-Guest @stop -Force -WarningVariable warnings -WarningAction SilentlyContinue
        $session.State | Should -Be 'Destroyed'
        $warnings | Should -BeLike '*switched off*'
        $asked | Should -Be "shutdown $($web.Uuid)", "destroy $($web.Uuid)"
    }

    It 'is not content with a guest that died instead' {
        Mock Invoke-Virsh { Write-VirtControlAudit @web -Operation stop -Reason failed -VMProcessId 0 -LogPath $log }
        { Stop-Guest @stop } | Should -Throw '*not as it should: Died, failed*'
    }

    It 'is not content when something failed on the way' {
        Mock Invoke-Virsh {
            Write-VirtResourceAudit @web -ResourceType disk -Reason update -NewValue /srv/img/x.qcow2 -Result failed -LogPath $log
            Write-VirtControlAudit @web -Operation stop -Reason shutdown -VMProcessId 0 -LogPath $log
        }
        { Stop-Guest @stop } | Should -Throw -ErrorId 'AssertionFailed,*'
    }

    It 'asks for nothing where the trail knows of no such guest' {
        { Stop-Guest @stop -VMName nobody } | Should -Throw '*0 running guests*'
        $asked | Should -BeNullOrEmpty
    }

    It 'does nothing with -WhatIf' {
        Stop-Guest @stop -WhatIf | Should -BeNullOrEmpty
        $asked | Should -BeNullOrEmpty
    }

    It 'ends where virsh does' {
        Mock Invoke-Virsh { throw 'virsh shutdown ended with 1.' }
        { Stop-Guest @stop } | Should -Throw 'virsh shutdown ended with 1.'
    }
}
