using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>Keeps what a reader finds in one text.</summary>
internal sealed class Collector : IEventSink
{
    public List<VirtAuditRecord> Records { get; } = [];

    public List<(long Offset, string Defect)> Malformed { get; } = [];

    /// <summary>Where the text begins for its reader.</summary>
    public long Base { get; set; }

    /// <summary>Whether the messages of malformed lines are made, and checked.</summary>
    public bool MakesMessages { get; init; }

    public void Clear()
    {
        Records.Clear();
        Malformed.Clear();
    }

    public void OnRecord(VirtAuditRecord record) => Records.Add(record);

    public void OnFault(Fault fault)
    {
        Malformed.Add((fault.Place!.Offset - Base, fault.Message));
        if (MakesMessages)
        {
            Shown.Check("the message of a fault", fault.Message);
        }
    }
}
