using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Reports;

/// <summary>What contenders took, side by side.</summary>
internal static class OutcomeTable
{
    /// <summary>A table of all outcomes; times are also given as multiples of the first one's. What could not run is named below it.</summary>
    public static string Of(IReadOnlyList<Outcome> outcomes)
    {
        var table = new Table("", "median s", "fastest–slowest", "× first", "MB/s", "records/s", "CPU s", "peak MB", "runs");
        Outcome? first = outcomes.FirstOrDefault(outcome => outcome.Failure is null);
        foreach (Outcome outcome in outcomes.Where(outcome => outcome.Failure is null))
        {
            table.Add(
                outcome.Contender.Name,
                Figure.Seconds(outcome.Seconds),
                $"{Figure.Seconds(outcome.Fastest)}–{Figure.Seconds(outcome.Slowest)}",
                Figure.Times(outcome.Seconds, first!.Seconds),
                Figure.Rate(outcome.Contender.Bytes / 1e6, outcome.Seconds),
                Figure.Rate(outcome.Contender.Records, outcome.Seconds),
                Figure.Seconds(outcome.CpuSeconds),
                Figure.Megabytes(outcome.PeakBytes),
                Figure.Number(outcome.Runs.Count));
        }

        string[] failures = [.. outcomes.Where(outcome => outcome.Failure is not null).Select(outcome => $"{outcome.Contender.Name}: {outcome.Failure}")];
        return failures.Length == 0 ? table.ToString() : $"{table}\n\nNot measured: {string.Join("; ", failures)}.";
    }
}
