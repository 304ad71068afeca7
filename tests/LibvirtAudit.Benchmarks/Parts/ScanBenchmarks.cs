using BenchmarkDotNet.Attributes;
using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>Finding the lines that can hold a record in 16 MB, beside the framework's search for one word.</summary>
public class ScanBenchmarks
{
    private readonly CandidateScanner _scanner = new(CandidateScanner.VirtWords);
    private byte[] _log = [];

    /// <summary>How many of the lines are libvirt's.</summary>
    [Params(0.02, 1.0)]
    public double Share { get; set; }

    /// <summary>Makes the log.</summary>
    [GlobalSetup]
    public void MakeLog() => _log = Sample.Log(new LogRecipe("scan", Share) { Bytes = 16_000_000 });

    /// <summary>Ours, for all words.</summary>
    [Benchmark(Baseline = true)]
    public int Candidates()
    {
        int count = 0;
        for (int position = 0; _scanner.TryNext(_log, ref position, out _, out _); count++)
        {
        }

        return count;
    }

    /// <summary>The framework's, for one.</summary>
    [Benchmark]
    public int IndexOfOneWord()
    {
        int count = 0;
        ReadOnlySpan<byte> rest = _log;
        for (int hit; (hit = rest.IndexOf("type=VIRT_"u8)) >= 0; count++)
        {
            rest = rest[(hit + 1)..];
        }

        return count;
    }
}
