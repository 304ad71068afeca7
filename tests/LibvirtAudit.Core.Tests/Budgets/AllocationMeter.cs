namespace LibvirtAudit.Tests.Budgets;

/// <summary>Counts what is allocated: by this thread, exactly; or by all of the process, where several work on one thing and nothing else runs.</summary>
internal static class AllocationMeter
{
    private const int Tries = 7;

    /// <summary>
    /// The bytes that each further item costs: the difference of a long run and a short one, so that what a run costs once
    /// (buffers, tables) does not count. Of several tries the least, as the test platform allocates now and then.
    /// </summary>
    /// <param name="shortCount">How many items the short run has.</param>
    /// <param name="longCount">How many items the long run has.</param>
    /// <param name="run">Does a run of so many items.</param>
    /// <param name="isOfAllThreads">Whether what other threads allocate counts, too.</param>
    public static double PerItem(int shortCount, int longCount, Action<int> run, bool isOfAllThreads = false)
    {
        // What is made once for good is made here.
        run(longCount);
        run(shortCount);
        long least = Enumerable.Range(0, Tries).Min(_ => Allocated(() => run(longCount), isOfAllThreads)) - Enumerable.Range(0, Tries).Min(_ => Allocated(() => run(shortCount), isOfAllThreads));
        return (double)least / (longCount - shortCount);
    }

    private static long Allocated(Action run, bool isOfAllThreads)
    {
        long before = Total(isOfAllThreads);
        run();
        return Total(isOfAllThreads) - before;
    }

    private static long Total(bool isOfAllThreads) => isOfAllThreads ? GC.GetTotalAllocatedBytes(precise: true) : GC.GetAllocatedBytesForCurrentThread();
}
