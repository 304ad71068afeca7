using LibvirtAudit.Audit;

using static LibvirtAudit.Format.FieldForm;
using static LibvirtAudit.Format.RecordField;

namespace LibvirtAudit.Format;

/// <summary>
/// The record grammar: every body that libvirt writes, once, as data. Encoder, parser, the checks and completions of the
/// cmdlets and the reference page come from it; a new resource type is one entry here.
/// </summary>
/// <remarks>
/// Source: libvirt <c>src/conf/domain_audit.c</c> (the order of the fields and how each is written) and
/// <c>src/util/viraudit.c</c>; checked against records of libvirt 9.0.0.
/// </remarks>
public static class Grammar
{
    private static readonly string[] AttachReasons = ["start", "attach", "detach"];
    private static readonly string[] CountReasons = ["start", "update"];
    private static readonly string[] GrantReasons = ["allow", "deny"];

    private static readonly FieldDefinition DriverField = new("virt", Driver, Word, MissingForm.Bare, values: ["qemu", "kvm", "lxc", "xen", "hvf", "bhyve", "vz", "test"]);
    private static readonly FieldDefinition VMField = new("vm", VMName, Encoded);
    private static readonly FieldDefinition UuidField = new("uuid", RecordField.Uuid, FieldForm.Uuid);
    private static readonly FieldDefinition PidField = new("vm-pid", VMProcessId, Number, rule: ValueRule.Process);

    /// <summary>Every shape, by type and then as the reference page lists them.</summary>
    public static IReadOnlyList<RecordShape> Shapes { get; } =
    [
        new(RecordTypes.Control, "start", "A guest was started, or could not be.",
            DriverField, Fixed("op", Operation, "start"), ReasonOf("booted", "migrated", "restored", "from-snapshot", "reboot"), VMField, UuidField, PidField),
        new(RecordTypes.Control, "stop", "A guest ended.",
            DriverField, Fixed("op", Operation, "stop"), ReasonOf("shutdown", "destroyed", "failed", "saved", "migrated", "crashed", "from-snapshot", "reboot"), VMField, UuidField, PidField),
        new(RecordTypes.Control, "init", "A container's first process runs.",
            DriverField, Fixed("op", Operation, "init"), VMField, UuidField, PidField, new("init-pid", InitProcessId, Number), new("pid-ns", PidNamespace, LargeNumber)),

        new(RecordTypes.MachineId, "machine id", "The security label of a guest, one record for each security model.",
            DriverField, VMField, UuidField, new("vm-ctx", VMContext, Verbatim, MissingForm.Bare), new("img-ctx", ImageContext, Verbatim, MissingForm.Bare),
            new("model", Model, Verbatim, MissingForm.Bare, values: ["dac", "selinux", "apparmor", "none"])),

        Value("disk", "A disk image or device of the guest.", "start", "attach", "detach", "update", "mirror", "snapshot"),
        Value("fs", "A host folder or device shared with the guest.", AttachReasons),
        Value("net", "A network interface of the guest, by its MAC address.", ValueRule.MacAddress, "start", "attach", "detach", "update"),
        Resource("net", "net open", "A host device was opened for a network interface.", Fixed("reason", Reason, "open"),
            new("net", MacAddress, Word, rule: ValueRule.MacAddress), new("path", DevicePath, Encoded, MissingForm.Quoted),
            new("rdev", DeviceNumber, Word, MissingForm.Bare, ValueRule.DeviceNumber)),
        Value("rng", "A source of random numbers for the guest.", AttachReasons),
        Value("chardev", "The host end of a serial line, parallel port, channel or console.", AttachReasons),
        Value("smartcard", "A smartcard: character device, certificate or database.", AttachReasons),

        Count("vcpu", "The number of virtual processors.", ValueRule.Count),
        Count("mem", "The memory in KiB.", ValueRule.None),
        Count("iothread", "The number of I/O threads.", ValueRule.Count),

        Resource("dev", "dev", "A host device (USB, PCI, SCSI, SCSI host, mediated) or a redirected USB device.", ReasonOf(AttachReasons),
            new("bus", Bus, Word, values: ["usb", "pci", "scsi", "scsi_host", "mdev"]),
            new("device", Device, Encoded, MissingForm.Quoted, ValueRule.DeviceAddress)),
        Resource("hostdev", "hostdev disk", "A host disk given to a container.", ReasonOf(AttachReasons), new FieldDefinition("disk", HostDisk, Encoded, MissingForm.Quoted)),
        Resource("hostdev", "hostdev chardev", "A host character device given to a container.", ReasonOf(AttachReasons), new FieldDefinition("chardev", HostChardev, Encoded, MissingForm.Quoted)),
        Resource("tpm", "tpm", "A TPM device of the host.", ReasonOf(AttachReasons), new FieldDefinition("device", Device, Encoded, MissingForm.Quoted)),
        Resource("tpm-emulator", "tpm-emulator", "An emulated TPM, by its socket.", ReasonOf(AttachReasons), new FieldDefinition("device", Device, Encoded, MissingForm.Quoted)),
        Resource("tpm-external", "tpm-external", "A TPM run by another program, by its socket.", ReasonOf(AttachReasons), new FieldDefinition("device", Device, Encoded, MissingForm.Quoted)),

        Resource("cgroup", "cgroup all", "Access to all devices was denied or allowed.", ReasonOf(GrantReasons), CgroupField(), Fixed("class", CgroupClass, "all")),
        Resource("cgroup", "cgroup major", "Access to a category of devices, by their major number.", ReasonOf(GrantReasons), CgroupField(), Fixed("class", CgroupClass, "major"),
            new("category", Category, Word, values: ["pty", "sound"]), new("maj", Major, Word, rule: ValueRule.Major), AccessField()),
        Resource("cgroup", "cgroup path", "Access to one device.", ReasonOf(GrantReasons), CgroupField(), Fixed("class", CgroupClass, "path"),
            new("path", DevicePath, Encoded, MissingForm.Quoted), new("rdev", DeviceNumber, Word, MissingForm.Bare, ValueRule.DeviceNumber), AccessField()),

        Resource("shmem", "shmem", "A shared memory.", ReasonOf(AttachReasons), new("size", Size, LargeNumber), new("path", DevicePath, Verbatim, MissingForm.Bare)),
        Resource("ivshmem-socket", "ivshmem-socket", "The socket of a shared memory's server.", ReasonOf(AttachReasons), new FieldDefinition("path", DevicePath, Verbatim, MissingForm.Bare)),
        Resource("evdev", "evdev", "An input device of the host.", ReasonOf(AttachReasons), new FieldDefinition("path", DevicePath, Verbatim, MissingForm.Bare)),
    ];

