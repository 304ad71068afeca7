using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Turns the lines of one text, fed in their order, into records. It holds back only what the next lines can change.</summary>
public sealed class TextRecordReader : ILineSink
{
    /// <summary>The length beyond which a line is no record: the kernel's are below 10 KB, and JSON around one makes at most six times that of it.</summary>
    public const int LongestLine = 1 << 20;

    /// <summary>How much of a line that is not read is kept to show it.</summary>
    private const int LongestShown = 1024;

    private readonly SpanningEntry[] _entries = CarrierTable.NewEntries();
    private readonly LineReader _lines;
    private readonly TwinFilter _twins = new();
    private readonly BootTracker _boots;
    private readonly RefusalTracker _refusals;
    private readonly IEventSink _sink;
    private SpanningEntry? _open;
    private (FaultPlace Place, string Text, long Count)? _unread;
    private readonly SortedSet<long> _answered = [];
    private long _passed;
    private bool _readByOthers;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="source">What the records say of where they come from; null for text.</param>
    /// <param name="sink">What takes them.</param>
    public TextRecordReader(ReadOptions options, string? source, IEventSink sink)
    {
        Options = options;
        _lines = new LineReader(options, source, this);
        _sink = sink;
        _boots = new BootTracker(source);
        _refusals = new RefusalTracker(Emit);
        At = offset => new FaultPlace(null, null, offset);
    }

    /// <summary>Whether the next line is wanted whatever it looks like: an entry that spans lines has begun.</summary>
    public bool WantsEveryLine => _open is not null || IsLineByLine;

    /// <summary>Whether the text is of a carrier in which nothing tells where an entry begins but the lines before it.</summary>
    public bool IsLineByLine { get; init; }

    /// <summary>Makes the place of a line of the offset at which it begins.</summary>
    public Func<long, FaultPlace> At { get; init; }

    /// <summary>Whether any line was a record or the remains of one, wanted or not.</summary>
    public bool FoundAny => _readByOthers || _lines.FoundAny;

    /// <summary>Which records, and how.</summary>
    internal ReadOptions Options { get; }

    /// <summary>Whether records are held back that the next lines may change.</summary>
    internal bool HoldsBack => _refusals.FirstOffset is not null;

    /// <summary>Whether what the next lines hold depends on none before them.</summary>
    internal bool IsAtRest => !WantsEveryLine && !HoldsBack && _answered.Count == 0;

    /// <summary>
    /// Where to begin another time so that all that was not given out yet comes, and nothing twice: before the first line
    /// that is held back, else behind the last. A record is given out unless the sink cancelled in taking it. True also
    /// while the sink takes one.
    /// </summary>
    internal ResumePoint ResumePoint
    {
        get
        {
            long offset = Math.Min(FirstHeldBack, _open?.Offset ?? long.MaxValue);
            return new ResumePoint(offset, [.. _answered.Where(refusal => refusal >= offset)]);
        }
    }

    private long FirstHeldBack => Math.Min(_passed, _refusals.FirstOffset ?? long.MaxValue);

    /// <summary>Goes on from where another reader of the same text was.</summary>
    internal void Resume(ResumePoint point)
    {
        _passed = point.Offset;
        _answered.UnionWith(point.Answered);
    }

    /// <summary>Tells that no line before <paramref name="offset"/> comes any more.</summary>
    internal void Pass(long offset) => _passed = offset;

    /// <summary>Takes a line without its line feed.</summary>
    /// <param name="line">The line; a carriage return at its end is not part of it.</param>
    /// <param name="offset">Where it begins, in bytes from the beginning of the text.</param>
    public void Feed(ReadOnlySpan<byte> line, long offset)
    {
        if (_open is not null && _open.Ends(line))
        {
            _passed = offset;
            EndEntry();
        }

        _passed = offset + line.Length + 1;
        _open ??= Begin(line, offset);
        if (_open is null)
        {
            _lines.Feed(line, offset);
        }
        else if (_open.Feed(line))
        {
            EndEntry();
        }
    }

    /// <summary>Ends the text: what was held back comes out.</summary>
    public void Complete()
    {
        if (_open is not null)
        {
            EndEntry();
        }

        Flush();
        if (_boots.End() is AuditEvent boot)
        {
            _sink.OnEvent(boot);
        }

        if (_unread is var (place, text, count))
        {
            _unread = null;
            _sink.OnFault(LogFaults.Unread(place, count, text));
        }
    }

