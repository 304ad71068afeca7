using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Support;

internal sealed record MalformedLine(long Offset, string Defect, string Line);

/// <summary>Keeps what a reader finds.</summary>
internal sealed class CollectingSink : IRecordSink
{
    public List<VirtAuditRecord> Records { get; } = [];

    public List<MalformedLine> Malformed { get; } = [];

    public void OnRecord(VirtAuditRecord record) => Records.Add(record);

    public void OnMalformed(long offset, string defect, ReadOnlySpan<byte> line) => Malformed.Add(new MalformedLine(offset, defect, ByteText.GetString(line)));

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
