using System.Text.Json.Serialization;
using LibvirtAudit.Audit;
using LibvirtAudit.Format;

namespace LibvirtAudit.Records;

/// <summary>
/// One audit record of a guest's life or resources, whatever its kind and wherever it was read. One class holds the
/// properties of every kind, null where one does not apply: exports and tables take their columns from the first object.
/// </summary>
/// <remarks>
/// Text values that were not valid UTF-8 in the log are in the lossless form of <see cref="Encoding.ByteText"/>.
/// An unset id (4294967295) and a missing value (<c>?</c>) are null.
/// </remarks>
public sealed class VirtAuditRecord
{
    private string? _eventId;
    private ulong? _serial;
    private bool _isNamedByStamp;
    private uint _missingBare;
    private RecordSender _sender = RecordSender.Unknown;
    private RecordDetails _details = RecordDetails.None;

    /// <summary><c>SEC.MMM:SERIAL</c>, the name by which <c>ausearch -a</c> and libauparse know the event. Null where the carrier holds no serial.</summary>
    public string? EventId
    {
        get => _isNamedByStamp ? _eventId ??= EventStamp.Write(UnixMilliseconds!.Value, _serial!.Value) : _eventId;
        set
        {
            _eventId = value;
            _isNamedByStamp = false;
        }
    }

    /// <summary>When the event was stamped, in local time. Null where the carrier holds no full date.</summary>
    public DateTime? Timestamp
    {
        get => UnixMilliseconds is long stamp ? ToLocalTime(stamp) : null;
        set
        {
            KeepEventId();
            UnixMilliseconds = value is DateTime time ? ToUnixMilliseconds(time) : null;
        }
    }

    /// <summary>The event's serial; it restarts when the host boots, and auditd's own records carry another sequence.</summary>
    public ulong? Serial
    {
        get => _serial;
        set
        {
            KeepEventId();
            _serial = value;
        }
    }

    /// <summary>The host as <c>node=</c> or the journal names it; null where the log names none.</summary>
    public string? Node { get; set; }

    /// <summary>The record's type by name: <c>VIRT_CONTROL</c>, <c>VIRT_MACHINE_ID</c>, <c>VIRT_RESOURCE</c> or another of the 2500–2599 range (<c>UNKNOWN[2508]</c> where the number has no name).</summary>
    public string? RecordType { get; set; }

    /// <summary>The record's type by number (2500–2599).</summary>
    public int? RecordTypeId { get; set; }

    /// <summary>The guest's driver, libvirt's domain type (<c>virt=</c>): qemu, kvm, lxc, xen, …</summary>
    public string? Driver { get; set; }

    /// <summary>The guest's name (<c>vm=</c>).</summary>
    public string? VMName { get; set; }

    /// <summary>The guest's UUID; null in records that carry none (Docker, damage).</summary>
    public Guid? Uuid { get; set; }

    /// <summary>What happened to the guest (<c>op=</c>): start, stop, init.</summary>
    public string? Operation { get; set; }

    /// <summary>The kind of resource (<c>resrc=</c>): disk, net, mem, cgroup, …</summary>
    public string? ResourceType { get; set; }

    /// <summary>Why it happened (<c>reason=</c>): booted, destroyed, attach, allow, … An open set.</summary>
    public string? Reason { get; set; }

    /// <summary><c>success</c> or <c>failed</c> (<c>res=</c>); null where the text was cut before it.</summary>
    public string? Result { get; set; }

    /// <summary>The value before the change (<c>old-*</c>): a number (<see cref="long"/>) for vcpu, mem (KiB) and iothread, else text. Null where there was none.</summary>
    public object? OldValue { get; set; }

    /// <summary>The value after the change (<c>new-*</c>): a number (<see cref="long"/>) for vcpu, mem (KiB) and iothread, else text. Null where there is none.</summary>
    public object? NewValue { get; set; }

    /// <summary>The host device's bus (<c>bus=</c>): usb, pci, scsi, scsi_host, mdev.</summary>
    public string? Bus { get => _details.Bus; set => DetailsFor(value is null).Bus = value; }

    /// <summary>The host device or TPM device (<c>device=</c>; <c>dev=</c> in libvirt's published page).</summary>
    public string? Device { get => _details.Device; set => DetailsFor(value is null).Device = value; }

