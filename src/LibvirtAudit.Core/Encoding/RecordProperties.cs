using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Encoding;

/// <summary>The properties of a record by the grammar's names.</summary>
public static class RecordProperties
{
    /// <summary>The value that <paramref name="property"/> has in <paramref name="record"/>; null where it has none.</summary>
    public static object? Get(VirtAuditRecord record, RecordField property) => property switch
    {
        RecordField.Driver => record.Driver,
        RecordField.VMName => record.VMName,
        RecordField.Uuid => record.Uuid,
        RecordField.Operation => record.Operation,
        RecordField.ResourceType => record.ResourceType,
        RecordField.Reason => record.Reason,
        RecordField.OldValue => record.OldValue,
        RecordField.NewValue => record.NewValue,
        RecordField.Bus => record.Bus,
        RecordField.Device => record.Device,
        RecordField.HostDisk => record.HostDisk,
        RecordField.HostChardev => record.HostChardev,
        RecordField.MacAddress => record.MacAddress,
        RecordField.DevicePath => record.DevicePath,
        RecordField.DeviceNumber => record.DeviceNumber,
        RecordField.Cgroup => record.Cgroup,
        RecordField.CgroupClass => record.CgroupClass,
        RecordField.Category => record.Category,
        RecordField.Major => record.Major,
        RecordField.Access => record.Access,
        RecordField.Size => record.Size,
        RecordField.VMProcessId => record.VMProcessId,
        RecordField.InitProcessId => record.InitProcessId,
        RecordField.PidNamespace => record.PidNamespace,
        RecordField.Model => record.Model,
        RecordField.VMContext => record.VMContext,
        RecordField.ImageContext => record.ImageContext,
        RecordField.Executable => record.Executable,
        RecordField.HostName => record.HostName,
        RecordField.Address => record.Address,
        RecordField.Terminal => record.Terminal,
        RecordField.Result => record.Result,
        _ => throw new ArgumentOutOfRangeException(nameof(property), property, null),
    };

    /// <summary>Gives <paramref name="property"/> of <paramref name="record"/> a value of the property's type.</summary>
    public static void Set(VirtAuditRecord record, RecordField property, object? value)
    {
        switch (property)
        {
            case RecordField.Driver:
                record.Driver = (string?)value;
                break;
            case RecordField.VMName:
                record.VMName = (string?)value;
                break;
            case RecordField.Uuid:
                record.Uuid = (Guid?)value;
                break;
            case RecordField.Operation:
                record.Operation = (string?)value;
                break;
            case RecordField.ResourceType:
                record.ResourceType = (string?)value;
                break;
            case RecordField.Reason:
                record.Reason = (string?)value;
                break;
            case RecordField.OldValue:
                record.OldValue = value;
                break;
            case RecordField.NewValue:
                record.NewValue = value;
                break;
            case RecordField.Bus:
                record.Bus = (string?)value;
                break;
            case RecordField.Device:
                record.Device = (string?)value;
                break;
            case RecordField.HostDisk:
                record.HostDisk = (string?)value;
                break;
            case RecordField.HostChardev:
                record.HostChardev = (string?)value;
                break;
            case RecordField.MacAddress:
                record.MacAddress = (string?)value;
                break;
            case RecordField.DevicePath:
                record.DevicePath = (string?)value;
                break;
            case RecordField.DeviceNumber:
                record.DeviceNumber = (string?)value;
                break;
            case RecordField.Cgroup:
                record.Cgroup = (string?)value;
                break;
            case RecordField.CgroupClass:
                record.CgroupClass = (string?)value;
                break;
            case RecordField.Category:
                record.Category = (string?)value;
                break;
            case RecordField.Major:
                record.Major = (string?)value;
                break;
            case RecordField.Access:
                record.Access = (string?)value;
                break;
            case RecordField.Size:
                record.Size = (ulong?)value;
                break;
            case RecordField.VMProcessId:
                record.VMProcessId = (long?)value;
                break;
            case RecordField.InitProcessId:
                record.InitProcessId = (long?)value;
                break;
            case RecordField.PidNamespace:
                record.PidNamespace = (ulong?)value;
                break;
            case RecordField.Model:
                record.Model = (string?)value;
                break;
            case RecordField.VMContext:
                record.VMContext = (string?)value;
                break;
            case RecordField.ImageContext:
                record.ImageContext = (string?)value;
                break;
            case RecordField.Executable:
                record.Executable = (string?)value;
                break;
            case RecordField.HostName:
                record.HostName = (string?)value;
                break;
            case RecordField.Address:
                record.Address = (string?)value;
                break;
            case RecordField.Terminal:
                record.Terminal = (string?)value;
                break;
            case RecordField.Result:
                record.Result = (string?)value;
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(property), property, null);
        }
    }
}
