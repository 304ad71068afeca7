using System.Diagnostics.CodeAnalysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>Reads the one event of a line that is no libvirt record.</summary>
internal sealed class EventLine : IEventSink
{
    private readonly TextRecordReader _reader;
    private AuditEvent? _found;

    public EventLine() => _reader = new TextRecordReader(new ReadOptions(RecordFilter.All) { Events = EventTypes.Analysis }, null, this);

    /// <summary>Reads a line once, with a reader of its own.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AuditEvent? found) => new EventLine().TryRead(line, out found);

    /// <summary>Reads a line.</summary>
    public bool TryRead(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AuditEvent? found)
    {
        _found = null;
        _reader.Feed(line, 0);
        _reader.Complete();
        found = _found;
        return found is not null;
    }

    void IEventSink.OnRecord(VirtAuditRecord record)
    {
    }

    void IEventSink.OnFault(Fault fault)
    {
    }

    void IEventSink.OnEvent(AuditEvent record) => _found = record;
}
