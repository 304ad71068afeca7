namespace LibvirtAudit.Soak;

/// <summary>
/// Whether what the process holds stayed flat: the median of the last quarter of the run against that of the second one. The
/// first quarter is the warm-up. Handles and threads may differ by the few that come and go with a restart; memory by a
/// tenth and what the runtime takes and gives back in one piece. Of a run of less than two minutes memory is not judged.
/// </summary>
internal static class Flatness
{
    private const int MoreHandles = 6;
    private const int MoreThreads = 4;
    private const long MoreManaged = 2 << 20;
    private const long MoreResident = 24 << 20;
    private static readonly double ShortestForMemory = TimeSpan.FromMinutes(2).TotalSeconds;

    public static IEnumerable<string> Judge(IReadOnlyList<ResourceSample> samples)
    {
        if (samples.Count < 4)
        {
            yield return "too few samples to judge by";
            yield break;
        }

        bool isLong = samples[^1].Seconds >= ShortestForMemory;
        foreach ((string what, Func<ResourceSample, double> of, double more, double factor, bool isJudged) in new (string, Func<ResourceSample, double>, double, double, bool)[]
        {
            ("handles", sample => sample.Handles, MoreHandles, 1, true),
            ("threads", sample => sample.Threads, MoreThreads, 1, true),
            ("managed MiB", sample => sample.ManagedBytes / 1048576.0, MoreManaged / 1048576.0, 1.1, isLong),
            ("resident MiB", sample => sample.ResidentBytes / 1048576.0, MoreResident / 1048576.0, 1.1, isLong),
        })
        {
            double early = Median(samples, of, 0.25, 0.5), late = Median(samples, of, 0.75, 1);
            Console.WriteLine(FormattableString.Invariant($"{what}: {early:0.#} in the second quarter, {late:0.#} in the last, {samples.Max(of):0.#} at most"));
            if (isJudged && late > (early * factor) + more)
            {
                yield return FormattableString.Invariant($"{what} grew from {early:0.#} to {late:0.#}");
            }
        }
    }

    private static double Median(IReadOnlyList<ResourceSample> samples, Func<ResourceSample, double> of, double from, double to)
    {
        double[] values = [.. samples.Skip((int)(samples.Count * from)).Take(Math.Max(1, (int)(samples.Count * (to - from)))).Select(of).Order()];
        return values[values.Length / 2];
    }
}
