using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>What the benchmarks of the parts work on: generated logs in memory.</summary>
internal static class Sample
{
    /// <summary>A log in memory.</summary>
    public static byte[] Log(LogRecipe recipe)
    {
        var stream = new MemoryStream();
        LogGenerator.Write(recipe, ModuleFolder.Capture, stream);
        return stream.ToArray();
    }

    /// <summary>So many lines of libvirt's.</summary>
    public static byte[][] Lines(int count)
    {
        byte[] log = Log(new LogRecipe("sample", 1) { Records = count });
        var lines = new List<byte[]>(count);
        for (int start = 0, end; start < log.Length; start = end + 1)
        {
            end = Array.IndexOf(log, (byte)'\n', start);
            lines.Add(log[start..end]);
        }

        return [.. lines];
    }

    /// <summary>So many records.</summary>
    public static VirtAuditRecord[] Records(int count)
    {
        var sink = new Sink();
        var reader = new TextRecordReader(new ReadOptions(RecordFilter.All), null, sink);
        foreach (byte[] line in Lines(count))
        {
            reader.Feed(line, 0);
        }

        reader.Complete();
        return [.. sink.Records];
    }

    private sealed class Sink : IEventSink
    {
        public List<VirtAuditRecord> Records { get; } = [];

        public void OnRecord(VirtAuditRecord record) => Records.Add(record);

        public void OnFault(Fault fault) => throw new InvalidDataException(fault.Message);
    }
}
