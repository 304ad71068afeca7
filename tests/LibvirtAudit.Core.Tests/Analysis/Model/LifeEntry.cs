using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis.Model;

/// <summary>One record of a life: of libvirt, or of another type.</summary>
internal sealed record LifeEntry(VirtAuditRecord? Record, AuditEvent? Event)
{
    public string? Node => Record?.Node ?? Event?.Node;

    public long Stamp => Record?.UnixMilliseconds ?? Event!.UnixMilliseconds!.Value;

    public ulong Serial => Record?.Serial ?? Event!.Serial!.Value;

    /// <summary>The event as sessions and assignments name it.</summary>
    public string Name =>
        (Node is null ? "" : $"node={Node} ") + FormattableString.Invariant($"{Stamp / 1000}.{Stamp % 1000:000}:{Serial}");

    public override string ToString() =>
        Record is VirtAuditRecord record ? Name + Show(record) : $"{Name} {RecordTypes.GetName(Event!.Type)}";

    private static string Show(VirtAuditRecord record) =>
        FormattableString.Invariant($" {record.RecordType} pid={record.ProcessId} {record.Operation}{record.ResourceType} {record.Reason} ")
        + FormattableString.Invariant($"vm={record.VMName} vm-pid={record.VMProcessId} {record.Model} {record.CgroupClass} ")
        + FormattableString.Invariant($"{record.OldValue}->{record.NewValue} {record.DevicePath}{record.Device} {record.Result}");
}
