namespace LibvirtAudit.Tests.Budgets;

/// <summary>Counts what all threads of the process allocate; to be used where nothing else runs.</summary>
internal static class AllocationMeter
{
    private const int Tries = 3;

    /// <summary>
    /// The bytes that each further item costs: the difference of a long run and a short one, so that what a run costs once
    /// (buffers, tables) does not count. Of several tries the least, as the test platform allocates now and then.
    /// </summary>
    /// <param name="shortCount">How many items the short run has.</param>
    /// <param name="longCount">How many items the long run has.</param>
    /// <param name="run">Does a run of so many items.</param>
    public static double PerItem(int shortCount, int longCount, Action<int> run)
    {
        // What is made once for good is made here.
        run(longCount);
        run(shortCount);
        long least = Enumerable.Range(0, Tries).Min(_ => Allocated(() => run(longCount))) - Enumerable.Range(0, Tries).Min(_ => Allocated(() => run(shortCount)));
        return (double)least / (longCount - shortCount);
    }

    private static long Allocated(Action run)
    {
        long before = GC.GetTotalAllocatedBytes(precise: true);
        run();
        return GC.GetTotalAllocatedBytes(precise: true) - before;
    }
}
