namespace LibvirtAudit.Records;

/// <summary>
/// The state of auditing on this host as far as this process may know it, and what it means for a record written now.
/// What can't be known is null, and <see cref="Unknown"/> says why.
/// </summary>
public sealed class VirtAuditStatus
{
    /// <summary>What happens to a record written now, in a sentence.</summary>
    public string Summary { get; set; } = "";

    /// <summary>Whether a record written now would be logged; null where that can't be known. Rules that exclude records are not looked at.</summary>
    public bool? WouldBeLogged { get; set; }

    /// <summary>Whether the host's audit is on: Disabled, Enabled, or Locked (on, and not to be changed until the next boot).</summary>
    public string? State { get; set; }

    /// <summary>The process that gets the records; 0 where there is none and the kernel's log gets them.</summary>
    public uint? DaemonProcessId { get; set; }

    /// <summary>The name of that process; null where there is none.</summary>
    public string? DaemonName { get; set; }

    /// <summary>The log that auditd writes (<c>log_file</c>).</summary>
    public string? LogPath { get; set; }

    /// <summary>The form of that log (<c>log_format</c>): RAW, ENRICHED or NOLOG.</summary>
    public string? LogFormat { get; set; }

    /// <summary>Whether auditd writes a log at all (<c>write_logs</c>).</summary>
    public bool? WritesLog { get; set; }

    /// <summary>The log of this host that is read where none is named: the path of auditd's, or <c>journal</c>.</summary>
    public string? DefaultLog { get; set; }

    /// <summary>Why that one, and which other holds records, too.</summary>
    public string? DefaultLogReason { get; set; }

    /// <summary>What the kernel does when a record is lost: Silent, Printk (a line in its log) or Panic.</summary>
    public string? FailureMode { get; set; }

    /// <summary>Records that wait for the daemon.</summary>
    public uint? Backlog { get; set; }

    /// <summary>Records that may wait for the daemon; 0 is no limit.</summary>
    public uint? BacklogLimit { get; set; }

    /// <summary>How long a sender is made to wait when the backlog is full, in ticks of the kernel's clock; null in kernels before 3.14.</summary>
    public uint? BacklogWaitTime { get; set; }

    /// <summary>How long senders did wait, in ticks; null in kernels before 5.9.</summary>
    public uint? BacklogWaitTimeActual { get; set; }

    /// <summary>Records lost since the boot, or since the count was reset.</summary>
    public uint? Lost { get; set; }

    /// <summary>Records a second that the kernel lets pass; 0 is no limit.</summary>
    public uint? RateLimit { get; set; }

    /// <summary>The abilities of the kernel's audit, one bit each; null in old kernels.</summary>
    public uint? FeatureBitmap { get; set; }

    /// <summary>The mask of the kernel's answer.</summary>
    public uint? Mask { get; set; }

    /// <summary>Whether this process may send records (CAP_AUDIT_WRITE).</summary>
    public bool? CanWrite { get; set; }

    /// <summary>Whether this process may ask for the state (CAP_AUDIT_CONTROL).</summary>
    public bool? CanControl { get; set; }

    /// <summary>Whether this process may receive records live (CAP_AUDIT_READ).</summary>
    public bool? CanRead { get; set; }

    /// <summary>Whether this process is in the host's own user namespace; from another one no record is taken.</summary>
    public bool? IsInHostUserNamespace { get; set; }

    /// <summary>libvirtd's <c>audit_level</c>, its default where the configuration does not state it; null where there is no configuration.</summary>
    public int? LibvirtdAuditLevel { get; set; }

    /// <summary>libvirtd's <c>audit_logging</c>.</summary>
    public bool? LibvirtdAuditLogging { get; set; }

    /// <summary>virtqemud's <c>audit_level</c>, its default where the configuration does not state it; null where there is no configuration.</summary>
    public int? VirtqemudAuditLevel { get; set; }

    /// <summary>virtqemud's <c>audit_logging</c>.</summary>
    public bool? VirtqemudAuditLogging { get; set; }

    /// <summary>virtlxcd's <c>audit_level</c>, its default where the configuration does not state it; null where there is no configuration.</summary>
    public int? VirtlxcdAuditLevel { get; set; }

    /// <summary>virtlxcd's <c>audit_logging</c>.</summary>
    public bool? VirtlxcdAuditLogging { get; set; }

    /// <summary>Why properties are null that need not be, a sentence each.</summary>
    public string[] Unknown { get; set; } = [];

    /// <summary>The sentence.</summary>
    public override string ToString() => Summary;
}
