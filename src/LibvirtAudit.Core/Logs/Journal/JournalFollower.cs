using System.Diagnostics;
using System.Runtime.InteropServices;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs.Journal;

/// <summary>
/// Reads on in a journal: first what it holds, by a program that ends with it, then what comes, by one that follows it
/// through rotation and vacuum. The cursor of the last entry that was taken says where either begins.
/// </summary>
internal sealed class JournalFollower : IFollowedLog, IEventSink
{
    /// <summary>How long after a failure the journal is asked again.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly JournalQuery _query;
    private readonly ReadOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly string? _searchPath;
    private JournalSource? _source;
    private LogFile? _log;
    private LogReader? _reader;
    private LogPlace? _place;
    private string? _firstLeft;
    private string? _told;
    private long _startedAt;
    private bool _isLive;
    private bool _isFollowing;

    /// <summary>Makes a reader that begins with <see cref="Begin"/>.</summary>
    /// <param name="query">What is asked of the journal.</param>
    /// <param name="options">Which records, and how.</param>
    /// <param name="sink">What takes them.</param>
    /// <param name="searchPath">Where <c>journalctl</c> is looked for, as the variable PATH says it.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public JournalFollower(JournalQuery query, ReadOptions options, IEventSink sink, string? searchPath, CancellationToken cancellation)
    {
        _query = query;
        _options = options;
        Sink = sink;
        _searchPath = searchPath;
        _cancellation = cancellation;
    }

    /// <summary>What takes the records.</summary>
    private IEventSink Sink { get; set; }

    /// <inheritdoc/>
    public string Path => _query.Name;

    /// <inheritdoc/>
    public bool HoldsBack => _reader?.HoldsBack == true;

    /// <inheritdoc/>
    public SafeHandle? Readable => _isLive && _source is { HasEnded: false } source ? source.Readable : null;

    /// <inheritdoc/>
    public LogPlace? Place
    {
        get
        {
            if (_reader?.ResumePoint is not ResumePoint point || _source!.EntryBefore(point.Offset) is not string cursor)
            {
                return _place;
            }

            // Refusals are counted from behind the entry, with which the next reading begins.
            return At(cursor, [.. point.Answered.Select(refusal => refusal - point.Offset)]);
        }
    }

    /// <summary>Begins behind a place, or where none is given with the first entry. That the place's entry is gone is told.</summary>
    /// <exception cref="FaultException">JournalUnavailable, JournalAccessDenied, JournalReadFailed.</exception>
    public void Begin(LogPlace? place)
    {
        _place = place;
        Start(isFollowing: false);
        if (place?.Cursor is string cursor && FirstFrom(cursor) is var first && (first is null || !JournalCursor.IsSame(first, cursor)))
        {
            _firstLeft = first;
            Sink.OnFault(JournalFaults.Gap(Path, JournalCursor.Time(cursor)!.Value, first is null ? null : JournalCursor.Time(first)));
        }
    }

    /// <summary>Reads what there is, and gives of its records only the last.</summary>
    /// <param name="count">How many.</param>
    public void ReadLast(int count)
    {
        IEventSink sink = Sink;
        var tail = LogTail.Of(count, sink);
        Sink = tail;
        while (Advance())
        {
        }

        Flush();
        Sink = sink;
        tail.GiveTo(sink);
    }

    /// <inheritdoc/>
    public void Follow() => _isLive = true;

    /// <summary>Nothing to do: until it follows, journalctl itself ends where the journal does.</summary>
    public void EndWherePresent()
    {
    }

    /// <inheritdoc/>
    public bool Advance()
    {
        try
        {
            bool any = _reader!.ReadOn();
            _told = any ? null : _told;
            if (_source!.HasEnded && !any)
            {
                End();
            }

            return any;
        }
        catch (FaultException exception)
        {
            Tell(exception.Fault);
            return false;
        }
    }

    /// <inheritdoc/>
    public void Flush() => _reader?.Flush();

    /// <inheritdoc/>
    public void Dispose() => _log?.Dispose();

    /// <inheritdoc/>
    void IEventSink.OnRecord(VirtAuditRecord record) => Sink.OnRecord(record);

    /// <inheritdoc/>
    void IEventSink.OnFault(Fault fault) => Sink.OnFault(fault);

    /// <inheritdoc/>
    void IEventSink.OnEvent(AuditEvent record) => Sink.OnEvent(record);

    /// <inheritdoc/>
    void IEventSink.OnMoment(in EventMoment moment) => Sink.OnMoment(moment);

    /// <inheritdoc/>
    void IEventSink.OnLoss(in LossNotice notice) => Sink.OnLoss(notice);

    /// <inheritdoc/>
    void IEventSink.OnProgress(LogFile log) => Sink.OnProgress(log);

    // All that there was has been read; or the program that follows has ended, which was told.
    private void End()
    {
        if (_firstLeft is string first && Place?.Cursor == _place?.Cursor)
        {
            // No entry that is left is wanted, so the oldest of them stands for the one that is gone.
            _place = At(first, []);
        }

        if (_isLive && (!_isFollowing || Stopwatch.GetElapsedTime(_startedAt) >= Pause))
        {
            _place = Place;
            Start(isFollowing: true);
        }
    }

    private static LogPlace At(string cursor, IReadOnlyList<long> answered) =>
        new(null, new ResumePoint(0, answered), null, null) { Cursor = cursor };

    private void Start(bool isFollowing)
    {
        JournalQuery query = _query with { Cursor = _place?.Cursor, IsFollowing = isFollowing };
        var source = JournalSource.Start(query, _searchPath, isBehindCursor: true, _cancellation);
        _log?.Dispose();
        _source = source;
        _log = LogFile.Of(source);
        _startedAt = Stopwatch.GetTimestamp();
        _isFollowing = isFollowing;
        var reader = new LogReader(_log, _options, this, _cancellation, _place?.Point);
        source.Reached = () => reader.ResumePoint.Offset;
        _reader = reader;
    }

    private string? FirstFrom(string cursor)
    {
        JournalQuery query = _query with { Cursor = cursor, To = null, Matches = [] };
        using var source = JournalSource.Start(query, _searchPath, isBehindCursor: false, _cancellation);
        return source.ReadFirst();
    }

    private void Tell(Fault fault)
    {
        if (fault.Message != _told)
        {
            _told = fault.Message;
            Sink.OnFault(fault);
        }
    }
}