    /// <summary>The host disk given to a container (<c>disk=</c> of <c>resrc=hostdev</c>).</summary>
    public string? HostDisk { get => _details.HostDisk; set => DetailsFor(value is null).HostDisk = value; }

    /// <summary>The host character device given to a container (<c>chardev=</c> of <c>resrc=hostdev</c>).</summary>
    public string? HostChardev { get => _details.HostChardev; set => DetailsFor(value is null).HostChardev = value; }

    /// <summary>The guest's MAC address in a record of an opened host network device (<c>net=</c>).</summary>
    public string? MacAddress { get => _details.MacAddress; set => DetailsFor(value is null).MacAddress = value; }

    /// <summary>A path on the host (<c>path=</c>): the opened device, the device of a cgroup grant, the shared memory, the socket, the input device.</summary>
    public string? DevicePath { get => _details.DevicePath; set => DetailsFor(value is null).DevicePath = value; }

    /// <summary>The device's number (<c>rdev=</c>): two hexadecimal numbers, <c>MAJOR:MINOR</c>.</summary>
    public string? DeviceNumber { get => _details.DeviceNumber; set => DetailsFor(value is null).DeviceNumber = value; }

    /// <summary>The control group (<c>cgroup=</c>).</summary>
    public string? Cgroup { get => _details.Cgroup; set => DetailsFor(value is null).Cgroup = value; }

    /// <summary>What a cgroup record is about (<c>class=</c>): all, major or path.</summary>
    public string? CgroupClass { get => _details.CgroupClass; set => DetailsFor(value is null).CgroupClass = value; }

    /// <summary>The device category of a cgroup record of class major (<c>category=</c>).</summary>
    public string? Category { get => _details.Category; set => DetailsFor(value is null).Category = value; }

    /// <summary>The device's major number in hexadecimal (<c>maj=</c>) of a cgroup record of class major.</summary>
    public string? Major { get => _details.Major; set => DetailsFor(value is null).Major = value; }

    /// <summary>The access granted or denied (<c>acl=</c>): letters of <c>rwm</c>.</summary>
    public string? Access { get => _details.Access; set => DetailsFor(value is null).Access = value; }

    /// <summary>The size of a shared memory in bytes (<c>size=</c>).</summary>
    public ulong? Size { get => _details.Size; set => DetailsFor(value is null).Size = value; }

    /// <summary>The emulator's process id (<c>vm-pid=</c>); 0 when the guest does not run.</summary>
    public long? VMProcessId { get; set; }

    /// <summary>The process id of a container's init (<c>init-pid=</c>).</summary>
    public long? InitProcessId { get => _details.InitProcessId; set => DetailsFor(value is null).InitProcessId = value; }

    /// <summary>The inode number of a container's pid namespace (<c>pid-ns=</c>).</summary>
    public ulong? PidNamespace { get => _details.PidNamespace; set => DetailsFor(value is null).PidNamespace = value; }

    /// <summary>The security model (<c>model=</c>): selinux, apparmor, dac, none.</summary>
    public string? Model { get => _details.Model; set => DetailsFor(value is null).Model = value; }

    /// <summary>The guest's security label (<c>vm-ctx=</c>).</summary>
    public string? VMContext { get => _details.VMContext; set => DetailsFor(value is null).VMContext = value; }

    /// <summary>The label of the guest's images (<c>img-ctx=</c>).</summary>
    public string? ImageContext { get => _details.ImageContext; set => DetailsFor(value is null).ImageContext = value; }

    /// <summary>The process id of the daemon that wrote the record.</summary>
    public int? ProcessId { get => _sender.ProcessId; set => _sender = _sender with { ProcessId = value }; }

    /// <summary>The user id of the daemon that wrote the record, not of the person who acted.</summary>
    public uint? UserId { get => _sender.UserId; set => _sender = _sender with { UserId = value }; }

    /// <summary>The name of <see cref="UserId"/>, in enriched logs.</summary>
    public string? UserName { get => _sender.UserName; set => _sender = _sender with { UserName = value }; }

    /// <summary>The login user id of the daemon; null when unset, as it is for a service.</summary>
    public uint? LoginUserId { get => _sender.LoginUserId; set => _sender = _sender with { LoginUserId = value }; }

    /// <summary>The name of <see cref="LoginUserId"/>, in enriched logs; null when unset.</summary>
    public string? LoginUserName { get => _sender.LoginUserName; set => _sender = _sender with { LoginUserName = value }; }

