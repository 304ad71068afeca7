using System.Diagnostics;

namespace LibvirtAudit.Benchmarks.Running;

/// <summary>
/// Looks again and again how much memory a process has had at most, and ends it when its time is over. The kernel's own
/// answer at the end, <c>ru_maxrss</c>, begins with the memory of whoever started the process.
/// </summary>
internal sealed class MemoryWatch : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;
    private long _peak;

    /// <summary>Watches a process.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="limit">How long it may take.</param>
    public MemoryWatch(int process, TimeSpan limit)
    {
        _thread = new Thread(() => Watch(process, limit)) { IsBackground = true };
        _thread.Start();
    }

    /// <summary>Whether the process was ended.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Ends the watch; gives the most memory that the process had, in bytes.</summary>
    public long Stop()
    {
        _stop.Set();
        _thread.Join();
        return _peak;
    }

    /// <inheritdoc/>
    public void Dispose() => _stop.Dispose();

    private void Watch(int process, TimeSpan limit)
    {
        const int Kill = 9;
        long start = Stopwatch.GetTimestamp();
        do
        {
            // The last answer counts, not the largest: at first the process is a copy of the one that starts it.
            _peak = PeakMemory.Of($"/proc/{process}/status") ?? _peak;
            if (!HasEnded && Stopwatch.GetElapsedTime(start) > limit)
            {
                HasEnded = true;
                _ = Libc.kill(process, Kill);
            }
        }
        while (!_stop.Wait(Interval));
    }
}
