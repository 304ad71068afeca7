namespace LibvirtAudit.Benchmarks.Running;

/// <summary>Something that is measured beside others.</summary>
internal abstract class Contender : IDisposable
{
    /// <summary>What the table calls it.</summary>
    public required string Name { get; init; }

    /// <summary>Why it can't run here; null where it can.</summary>
    public string? Missing { get; init; }

    /// <summary>Whether it is this project's: then its failure ends the run, that of another program is told in the table.</summary>
    public bool IsOurs { get; init; }

    /// <summary>What it must count; null where its answer can't be counted.</summary>
    public long? Expected { get; init; }

    /// <summary>How much it reads in a run, in bytes; 0 where that says nothing.</summary>
    public long Bytes { get; init; }

    /// <summary>How many records it goes through in a run; 0 where that says nothing.</summary>
    public long Records { get; init; }

    /// <summary>How many runs go before those that are counted, at least.</summary>
    public virtual int WarmUps => 1;

    /// <summary>How often it ran, those before included.</summary>
    public int TimesRun { get; private set; }

    /// <summary>Runs once, and checks what was counted.</summary>
    /// <exception cref="ContenderFailedException">It failed, took too long, or counted something else than is in the log: then it did another task.</exception>
    public Measurement RunChecked()
    {
        TimesRun++;
        Measurement run = Run();
        return Expected is long expected && run.Count != expected
            ? throw new ContenderFailedException(FormattableString.Invariant($"{Name} counts {run.Count} where there are {expected}"))
            : run;
    }

    /// <summary>Runs once.</summary>
    /// <exception cref="ContenderFailedException">It failed, or took too long.</exception>
    public abstract Measurement Run();

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }
}
