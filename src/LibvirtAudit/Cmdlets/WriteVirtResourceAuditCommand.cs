using System.Management.Automation;
using LibvirtAudit.Audit;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Writes a VIRT_RESOURCE record: a resource was given to a guest, taken from it or changed.</summary>
[Cmdlet(VerbsCommunications.Write, "VirtResourceAudit", SupportsShouldProcess = true)]
[OutputType(typeof(VirtAuditRecord))]
public sealed class WriteVirtResourceAuditCommand : WritingCmdlet
{
    private const string Memory = "mem";
    private const int Kib = 1024;

    /// <summary>Makes the cmdlet.</summary>
    public WriteVirtResourceAuditCommand()
        : base(RecordTypes.Resource)
    {
    }

    /// <summary>The kind of resource: disk, net, mem, cgroup, … It decides which of the other parameters belong to the record.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? ResourceType { get; set; }

    /// <summary>Why it happened: start, attach, detach, update, open, allow, deny, …</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Reason { get; set; }

    /// <summary>The value before the change: a path, MAC address or certificate, or a number for vcpu, iothread and mem (KiB).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public object? OldValue { get; set; }

    /// <summary>The value after the change: a path, MAC address or certificate, or a number for vcpu, iothread and mem (KiB).</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public object? NewValue { get; set; }

    /// <summary>The memory before the change in bytes (512MB), instead of -OldValue.</summary>
    [Parameter]
    [WholeNumber]
    public long? OldMemory { get; set; }

    /// <summary>The memory after the change in bytes (512MB), instead of -NewValue.</summary>
    [Parameter]
    [WholeNumber]
    public long? NewMemory { get; set; }

    /// <summary>The bus of a host device: usb, pci, scsi, scsi_host or mdev.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Bus { get; set; }

    /// <summary>The address of a host device, or the device or socket of a TPM.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? Device { get; set; }

    /// <summary>The host disk given to a container.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? HostDisk { get; set; }

    /// <summary>The host character device given to a container.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? HostChardev { get; set; }

    /// <summary>The guest's MAC address, where a device was opened for its network interface.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? MacAddress { get; set; }

    /// <summary>The path of an opened device, of a device of a cgroup grant, of a shared memory, a socket or an input device.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? DevicePath { get; set; }

    /// <summary>The device's major and minor number in hexadecimal, 0A:C8. Where it is not given, that of the device at -DevicePath is written, or ? where no device is there.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? DeviceNumber { get; set; }

    /// <summary>The control group.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? Cgroup { get; set; }

    /// <summary>What the cgroup record is about: all devices, a category by its major number, or the device at a path.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? CgroupClass { get; set; }

    /// <summary>The category of devices of a cgroup record of class major: pty, sound.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Category { get; set; }

    /// <summary>The major number in hexadecimal of a cgroup record of class major, 88.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? Major { get; set; }

    /// <summary>The access granted or denied: letters of rwm, in that order.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Access { get; set; }

    /// <summary>The size of a shared memory in bytes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumber]
    public ulong? Size { get; set; }

    private protected override void Fill(VirtAuditRecord record)
    {
        record.ResourceType = ResourceType;
        record.Reason = Reason;
        record.OldValue = Value(OldValue, OldMemory, nameof(OldMemory), RecordField.OldValue);
        record.NewValue = Value(NewValue, NewMemory, nameof(NewMemory), RecordField.NewValue);
        record.Bus = Bus;
        record.Device = Device;
        record.HostDisk = HostDisk;
        record.HostChardev = HostChardev;
        record.MacAddress = MacAddress;
        record.DevicePath = DevicePath;
        record.DeviceNumber = DeviceNumber;
        record.Cgroup = Cgroup;
        record.CgroupClass = CgroupClass;
        record.Category = Category;
        record.Major = Major;
        record.Access = Access;
        record.Size = Size;
    }

    private object? Value(object? value, long? bytes, string parameter, RecordField field)
    {
        if (bytes is not long memory)
        {
            return PlainValue.Of(value);
        }

        if (!Memory.Equals(ResourceType, StringComparison.OrdinalIgnoreCase))
        {
            throw new FaultException(FieldFaults.NotMemory(parameter, ResourceType));
        }

        if (value is not null)
        {
            throw new FaultException(FieldFaults.Exclusive(parameter, field));
        }

        return memory >= 0 && memory % Kib == 0 ? memory / Kib : throw new FaultException(FieldFaults.NotWholeKib(parameter, memory));
    }
}
