using System.Globalization;

namespace LibvirtAudit.Benchmarks.Running;

/// <summary>The most memory that a process had at once, as the kernel knows it.</summary>
internal static class PeakMemory
{
    private const string Field = "VmHWM:", Unit = " kB";

    /// <summary>That of this process, in bytes.</summary>
    public static long OfThisProcess => Of("/proc/self/status") ?? 0;

    /// <summary>That of the process whose status is in a file; null where the process has ended.</summary>
    public static long? Of(string status)
    {
        try
        {
            return File.ReadLines(status).FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal)) is string line
                ? long.Parse(line.AsSpan(Field.Length, line.Length - Field.Length - Unit.Length), NumberStyles.AllowLeadingWhite, CultureInfo.InvariantCulture) * 1024
                : null;
        }
        catch (IOException)
        {
            return null;
        }
    }
}
