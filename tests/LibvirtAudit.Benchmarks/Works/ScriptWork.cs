namespace LibvirtAudit.Benchmarks.Works;

/// <summary>A pipeline in the embedded engine that ends in Out-Null; how many objects it gives was counted before, by the same pipeline.</summary>
internal sealed class ScriptWork : IWork, IDisposable
{
    private readonly Engine _engine = new();
    private readonly string _script;
    private readonly object[] _arguments;
    private readonly long _count;

    /// <summary>Makes a work of a script that takes <c>$args</c>.</summary>
    public ScriptWork(string pipeline, params object[] arguments)
    {
        _engine.Import();
        _script = pipeline + " | Out-Null";
        _arguments = arguments;
        _count = (long)_engine.Run($"$n = 0L; {pipeline} | ForEach-Object {{ $n++ }}; $n", arguments)!;
    }

    /// <inheritdoc/>
    public void Run() => _engine.Run(_script, _arguments);

    /// <inheritdoc/>
    public long GetCount() => _count;

    /// <inheritdoc/>
    public void Dispose() => _engine.Dispose();
}
