using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>When the host was started.</summary>
public static class BootTime
{
    /// <summary>
    /// The moment of the start to the second, by the line <c>btime</c> of /proc/stat (proc_stat(5)); null where there is none,
    /// as off Linux.
    /// </summary>
    public static DateTimeOffset? Read(string path = "/proc/stat")
    {
        try
        {
            using RawFile file = RawFile.Open(path, CancellationToken.None);
            using var reader = new StreamReader(new RawStream(file, default));
            while (reader.ReadLine() is { } line)
            {
                if (line.StartsWith("btime ", StringComparison.Ordinal))
                {
                    return long.TryParse(line.AsSpan(6), out long seconds) ? DateTimeOffset.FromUnixTimeSeconds(seconds) : null;
                }
            }
        }
        catch (FaultException)
        {
            // Not a Linux, or a /proc that is closed to this process.
        }

        return null;
    }
}
