using LibvirtAudit.Parsing.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Turns the lines of one text, fed in their order, into records. It holds back only what the next lines can change.</summary>
public sealed class TextRecordReader : ILineSink
{
    /// <summary>The length beyond which a line is no record: the kernel's are below 10 KB, and JSON around one makes at most six times that of it.</summary>
    public const int LongestLine = 1 << 20;

    private readonly LineReader _lines;
    private readonly JournalExport _export = new();
    private readonly RefusalTracker _refusals;
    private readonly IRecordSink _sink;
    private readonly SortedSet<long> _answered = [];
    private long _passed;
    private bool _readByOthers;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="source">What the records say of where they come from; null for text.</param>
    /// <param name="sink">What takes them.</param>
    public TextRecordReader(ReadOptions options, string? source, IRecordSink sink)
    {
        Options = options;
        _lines = new LineReader(options, source, this);
        _sink = sink;
        _refusals = new RefusalTracker(Emit);
    }

    /// <summary>Whether the next line is wanted whatever it looks like: an entry that spans lines has begun.</summary>
    public bool WantsEveryLine => _export.IsOpen;

    /// <summary>Whether any line was a record or the remains of one, wanted or not.</summary>
    public bool FoundAny => _readByOthers || _lines.FoundAny;

    /// <summary>Which records, and how.</summary>
    internal ReadOptions Options { get; }

    /// <summary>Whether records are held back that the next lines may change.</summary>
    internal bool HoldsBack => _refusals.FirstOffset is not null;

    /// <summary>Whether what the next lines hold depends on none before them.</summary>
    internal bool IsAtRest => !_export.IsOpen && !HoldsBack && _answered.Count == 0;

    /// <summary>
    /// Where to begin another time so that all that was not given out yet comes, and nothing twice: before the first line
    /// that is held back, else behind the last. A record is given out unless the sink cancelled in taking it. True also
    /// while the sink takes one.
    /// </summary>
    internal ResumePoint ResumePoint
    {
        get
        {
            long offset = Math.Min(FirstHeldBack, _export.IsOpen ? _export.Offset : long.MaxValue);
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
        if (_export.IsOpen && _export.Ends(line))
        {
            _passed = offset;
            EndEntry();
        }

        _passed = offset + line.Length + 1;
        if (!_export.IsOpen && JournalExport.Begins(line))
        {
            _export.Begin(offset);
        }

        if (!_export.IsOpen)
        {
            _lines.Feed(line, offset);
        }
        else if (_export.Feed(line))
        {
            EndEntry();
        }
    }

    /// <summary>Ends the text: what was held back comes out.</summary>
    public void Complete()
    {
        if (_export.IsOpen)
        {
            EndEntry();
        }

        Flush();
    }

    /// <summary>Gives out the records that wait for a line which may be long in coming.</summary>
    public void Flush() => _refusals.Release();

    /// <summary>Takes what others found in lines that they read.</summary>
    internal void FeedFindings(LineFindings findings)
    {
        _readByOthers |= findings.FoundAny;
        findings.GiveTo(this);
    }

    void ILineSink.OnRecord(VirtAuditRecord record, long offset, long end)
    {
        if (IsWanted(offset, end))
        {
            _refusals.Add(record, offset);
        }
    }

    void ILineSink.OnLibvirtMessage(VirtAuditRecord record, long offset, long end, ulong? thread, ReadOnlySpan<byte> body)
    {
        if (IsWanted(offset, end))
        {
            _refusals.Add(record, offset, thread, body);
        }
    }

    void ILineSink.OnMalformed(long offset, long end, string defect, ReadOnlySpan<byte> line)
    {
        if (IsWanted(offset, end))
        {
            _sink.OnMalformed(offset, defect, line);
        }
    }

    void ILineSink.OnLine(long offset, ReadOnlySpan<byte> line) => Options.Lines?.Invoke(line);

    void ILineSink.OnTrail(AuditEvent other) => Options.Trail!(other);

    // One line may hold several records, and reading may be cut short between them.
    private bool IsWanted(long offset, long end)
    {
        _passed = end;
        return !_answered.Contains(offset);
    }

    private void EndEntry() => _lines.FeedEntry(_export, _passed);

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
