namespace LibvirtAudit.Benchmarks.Works;

/// <summary>A session of the engine, with the module or without: to be measured from the process's start to its end.</summary>
internal sealed class EngineStartWork(bool imports) : IWork
{
    /// <inheritdoc/>
    public void Run()
    {
        using var engine = new Engine();
        if (imports)
        {
            engine.Import();
        }

        engine.Run("$null");
    }

    /// <inheritdoc/>
    public long GetCount() => 0;
}
