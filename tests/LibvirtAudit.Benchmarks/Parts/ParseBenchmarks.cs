using BenchmarkDotNet.Attributes;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>One line to one record, by the kind of the record.</summary>
public class ParseBenchmarks
{
    private readonly TextRecordReader _reader = new(new ReadOptions(RecordFilter.All), null, new Discard());
    private byte[] _line = [];

    /// <summary>What the line must hold.</summary>
    [Params("op=start", "op=stop", "model=selinux", "resrc=disk", "resrc=net", "resrc=mem", "class=path", "UNKNOWN[25")]
    public string Kind { get; set; } = "";

    /// <summary>Finds a line of the kind.</summary>
    [GlobalSetup]
    public void FindLine()
    {
        byte[] mark = System.Text.Encoding.ASCII.GetBytes(Kind);
        _line = Sample.Lines(5000).First(line => line.AsSpan().IndexOf(mark) >= 0);
    }

    /// <summary>Parses it.</summary>
    [Benchmark]
    public void Parse() => _reader.Feed(_line, 0);
}
