using BenchmarkDotNet.Attributes;
using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Works;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>Records through the pipeline of the engine, beside one prepared object as often.</summary>
public class PipelineBenchmarks : IDisposable
{
    private const int Count = 20_000;
    private readonly string _log = Path.GetTempFileName();
    private ScriptWork? _records;
    private ScriptWork? _prepared;

    /// <summary>Makes the log.</summary>
    [GlobalSetup]
    public void Prepare()
    {
        LogGenerator.Write(new LogRecipe("pipeline", 1) { Records = Count }, ModuleFolder.Capture, File.Create(_log));
        _records = new ScriptWork("Get-VirtAuditRecord -LiteralPath $args[0]", _log);
        _prepared = new ScriptWork("Get-PreparedObject $args[0]", Count);
    }

    /// <summary>Ends the engines and removes the log.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _records?.Dispose();
        _prepared?.Dispose();
        File.Delete(_log);
        GC.SuppressFinalize(this);
    }

    /// <summary>The pipeline's own cost.</summary>
    [Benchmark(Baseline = true, OperationsPerInvoke = Count)]
    public void Prepared() => _prepared!.Run();

    /// <summary>With reading.</summary>
    [Benchmark(OperationsPerInvoke = Count)]
    public void Records() => _records!.Run();
}
