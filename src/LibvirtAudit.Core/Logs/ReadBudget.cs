namespace LibvirtAudit.Logs;

/// <summary>How much time and how many bytes are left for reading on behalf of somebody who waits.</summary>
internal sealed class ReadBudget(TimeProvider clock, TimeSpan longest, long bytes)
{
    private readonly long _start = clock.GetTimestamp();
    private long _left = bytes;

    /// <summary>How much time is left; none where it is over.</summary>
    public TimeSpan Left => longest - clock.GetElapsedTime(_start) is { Ticks: > 0 } left ? left : TimeSpan.Zero;

    /// <summary>Whether the time is over.</summary>
    public bool IsLate => clock.GetElapsedTime(_start) >= longest;

    /// <summary>Whether nothing more may be read.</summary>
    public bool IsSpent => _left <= 0 || IsLate;

    /// <summary>Counts bytes that were read.</summary>
    public void Take(long count) => _left -= count;
}
