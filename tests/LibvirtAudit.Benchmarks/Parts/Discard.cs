using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>Takes records and counts them.</summary>
internal sealed class Discard : IEventSink
{
    /// <summary>How many there were.</summary>
    public long Count { get; private set; }

    /// <inheritdoc/>
    public void OnRecord(VirtAuditRecord record) => Count++;

    /// <inheritdoc/>
    public void OnFault(Fault fault) => throw new InvalidDataException(fault.Message);
}
