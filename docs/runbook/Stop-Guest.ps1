#requires -Version 7.6
#requires -Modules LibvirtAudit

<#
.SYNOPSIS
    A runbook: drains a guest, stops it, and takes nobody's word for it but the audit trail's.
.DESCRIPTION
    Dot-source it, then call Stop-Guest. README.md beside it explains each step.
.EXAMPLE
    . ./Stop-Guest.ps1
    Stop-Guest web01
#>

# All that the runbook asks of libvirt goes through here, so that a test can stand in for it.
function Invoke-Virsh([string[]] $Argument) {
    virsh --connect qemu:///system --quiet @Argument
    if ($LASTEXITCODE -ne 0) {
        throw "virsh $Argument ended with $LASTEXITCODE."
    }
}

# Where records of a step that begins now begin. The kernel's clock for them ticks every few milliseconds, so that a
# record may bear a time just before the one that a script took before the step.
function Get-StepTime {
    [datetime]::Now.AddMilliseconds(-20)
}

function Stop-Guest {
    [CmdletBinding(SupportsShouldProcess, ConfirmImpact = 'High')]
    [OutputType('LibvirtAudit.Analysis.VirtAuditSession')]
    param(
        # The guest's name.
        [Parameter(Mandatory, Position = 0)]
        [string] $VMName,

        # How many seconds each step has until the trail must say that it is done.
        [ValidateRange(1, 3600)]
        [int] $Within = 60,

        # Switches a guest off that doesn't shut down in time.
        [switch] $Force,

        # The log that is asked; by default the host's own.
        [string] $AuditLog
    )

    $ErrorActionPreference = 'Stop'
    $trail = $AuditLog ? @{ LiteralPath = $AuditLog } : @{}

    # 1. What does the trail say that runs? From here on the guest goes by its UUID, which no other guest has.
    $session = @(Get-VirtAuditSession @trail -VMName ([WildcardPattern]::Escape($VMName)) -State Running)
    if ($session.Count -ne 1) {
        throw "The audit trail knows of $($session.Count) running guests called '$VMName'."
    }

    $session = $session[0]
    $guest = $trail + @{ Uuid = "$($session.Uuid)" }
    if (-not $PSCmdlet.ShouldProcess("$VMName ($($session.Uuid)), running since $($session.StartTime)", 'Drain and stop')) {
        return
    }

    # 2. Drain: disks that were plugged in while it ran are others' to use next. Each must be seen to be free.
    $begun = Get-StepTime
    $plugged = Get-VirtAuditAssignment @guest -ResourceType disk -Open |
        Where-Object { $_.SessionEventId -eq $session.SessionEventId -and $_.StartReason -eq 'attach' }
    foreach ($disk in $plugged) {
        $before = Get-StepTime
        $null = Invoke-Virsh detach-disk, $session.Uuid, $disk.Value, --live
        Assert-VirtAuditRecord @guest -ResourceType disk -Reason detach -Result success -Value ([WildcardPattern]::Escape($disk.Value)) -StartTime $before -Within $Within
    }

    # 3. Stop. The guest decides how long it takes, and the trail when it is over.
    $before = Get-StepTime
    $null = Invoke-Virsh shutdown, $session.Uuid
    try {
        Assert-VirtAuditRecord @guest -Operation stop -StartTime $before -Within $Within
    }
    catch {
        if (-not $Force -or $_.FullyQualifiedErrorId -notlike 'AssertionFailed,*') {
            throw
        }

        Write-Warning "$VMName did not shut down within $Within s: it is switched off."
        $null = Invoke-Virsh destroy, $session.Uuid
        Assert-VirtAuditRecord @guest -Operation stop -StartTime $before -Within $Within
    }

    # 4. The verdict: it ended as it should, holds nothing any more, and nothing failed on the way.
    $ended = Get-VirtAuditSession @guest | Where-Object SessionEventId -EQ $session.SessionEventId
    $allowed = $Force ? @('Stopped', 'Destroyed') : @('Stopped')
    if ($ended.State -notin $allowed) {
        throw "$VMName ended, but not as it should: $($ended.State), $($ended.StopReason)."
    }

    $held = @(Get-VirtAuditAssignment @guest -Open)
    if ($held) {
        throw "$VMName ended and still holds $($held -join ', ')."
    }

    Assert-VirtAuditRecord @guest -Result failed -StartTime $begun -Count 0
    $ended
}
