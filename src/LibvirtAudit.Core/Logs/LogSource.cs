using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>Reads logs one after the other: files by their paths, or those of this host. What fails goes to the sink, and the next is read.</summary>
public sealed class LogSource
{
    private readonly ReadOptions _options;
    private readonly IEventSink _sink;
    private readonly CancellationToken _cancellation;

    /// <summary>Makes a source.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="sink">What takes them.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public LogSource(ReadOptions options, IEventSink sink, CancellationToken cancellation)
    {
        _options = options;
        _sink = sink;
        _cancellation = cancellation;
    }

    /// <summary>Only the last so many records of each log, the host's own taken as one; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>
    /// Whether the lines of each log are taken to be in the order of their stamps, so that only that part of it is read in which
    /// the times of the filter are. What stands elsewhere for all that is missed.
    /// </summary>
    public bool AssumeOrdered { get; init; }

    /// <summary>Called with each log before it is read; null where nobody wants to know.</summary>
    public Action<LogFile>? Opened { get; init; }

    /// <summary>Reads the log at <paramref name="path"/>.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void ReadFile(string path) => ReadLogs([() => LogFile.Open(path, _cancellation)]);

    /// <summary>Reads this host's logs, the oldest first: the one that auditd writes, and its rotated copies and archives.</summary>
    /// <param name="configuration">Where auditd's configuration is.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void ReadHost(string configuration = AuditdConfiguration.DefaultPath)
    {
        string path = HostLog.PathFor(configuration, _sink);
        RotationSet set;
        try
        {
            set = RotationSet.Find(path);
        }
        catch (FaultException exception)
        {
            _sink.OnFault(exception.Fault);
            return;
        }

        ReadLogs([.. Enumerable.Range(0, set.Paths.Count).Select(index => new Func<LogFile>(() => set.Open(index, _cancellation)))]);
    }

    private void ReadLogs(IReadOnlyList<Func<LogFile>> logs)
    {
        if (Tail is int count)
        {
            ReadTail(logs, count);
            return;
        }

        foreach (Func<LogFile> open in logs)
        {
            using LogFile? log = LogFile.TryOpen(open, _sink);
            if (log is not null)
            {
                Opened?.Invoke(log);
                Read(log);
            }
        }
    }

    private void Read(LogFile log)
    {
        if (TryFind(log, out LogSpan span) && !span.IsEmpty)
        {
            span.Read(log, _options, _sink, _cancellation);
        }
    }

    // The part of a log that is wanted; false where looking for it failed.
    private bool TryFind(LogFile log, out LogSpan span)
    {
        span = LogSpan.Whole(log);
        try
        {
            span = AssumeOrdered ? StampSearch.Find(log, _options.Filter.From, _options.Filter.To, _cancellation) : span;
            return true;
        }
        catch (FaultException exception)
        {
            _sink.OnFault(exception.Fault);
            return false;
        }
    }

    private void ReadTail(IReadOnlyList<Func<LogFile>> logs, int count)
    {
        var tails = new Stack<LogTail>();
        for (int i = logs.Count - 1; i >= 0 && count > 0; i--)
        {
            using LogFile? log = LogFile.TryOpen(logs[i], _sink);
            if (log is not null && TryFind(log, out LogSpan span))
            {
                var tail = LogTail.Read(log, count, _options, _sink, isLive: false, _cancellation, span);
                count -= tail.Count;
                tails.Push(tail);
            }
        }

        foreach (LogTail tail in tails)
        {
            tail.GiveTo(_sink);
        }
    }
}
