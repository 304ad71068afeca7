using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Logs;

/// <summary>Keeps what a log gives while it is read on.</summary>
internal sealed class LiveSink : IEventSink
{
    public List<VirtAuditRecord> Records { get; } = [];

    public List<Fault> Faults { get; } = [];

    /// <summary>Called with each record, before it is kept.</summary>
    public Action<VirtAuditRecord> Taking { get; set; } = _ => { };

    /// <summary>The numbers of the records, as <see cref="RotatingLog"/> gave them.</summary>
    public int[] Numbers => [.. Records.Select(record => (int)record.Serial!.Value)];

    public void OnRecord(VirtAuditRecord record)
    {
        Taking(record);
        Records.Add(record);
    }

    public void OnFault(Fault fault) => Faults.Add(fault);

    public void OnProgress(LogFile log)
    {
    }
}
