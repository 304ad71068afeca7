using System.Globalization;

namespace LibvirtAudit.Soak;

/// <summary>What the process holds at a moment.</summary>
/// <param name="Seconds">When, from the beginning of the run.</param>
/// <param name="Handles">Open descriptors.</param>
/// <param name="Threads">Threads.</param>
/// <param name="ManagedBytes">What the garbage collector keeps after a full collection.</param>
/// <param name="ResidentBytes">What the process has in memory.</param>
internal sealed record ResourceSample(double Seconds, int Handles, int Threads, long ManagedBytes, long ResidentBytes)
{
    private const int PageSize = 4096;

    public const string Header = "seconds,handles,threads,managed_bytes,resident_bytes,records";

    public static ResourceSample Take(TimeSpan elapsed)
    {
        long managed = Math.Max(0, GC.GetTotalMemory(forceFullCollection: true));
        long pages = long.Parse(File.ReadAllText("/proc/self/statm").Split(' ')[1], CultureInfo.InvariantCulture);
        return new ResourceSample(elapsed.TotalSeconds, Directory.GetFiles("/proc/self/fd").Length, Directory.GetDirectories("/proc/self/task").Length, managed, pages * PageSize);
    }

    public string ToLine(long records) =>
        string.Create(CultureInfo.InvariantCulture, $"{Seconds:0.0},{Handles},{Threads},{ManagedBytes},{ResidentBytes},{records}");
}
