using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>Counts records. A failure ends the run: a log that can't be read is no measure of anything.</summary>
internal class CountingSink : IEventSink
{
    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public virtual void OnRecord(VirtAuditRecord record) => Count++;

    /// <inheritdoc/>
    public void OnFault(Fault fault) => throw new FaultException(fault);

    /// <inheritdoc/>
    public virtual void OnEvent(AuditEvent record)
    {
    }
}
