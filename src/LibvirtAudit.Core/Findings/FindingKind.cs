namespace LibvirtAudit.Findings;

/// <summary>What a finding is, under the names that findings carry. docs/findings.md explains each.</summary>
public enum FindingKind
{
    /// <summary>What was read holds no record of libvirt.</summary>
    NoRecords,

    /// <summary>A log, or part of it, could not be read.</summary>
    LogUnreadable,

    /// <summary>A log of the rotation is not among those that were read.</summary>
    RotationGap,

    /// <summary>A record is cut or damaged.</summary>
    MalformedRecord,

    /// <summary>The clock went back by more than it does by itself.</summary>
    StampBackwards,

    /// <summary>Two records have one serial number.</summary>
    ConflictingRecords,

    /// <summary>A record stands where its serial number does not belong.</summary>
    SerialOutOfPlace,

    /// <summary>Events are not there that the kernel numbered.</summary>
    MissingSerials,

    /// <summary>The log holds the smaller part of what the kernel logged: what is taken out of it leaves no hole.</summary>
    PartialLog,

    /// <summary>The host booted twice in one run of serial numbers.</summary>
    BootContradicted,

    /// <summary>Audit was switched off, or somebody tried to.</summary>
    AuditSwitchedOff,

    /// <summary>The kernel says that it lost records.</summary>
    RecordsLost,

    /// <summary>The kernel was told to drop records beyond a number a second.</summary>
    RateLimitSet,

    /// <summary>A rule was added by which the kernel may drop records of libvirt.</summary>
    FilterRuleAdded,

    /// <summary>auditd was stopped for a time, or at the end of the log.</summary>
    AuditDaemonStopped,

    /// <summary>auditd, or its host, went down without saying so.</summary>
    AuditDaemonCrashed,

    /// <summary>auditd ended twice without a start between.</summary>
    AuditDaemonStartMissing,

    /// <summary>auditd resumed the writing of its log.</summary>
    LoggingSuspended,

    /// <summary>Records were written by another program than libvirt's daemons.</summary>
    ForeignWriter,

    /// <summary>A daemon of libvirt wrote as it does not run on a host: as another user, from a login, at a terminal.</summary>
    UnusualSender,

    /// <summary>The kernel refused a record of libvirt.</summary>
    NotDelivered,

    /// <summary>A guest was started on the host where it ran: its stop is not in the trail.</summary>
    StopMissing,

    /// <summary>A guest ran whose start is not in the trail, though it should be.</summary>
    StartMissing,

    /// <summary>A guest was being started, and whether it ran is not in the trail.</summary>
    StartResultMissing,

    /// <summary>One guest ran on two hosts at once, and was not migrating.</summary>
    SessionsOverlap,

    /// <summary>A resource was given to a guest that did not run, or taken from it.</summary>
    ResourceOutsideSession,
}
