using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>A denial, an anomaly or a seccomp violation, with the guest that it hit. Flat and serializable.</summary>
public sealed class VirtAuditIncident
{
    /// <summary>The event, <c>SEC.MMM:SERIAL</c>, <c>node=NAME </c> before it where the node is known.</summary>
    public string? EventId { get; set; }

    /// <summary>When it was stamped, in local time.</summary>
    public DateTime? Timestamp
    {
        get => UnixTime.ToLocal(UnixMilliseconds);
        set => UnixMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>The host, as the log names it; null where it names none.</summary>
    public string? Node { get; set; }

    /// <summary><c>Denial</c> (SELinux, AppArmor), <c>Anomaly</c> (record types 1700–1799 and 2100–2199) or <c>Seccomp</c>.</summary>
    public string? Kind { get; set; }

    /// <summary>The record's type by name: AVC, ANOM_ABEND, SECCOMP, …</summary>
    public string? RecordType { get; set; }

    /// <summary>The guest that it hit; null where it ties to none.</summary>
    public string? VMName { get; set; }

    /// <summary>The guest's UUID.</summary>
    public Guid? Uuid { get; set; }

    /// <summary>The guest's driver.</summary>
    public string? Driver { get; set; }

    /// <summary>The session that it hit, by its <see cref="VirtAuditSession.SessionEventId"/>; null where the guest was only being started.</summary>
    public string? SessionEventId { get; set; }

    /// <summary>
    /// By what it was tied: <c>ProcessId</c>, <c>Profile</c>, <c>Label</c>, <c>CommandLine</c> (QEMU's, in the same event),
    /// <c>Parent</c> (the process that started it), <c>Device</c> (the network device's name) or <c>Path</c> (a resource in use);
    /// null where it ties to no guest.
    /// </summary>
    public string? TiedBy { get; set; }

    /// <summary>
    /// How sure that is: <c>Certain</c>; <c>Strong</c> by what a process says of itself or by its parent; <c>Probable</c> where it
    /// rests on what was deduced or on a session that had ended; <c>Possible</c> where several guests match and the latest is
    /// named. Null where it ties to none.
    /// </summary>
    public string? Certainty { get; set; }

    /// <summary>What was done about it: denied, granted, or AppArmor's word in lower case (allowed, audit). Null for anomalies.</summary>
    public string? Action { get; set; }

    /// <summary>
    /// Whether anything was blocked: <c>Blocked</c>; <c>WouldBlock</c> where SELinux was permissive or AppArmor's profile in
    /// complain mode; <c>Audited</c> where it was allowed and is only reported; <c>Unknown</c> where the record does not tell, as
    /// those of kernels that don't write <c>permissive=</c>. Null for anomalies that are no decision.
    /// </summary>
    public string? Effect { get; set; }

    /// <summary>What was tried: the permissions of SELinux, the operation of AppArmor, <c>promiscuous on</c> or <c>off</c>, <c>signal N</c>, <c>syscall N</c>.</summary>
    public string? Operation { get; set; }

    /// <summary>On what: a path, a name, a kernel module, a method of D-Bus, a network device. Null where the record names nothing.</summary>
    public string? Target { get; set; }

    /// <summary>The class of the target (<c>tclass</c>): file, chr_file, …</summary>
    public string? TargetClass { get; set; }

    /// <summary>Who: the source label of SELinux, the profile of AppArmor, the subject of another record.</summary>
    public string? Subject { get; set; }

    /// <summary>The label of the target; the profile of the other process with AppArmor.</summary>
    public string? TargetContext { get; set; }

    /// <summary>The process's name.</summary>
    public string? Command { get; set; }

    /// <summary>The process's program.</summary>
    public string? Executable { get; set; }

    /// <summary>The process.</summary>
    public long? ProcessId { get; set; }

    internal long? ParentProcessId { get; set; }

    internal long? UnixMilliseconds { get; set; }

    /// <summary>The incident in one line for people, free of control characters.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{UnixTime.Show(Timestamp)} {PrintableText.Escape(VMName) ?? "-"} {PrintableText.Escape(RecordType)} {PrintableText.Escape(Operation)} {PrintableText.Escape(Target)}");
}
