using LibvirtAudit.Records;

namespace LibvirtAudit.Format;

/// <summary>
/// A field, or a way to write one, that the schemas of <see cref="Grammar"/> don't hold, and where it comes from: for the reference page.
/// </summary>
/// <param name="Field">The field as it stands in a line.</param>
/// <param name="Property">The property that it fills.</param>
/// <param name="Origin">Who writes it.</param>
public sealed record FieldOrigin(string Field, string Property, string Origin)
{
    /// <summary>What stands around every body: auditd's header, the kernel's ids, auditd's enriched part.</summary>
    public static IReadOnlyList<FieldOrigin> Envelope { get; } =
    [
        new("node", nameof(VirtAuditRecord.Node), "auditd, where `name_format` is set; else the host that the form of the log names"),
        new("type", nameof(VirtAuditRecord.RecordType), "auditd by name, the kernel log by number"),
        new("type (number)", nameof(VirtAuditRecord.RecordTypeId), "the number of that type"),
        new("audit(SEC.MMM:…)", nameof(VirtAuditRecord.Timestamp),
            "the kernel's stamp; without one, the time that the form of the log holds in full"),
        new("audit(…:SERIAL)", nameof(VirtAuditRecord.Serial), "the kernel's number of the event since boot"),
        new("audit(SEC.MMM:SERIAL)", nameof(VirtAuditRecord.EventId), "both"),
        new("pid", nameof(VirtAuditRecord.ProcessId), "the kernel: the daemon that wrote the record"),
        new("uid", nameof(VirtAuditRecord.UserId), "the kernel: the daemon's user"),
        new("auid", nameof(VirtAuditRecord.LoginUserId), "the kernel: the daemon's login user"),
        new("ses", nameof(VirtAuditRecord.SessionId), "the kernel: the daemon's login session"),
        new("subj", nameof(VirtAuditRecord.Subject), "the kernel, where a security module runs: the daemon's label"),
        new("UID", nameof(VirtAuditRecord.UserName), "auditd with `log_format = ENRICHED`: the name of `uid`"),
        new("AUID", nameof(VirtAuditRecord.LoginUserName), "auditd with `log_format = ENRICHED`: the name of `auid`"),
    ];

    /// <summary>
    /// What libvirt wrote otherwise before, and what its published page (<c>docs/auditlog.html</c>) says that it writes: read, and never
    /// written.
    /// </summary>
    public static IReadOnlyList<FieldOrigin> OtherForms { get; } =
    [
        .. Grammar.ReadOnlyFields.Select(field => new FieldOrigin(field.Name, field.Property.ToString(), field.Origin!)),
        new("resrc=redir", nameof(VirtAuditRecord.ResourceType),
            "the published page: a redirected USB device, `bus=usb device=\"USB redir\"`; libvirt writes `resrc=dev` and `USB redirdev`"),
        new("net", nameof(VirtAuditRecord.MacAddress),
            "the published page, of an opened device: the host's MAC address; libvirt writes the guest's"),
        new("rdev", nameof(VirtAuditRecord.DeviceNumber), "the published page, of an opened device: the name of an interface"),
        new("old-net, new-net", "OldValue, NewValue", "libvirt to 0.9.9 in single quotes, 0.9.10 to 1.2.6 as they are"),
        new("path", nameof(VirtAuditRecord.DevicePath), "libvirt 0.9.0 to 1.0.4, of a cgroup: as it is, whatever it holds"),
        new("category", nameof(VirtAuditRecord.Category), "libvirt's sources of March 2011: in double quotes"),
        new("vm-pid", nameof(VirtAuditRecord.VMProcessId), "libvirt 0.9.10 to 7.10 at least: -1 on every stop and failed start"),
        new("device", nameof(VirtAuditRecord.Device), "libvirt 1.0.5 to 4.4, of a TPM: `resrc=dev` without `bus`"),
    ];
}