    /// <summary>The daemon's login session; null when unset.</summary>
    public uint? SessionId { get => _sender.SessionId; set => _sender = _sender with { SessionId = value }; }

    /// <summary>The daemon's security label (<c>subj=</c>); null where no security module runs.</summary>
    public string? Subject { get => _sender.Subject; set => _sender = _sender with { Subject = value }; }

    /// <summary>The program that wrote the record (<c>exe=</c>).</summary>
    public string? Executable { get => _sender.Executable; set => _sender = _sender with { Executable = value }; }

    /// <summary>The host name that the writer stated (<c>hostname=</c>).</summary>
    public string? HostName { get => _sender.HostName; set => _sender = _sender with { HostName = value }; }

    /// <summary>The network address that the writer stated (<c>addr=</c>).</summary>
    public string? Address { get => _sender.Address; set => _sender = _sender with { Address = value }; }

    /// <summary>The writer's terminal (<c>terminal=</c>).</summary>
    public string? Terminal { get => _sender.Terminal; set => _sender = _sender with { Terminal = value }; }

    /// <summary>False where libvirt's own log says that the kernel refused the record; null elsewhere.</summary>
    public bool? Delivered { get; set; }

    /// <summary>Fields that the record grammar does not know, verbatim and in their order.</summary>
    public string? AdditionalFields { get; set; }

    /// <summary>Where the record was read: a file's path, <c>netlink</c>, or null for text.</summary>
    public string? Source { get; set; }

    /// <summary>The line as it was read: when asked for, and always where it is not in a shape that libvirt writes.</summary>
    public string? RawText { get; set; }

    /// <summary>The stamp in milliseconds since 1970-01-01 UTC: what everything ordered or compared uses, since local time has an hour twice each autumn.</summary>
    [JsonIgnore]
    internal long? UnixMilliseconds { get; set; }

    /// <summary>Whether the event's name follows from the stamp and the serial, so that who keeps those need not keep it.</summary>
    [JsonIgnore]
    internal bool IsNamedByStamp => _isNamedByStamp;

    /// <summary>Whether one of the fields that few kinds of records have is there.</summary>
    [JsonIgnore]
    internal bool HasDetails => _details != RecordDetails.None;

    /// <summary>What the sender's properties hold, together; shared with other records, and never changed.</summary>
    [JsonIgnore]
    internal RecordSender Sender { get => _sender; set => _sender = value; }

    /// <summary>
    /// Whether libaudit's trailer stands behind the body, as in all that went through the audit system; libvirt's own log has none.
    /// It is there also where the program could not be known (<c>exe="?"</c>).
    /// </summary>
    [JsonIgnore]
    internal bool HasTrailer { get => Result is not null && (field || Executable is not null || EventId is not null); set; }

    /// <summary>Whether the text says with a bare <c>?</c> that a value is missing where it usually does so in quotes.</summary>
    internal bool IsMissingBare(RecordField property) => (_missingBare >> (int)property & 1) != 0;

    /// <summary>Keeps that a value is missing with a bare <c>?</c>, so that the record can be written as it was read.</summary>
    internal void SetMissingBare(RecordField property) => _missingBare |= 1u << (int)property;

    /// <summary>Gives the stamp and the serial, and with them the event's name, which most readers of a record never ask for.</summary>
    internal void SetEvent(long unixMilliseconds, ulong serial)
    {
        UnixMilliseconds = unixMilliseconds;
        _serial = serial;
        _isNamedByStamp = true;
    }

    /// <summary>The record in one line for people, free of control characters.</summary>
    public override string ToString() => RecordText.Describe(this);

    // At both ends of what a DateTime holds its own conversions stop at the end, where those of DateTimeOffset throw.
    internal static DateTime ToLocalTime(long unixMilliseconds) => DateTime.UnixEpoch.AddMilliseconds(unixMilliseconds).ToLocalTime();

    internal static long ToUnixMilliseconds(DateTime time) =>
        (time.ToUniversalTime().Ticks / TimeSpan.TicksPerMillisecond) - (DateTime.UnixEpoch.Ticks / TimeSpan.TicksPerMillisecond);

    private RecordDetails DetailsFor(bool isNull) => isNull || _details != RecordDetails.None ? _details : _details = new RecordDetails();

    // A name that follows from the stamp stays what it was when the stamp is changed.
    private void KeepEventId() => EventId = _isNamedByStamp ? EventId : _eventId;
}
