namespace LibvirtAudit.Findings;

/// <summary>What holds for every finding of a kind. docs/findings.md says it at length; a test holds the two together.</summary>
internal static class FindingCatalog
{
    /// <summary>How severe a finding of the kind is, where nothing makes it less so, and what to look at next.</summary>
    public static (FindingSeverity Severity, string Advice) Describe(FindingKind kind) => kind switch
    {
        FindingKind.NoRecords => (FindingSeverity.Warning, "Is it the right log, and of the right time? Get-VirtAuditStatus tells whether the host logs, audit_level in libvirtd.conf whether libvirt does."),
        FindingKind.LogUnreadable => (FindingSeverity.Error, "Read it with the rights that it takes, or get another copy; of what it holds nothing is known."),
        FindingKind.RotationGap => (FindingSeverity.Warning, "Give all logs of the rotation. auditd renames all of them together, so one that is not on the disk was removed."),
        FindingKind.MalformedRecord => (FindingSeverity.Warning, "Look at the line: the kernel cuts what is longer than 8,560 bytes, a writer that dies leaves half a line, and an editor leaves what it likes."),
        FindingKind.UnreadLines => (FindingSeverity.Information, "See docs/carriers.md for the forms that are read and who may write records in each. Text of another program that only looks like a record is no concern."),
        FindingKind.StampBackwards => (FindingSeverity.Warning, "Look for a clock that was set at that time: chrony or ntpd in the journal, TIME_ADJNTPVAL and TIME_INJOFFSET records, a virtual machine that was resumed."),
        FindingKind.ConflictingRecords => (FindingSeverity.Error, "Compare with another copy: the journal, a central log, a backup. Logs of two hosts in one file, without node=, conflict by themselves."),
        FindingKind.SerialOutOfPlace => (FindingSeverity.Warning, "Compare with another copy, and see whether files were given in another order than that of their time, or lines of two hosts put together."),
        FindingKind.MissingSerials => (FindingSeverity.Warning, "Look for the events in the kernel's log and the journal, and for what was lost at that time (RecordsLost, AuditDaemonStopped); if nothing explains them they were taken out."),
        FindingKind.PartialLog => (FindingSeverity.Information, "Test the log that auditd wrote rather than an extract of it."),
        FindingKind.BootContradicted => (FindingSeverity.Warning, "See in the journal (journalctl --list-boots) whether the host booted: containers that run systemd, and a soft reboot, write this record too."),
        FindingKind.AuditSwitchedOff => (FindingSeverity.Error, "Find out who did it: the login user id of the record, sudo and shell records before it. What happened until audit was on again is not in the trail."),
        FindingKind.RecordsLost => (FindingSeverity.Error, "Raise backlog_limit (auditctl -b), or log less. Which records were lost can't be told; libvirt's own log (audit_logging=1) may hold them."),
        FindingKind.RateLimitSet => (FindingSeverity.Warning, "See in the audit rules (-r) whether it is wanted; what goes beyond the limit is lost, libvirt's records too."),
        FindingKind.FilterRuleAdded => (FindingSeverity.Warning, "See with auditctl -l what the rules of the lists user and exclude drop."),
        FindingKind.AuditDaemonStopped => (FindingSeverity.Warning, "Find out who stopped it. Meanwhile records went to the kernel's log or nowhere: look there, and in libvirt's own log."),
        FindingKind.AuditDaemonCrashed => (FindingSeverity.Warning, "See in the journal whether the host crashed or auditd was killed. Guests' ends at that time may not be in the trail."),
        FindingKind.AuditDaemonStartMissing => (FindingSeverity.Warning, "See whether a log is missing, or files were given in another order than that of their time."),
        FindingKind.LoggingSuspended => (FindingSeverity.Warning, "See in the journal when auditd suspended its log, as it does when the disk is full: what came until then is lost."),
        FindingKind.ForeignWriter => (FindingSeverity.Warning, "Whoever has CAP_AUDIT_WRITE can write such records. Find out what the program is and who ran it; leave its records out of what you conclude."),
        FindingKind.UnusualSender => (FindingSeverity.Warning, "See whether somebody ran the daemon by hand at that time; else a program gave itself out for it."),
        FindingKind.NotDelivered => (FindingSeverity.Error, "The record is in no audit log: take it from here. See why the kernel refused it: its length, or the daemon's rights."),
        FindingKind.StopMissing => (FindingSeverity.Warning, "See in libvirt's own log when the guest ended, and whether records were lost or the daemon was down at that time."),
        FindingKind.StartMissing => (FindingSeverity.Warning, "See in libvirt's own log when the guest was started, and whether records were lost at that time."),
        FindingKind.StartResultMissing => (FindingSeverity.Warning, "See in libvirt's own log whether the guest ran; a daemon that dies while it starts a guest leaves this too."),
        FindingKind.SessionsOverlap => (FindingSeverity.Warning, "See whether the guest's stop was lost, or whether two guests have one UUID: copies of a disk image and its definition do."),
        FindingKind.ResourceOutsideSession => (FindingSeverity.Warning, "See in libvirt's own log whether the guest ran; its start and stop should be here."),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };
}
