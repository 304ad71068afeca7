using BenchmarkDotNet.Attributes;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>A thousand records that a filter turns away, on their bytes.</summary>
public class FilterBenchmarks
{
    private const int Count = 1000;
    private readonly Discard _sink = new();
    private byte[][] _lines = [];
    private TextRecordReader? _reader;

    /// <summary>By what.</summary>
    [Params("VMName", "Uuid", "time", "ResourceType", "Value")]
    public string By { get; set; } = "";

    /// <summary>Makes the lines and the filter.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        _lines = Sample.Lines(Count);
        IReadOnlyList<TextPattern> none = [TextPattern.Exactly("none")];
        _reader = new TextRecordReader(
            new ReadOptions(By switch
            {
                "VMName" => new RecordFilter { VMName = none },
                "Uuid" => new RecordFilter { Uuid = none },
                "ResourceType" => new RecordFilter { ResourceType = none },
                "Value" => new RecordFilter { Value = none },
                _ => new RecordFilter { To = 0 },
            }),
            null,
            _sink);
    }

    /// <summary>Turns them away.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public long Reject()
    {
        foreach (byte[] line in _lines)
        {
            _reader!.Feed(line, 0);
        }

        return _sink.Count;
    }
}
