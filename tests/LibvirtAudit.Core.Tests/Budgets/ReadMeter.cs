using System.Globalization;

namespace LibvirtAudit.Tests.Budgets;

/// <summary>Counts the bytes that all threads of the process read from files, as the kernel counts them; to be used where nothing else runs.</summary>
internal static class ReadMeter
{
    private const string Counters = "/proc/self/io";

    /// <summary>The bytes that <paramref name="run"/> reads. Skips the test where the kernel doesn't tell.</summary>
    public static long BytesRead(Action run)
    {
        Assert.SkipUnless(File.Exists(Counters), "the kernel does not count what a process reads");
        run();
        long before = Total();
        run();
        long between = Total();

        // What reading the counter itself costs is taken off.
        return between - before - (Total() - between);
    }

    private static long Total() =>
        long.Parse(File.ReadLines(Counters).Single(line => line.StartsWith("rchar:", StringComparison.Ordinal)).AsSpan("rchar:".Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture);
}
