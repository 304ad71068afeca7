using BenchmarkDotNet.Attributes;
using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>The session machine alone, on records that were read before.</summary>
public class SessionBenchmarks
{
    private const int Count = 100_000;
    private VirtAuditRecord[] _records = [];

    /// <summary>Makes the records.</summary>
    [GlobalSetup]
    public void Prepare() => _records = Sample.Records(Count);

    /// <summary>Takes them all.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public long Sessions()
    {
        long sessions = 0;
        var analysis = new TrailAnalysis { SessionKnown = _ => sessions++ };
        foreach (VirtAuditRecord record in _records)
        {
            analysis.Accept(record);
        }

        analysis.Complete();
        return sessions;
    }
}
