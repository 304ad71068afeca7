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
}
