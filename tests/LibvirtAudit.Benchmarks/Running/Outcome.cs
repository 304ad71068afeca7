namespace LibvirtAudit.Benchmarks.Running;

/// <summary>What a contender took in all its runs.</summary>
/// <param name="Contender">Which.</param>
/// <param name="Runs">Its runs that count; none where it failed.</param>
/// <param name="Failure">Why it has none.</param>
internal sealed record Outcome(Contender Contender, IReadOnlyList<Measurement> Runs, string? Failure = null)
{
    /// <summary>The middle of the times.</summary>
    public double Seconds => Median(run => run.Seconds);

    /// <summary>The shortest time.</summary>
    public double Fastest => Runs.Min(run => run.Seconds);

    /// <summary>The longest time.</summary>
    public double Slowest => Runs.Max(run => run.Seconds);

    /// <summary>The middle of the processor times.</summary>
    public double CpuSeconds => Median(run => run.CpuSeconds);

    /// <summary>The most memory in any run.</summary>
    public long PeakBytes => Runs.Max(run => run.PeakBytes);

    /// <summary>What it counted in its last run.</summary>
    public long? Count => Runs[^1].Count;

    private double Median(Func<Measurement, double> value)
    {
        double[] sorted = [.. Runs.Select(value).Order()];
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