    /// <summary>The trailer that libaudit puts behind every body (<c>lib/audit_logging.c</c>), in its order.</summary>
    public static IReadOnlyList<FieldDefinition> Trailer { get; } =
    [
        new("exe", Executable, Encoded, MissingForm.QuotedOrBare),
        new("hostname", HostName, Word, MissingForm.Bare),
        new("addr", Address, Word, MissingForm.Bare),
        new("terminal", Terminal, Word, MissingForm.Bare),
        new("res", Result, Word, values: ["success", "failed"]),
    ];

    /// <summary>
    /// Fields that are read but never written: those of libvirt's published page (<c>docs/auditlog.html</c>), which the
    /// code does not write, and those of old versions.
    /// </summary>
    public static IReadOnlyList<FieldDefinition> ReadOnlyFields { get; } =
    [
        new("dev", Device, Encoded, MissingForm.Quoted) { Origin = "the published page, of a host device" },
        new("source", DevicePath, Encoded, MissingForm.Quoted) { Origin = "the published page, of a shared memory" },
        new("shmem", DevicePath, Encoded, MissingForm.Quoted) { Origin = "libvirt 2.4 to 3.4 and the published page: the name of a shared memory" },
        new("server", Device, Encoded, MissingForm.Quoted) { Origin = "libvirt 2.4 to 3.4: the socket of a shared memory's server" },
        new("item", CgroupClass, Word) { Origin = "libvirt's sources of February 2011, before `class`" },
    ];

    /// <summary>The values that the grammar knows for <paramref name="property"/>, each once, in the order of the table.</summary>
    /// <param name="property">The property.</param>
    /// <param name="isOf">Which shapes count; null for all. The trailer, which every record has, always does.</param>
    public static IReadOnlyList<string> ValuesOf(RecordField property, Func<RecordShape, bool>? isOf = null) =>
        [.. Shapes.Where(isOf ?? (_ => true)).SelectMany(shape => shape.Fields).Concat(Trailer).Where(field => field.Property == property).SelectMany(field => field.Values).Distinct()];

    private static FieldDefinition Fixed(string name, RecordField property, string value) => new(name, property, Word, fixedValue: value);

    private static FieldDefinition ReasonOf(params string[] values) => new("reason", Reason, Word, values: values);

    private static FieldDefinition CgroupField() => new("cgroup", Cgroup, Encoded, MissingForm.QuotedOrBare);

    private static FieldDefinition AccessField() => new("acl", Access, Word, rule: ValueRule.Access, values: ["rw", "rwm", "r", "w", "m", "rm", "wm"]);

    private static RecordShape Resource(string type, string name, string summary, FieldDefinition reason, params FieldDefinition[] rest) =>
        new(RecordTypes.Resource, name, summary, [DriverField, Fixed("resrc", ResourceType, type), reason, VMField, UuidField, .. rest]);

    private static RecordShape Value(string type, string summary, params string[] reasons) => Value(type, summary, ValueRule.None, reasons);

    private static RecordShape Value(string type, string summary, ValueRule rule, params string[] reasons) =>
        new(RecordTypes.Resource, type, summary, DriverField, Fixed("resrc", ResourceType, type), ReasonOf(reasons), VMField, UuidField,
            new("old-" + type, OldValue, Encoded, MissingForm.Quoted, rule), new("new-" + type, NewValue, Encoded, MissingForm.Quoted, rule))
        { NeedsValue = true };

    private static RecordShape Count(string type, string summary, ValueRule rule) =>
        Resource(type, type, summary, ReasonOf(CountReasons), new("old-" + type, OldValue, Number, rule: rule), new("new-" + type, NewValue, Number, rule: rule));
}