    /// <summary>Gives out the records that wait for a line which may be long in coming.</summary>
    public void Flush() => _refusals.Release();

    /// <summary>Takes what others found in lines that they read.</summary>
    internal void FeedFindings(LineFindings findings)
    {
        _readByOthers |= findings.FoundAny;
        findings.GiveTo(this);
    }

    void ILineSink.OnRecord(VirtAuditRecord record, LinePlace place, in LineOrigin origin)
    {
        if (IsWanted(place) && IsFirst(origin, record.RecordTypeId ?? 0, record.Node, (record.UnixMilliseconds, record.Serial), place))
        {
            _refusals.Add(record, place.Offset);
        }
    }

    void ILineSink.OnLibvirtMessage(VirtAuditRecord record, LinePlace place, in LineOrigin origin, ulong? thread, ReadOnlySpan<byte> body)
    {
        if (IsWanted(place))
        {
            SeeBoot(record.Node, origin, place, isBoot: false);
            _refusals.Add(record, place.Offset, thread, body);
        }
    }

    void ILineSink.OnMalformed(LinePlace place, string defect, ReadOnlySpan<byte> line)
    {
        if (IsWanted(place))
        {
            _sink.OnFault(LogFaults.Malformed(At(place.Offset), defect, ByteText.GetString(line)));
        }
    }

    void ILineSink.OnUnread(LinePlace place, ReadOnlySpan<byte> line) =>
        _unread = _unread is var (first, text, count) ? (first, text, count + 1) : (At(place.Offset), ByteText.GetString(line[..Math.Min(line.Length, LongestShown)]), 1);

    void ILineSink.OnEvent(AuditEvent record, LinePlace place, in LineOrigin origin)
    {
        if (IsFirst(origin, record.Type, record.Node, (record.UnixMilliseconds, record.Serial), place))
        {
            _sink.OnEvent(record);
        }
    }

    void ILineSink.OnMoment(in EventMoment moment) => _sink.OnMoment(moment);

    void ILineSink.OnLoss(in LossNotice notice) => _sink.OnLoss(notice);

    void ILineSink.OnBootMark(LinePlace place) => _boots.Mark(place.Offset);

    private bool IsFirst(in LineOrigin origin, int type, string? node, (long? Stamp, ulong? Serial) stamp, LinePlace place)
    {
        SeeBoot(node, origin, place, type == RecordTypes.SystemBoot);
        return origin.Side == TwinSide.None || !_twins.IsSecond(origin, type, node, stamp);
    }

    private void SeeBoot(string? node, in LineOrigin origin, LinePlace place, bool isBoot)
    {
        if (_boots.Before(node, origin.BootId, place.Offset, isBoot) is AuditEvent boot && Options.Events.Contains(RecordTypes.SystemBoot))
        {
            Flush();
            _sink.OnEvent(boot);
        }
    }

    private SpanningEntry? Begin(ReadOnlySpan<byte> line, long offset)
    {
        foreach (SpanningEntry entry in _entries)
        {
            if (entry.Begins(line))
            {
                entry.Begin(offset);
                return entry;
            }
        }

        return null;
    }

    // One line may hold several records, and reading may be cut short between them.
    private bool IsWanted(LinePlace place)
    {
        _passed = place.End;
        return !_answered.Contains(place.Offset);
    }

    private void EndEntry()
    {
        SpanningEntry entry = _open!;
        _open = null;
        _lines.FeedEntry(entry, _passed);
    }

    private void Emit(VirtAuditRecord record, long offset, long? refusal)
    {
        // A refusal matters no longer than a line before it is to be read again.
        while (_answered.Count > 0 && _answered.Min < FirstHeldBack)
        {
            _answered.Remove(_answered.Min);
        }

        if (refusal >= FirstHeldBack)
        {
            _answered.Add(refusal.Value);
        }

        // Only libvirt's own messages come here unfiltered, and they alone have no trailer.
        if (record.Executable is null && !Options.Filter.Matches(record))
        {
            return;
        }

        try
        {
            _sink.OnRecord(record);
        }
        catch (OperationCanceledException)
        {
            _passed = offset;
            throw;
        }
    }
}
