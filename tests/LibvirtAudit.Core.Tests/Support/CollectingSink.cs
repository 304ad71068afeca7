using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Support;

internal sealed record MalformedLine(long Offset, string Defect, string Line);

/// <summary>Keeps what a reader finds.</summary>
internal sealed class CollectingSink : IEventSink
{
    public List<VirtAuditRecord> Records { get; } = [];

    public List<MalformedLine> Malformed { get; } = [];

    public void OnRecord(VirtAuditRecord record) => Records.Add(record);

    public List<AuditEvent> Events { get; } = [];

    public List<Fault> Unread { get; } = [];

    public void OnEvent(AuditEvent record) => Events.Add(record);

    public void OnFault(Fault fault)
    {
        if (fault.Id == FaultId.UnreadLines)
        {
            Unread.Add(fault);
        }
        else
        {
            Malformed.Add(new MalformedLine(fault.Place!.Offset, fault.Message, (string)fault.Target!));
        }
    }

    /// <summary>What a text gives, line by line.</summary>
    public static CollectingSink Read(IEnumerable<byte[]> lines, ReadOptions? options = null)
    {
        var sink = new CollectingSink();
        var reader = new TextRecordReader(options ?? new ReadOptions(RecordFilter.All), null, sink);
        long offset = 0;
        foreach (byte[] line in lines)
        {
            reader.Feed(line, offset);
            offset += line.Length + 1;
        }

        reader.Complete();
        return sink;
    }

    public static CollectingSink Read(string text, ReadOptions? options = null) => Read(TestData.SplitLines(System.Text.Encoding.UTF8.GetBytes(text)), options);

    public static VirtAuditRecord ReadOne(string line) => Assert.Single(Read(line).Records);
}
