using System.Diagnostics;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>
/// Logs that are read on as they grow, several together. All is done on the thread that calls, which alone writes to the
/// sink; there is no other.
/// </summary>
public sealed class LiveLogs : IDisposable
{
    /// <summary>How long a record waits for the line that says it was refused: libvirt writes both at once.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private readonly List<LogFollower> _followers = [];
    private readonly FileAlarm _alarm = new();
    private readonly ReadOptions _options;
    private readonly ILogSink _sink;
    private readonly CancellationToken _cancellation;
    private long _lastGrowth = Stopwatch.GetTimestamp();

    /// <summary>Makes a reader of no log yet.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="sink">What takes them.</param>
    /// <param name="cancellation">Ends the reading and every wait.</param>
    public LiveLogs(ReadOptions options, ILogSink sink, CancellationToken cancellation)
    {
        _options = options;
        _sink = sink;
        _cancellation = cancellation;
    }

    /// <summary>Only the last so many of the records that are there at the beginning, of each log; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Called whenever all that is there has been read.</summary>
    public Action? Idle { get; init; }

    /// <summary>Adds logs by their paths: those of one rotation are one log, if the one that is being written is among them. What fails goes to the sink.</summary>
    /// <param name="paths">The paths, absolute.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void Add(IEnumerable<string> paths)
    {
        foreach (Trail trail in RotationOrder.Trails(paths))
        {
            Begin(trail.Path, [.. trail.Files.Select(file => new Func<LogFile>(() => LogFile.Open(file, _cancellation)))]);
        }
    }

    /// <summary>Adds this host's log: the one that auditd writes, from the oldest of its rotated copies and archives on.</summary>
    /// <param name="configuration">Where auditd's configuration is.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void AddHost(string configuration = AuditdConfiguration.DefaultPath)
    {
        try
        {
            string path = Path.GetFullPath(AuditdConfiguration.Read(configuration).LogPath);
            var set = RotationSet.Find(path);
            Begin(path, [.. Enumerable.Range(0, set.Paths.Count).Select(index => new Func<LogFile>(() => set.Open(index, _cancellation)))]);
        }
        catch (FaultException exception)
        {
            _sink.OnFault(exception.Fault);
        }
    }

    /// <summary>Reads all that is there. A last line without its line feed, and what else may still change, is left for another time.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void ReadOn()
    {
        while (!IsAtEnd())
        {
            _alarm.Wait(Settling, _cancellation);
        }
    }

    /// <summary>Reads all that is there and what comes.</summary>
    /// <param name="longest">How long.</param>
    /// <param name="isEnough">Asked now and then, on the same thread, whether it is enough.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void Follow(TimeSpan longest, Func<bool> isEnough)
    {
        long start = Stopwatch.GetTimestamp();
        while (_followers.Count > 0)
        {
            bool isAtEnd = IsAtEnd();
            TimeSpan left = longest - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || isEnough())
            {
                return;
            }

            _alarm.Wait(isAtEnd || left < Settling ? left : Settling, _cancellation);
        }
    }

    /// <summary>Closes all logs.</summary>
    public void Dispose()
    {
        foreach (LogFollower follower in _followers)
        {
            follower.Dispose();
        }

        _alarm.Dispose();
    }

    // Reads until nothing comes any more; false where records still wait for lines that may come.
    private bool IsAtEnd()
    {
        foreach (LogFollower follower in _followers)
        {
            // Before the look: what happens behind it ends the wait.
            _alarm.Mind(follower.Path);
        }

        for (bool any = true; any;)
        {
            any = false;
            foreach (LogFollower follower in _followers)
            {
                any |= follower.Advance();
            }

            _lastGrowth = any ? Stopwatch.GetTimestamp() : _lastGrowth;
        }

        if (_followers.Exists(follower => follower.HoldsBack))
        {
            if (Stopwatch.GetElapsedTime(_lastGrowth) < Settling)
            {
                return false;
            }

            _followers.ForEach(follower => follower.Flush());
        }

        Idle?.Invoke();
        return true;
    }

    private void Begin(string path, IReadOnlyList<Func<LogFile>> files)
    {
        if (Tail is int count)
        {
            BeginAtTail(path, files, count);
            return;
        }

        foreach (Func<LogFile> open in files)
        {
            if (TryOpen(open) is LogFile log)
            {
                Follow(path).Begin(log);
                return;
            }
        }
    }

    private void BeginAtTail(string path, IReadOnlyList<Func<LogFile>> files, int count)
    {
        var tails = new Stack<LogTail>();
        for (int i = files.Count - 1; i >= 0 && (count > 0 || i == files.Count - 1); i--)
        {
            bool isLive = i == files.Count - 1;
            LogFile? log = TryOpen(files[i]);
            if (log is not null)
            {
                var tail = LogTail.Read(log, count, _options, _sink, isLive, _cancellation);
                count -= tail.Count;
                tails.Push(tail);
                if (tail.End is ResumePoint end)
                {
                    Follow(path).Begin(log, end);
                    continue;
                }
            }

            log?.Dispose();
        }

        foreach (LogTail tail in tails)
        {
            tail.GiveTo(_sink);
        }
    }

    private LogFollower Follow(string path)
    {
        var follower = new LogFollower(path, _options, _sink, _cancellation);
        _followers.Add(follower);
        return follower;
    }

    private LogFile? TryOpen(Func<LogFile> open)
    {
        try
        {
            return open();
        }
        catch (FaultException exception)
        {
            _sink.OnFault(exception.Fault);
            return null;
        }
    }
}
