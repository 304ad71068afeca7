using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Turns the lines of one text, fed in their order, into records. It holds back only what the next lines can change.</summary>
public sealed class TextRecordReader
{
    /// <summary>The length beyond which a line is no record: the kernel's are below 10 KB, and JSON around one makes at most six times that of it.</summary>
    public const int LongestLine = 1 << 20;

    private readonly LineParser _parser = new();
    private readonly RecordFactory _factory = new();
    private readonly JournalExport _export = new();
    private readonly RefusalTracker _refusals;
    private readonly ReadOptions _options;
    private readonly IRecordSink _sink;
    private readonly string? _source;
    private readonly SortedSet<long> _answered = [];
    private long _passed;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="source">What the records say of where they come from; null for text.</param>
    /// <param name="sink">What takes them.</param>
    public TextRecordReader(ReadOptions options, string? source, IRecordSink sink)
    {
        _options = options;
        _source = source;
        _sink = sink;
        _refusals = new RefusalTracker(Emit);
    }

    /// <summary>Whether the next line is wanted whatever it looks like: an entry that spans lines has begun.</summary>
    public bool WantsEveryLine => _export.IsOpen;

    /// <summary>Whether any line was a record or the remains of one, wanted or not.</summary>
    public bool FoundAny { get; private set; }

    /// <summary>The words of which every line has one that gives something.</summary>
    internal IReadOnlyList<SearchWord> Words =>
    [
        .. CandidateScanner.VirtWords,
        .. _options.Trail is null ? [] : TrailTypes.Words,
        .. _options.Lines is null ? (IReadOnlyList<SearchWord>)[] : [CandidateScanner.AnyRecord, LossNotice.Word],
    ];

    /// <summary>Whether records are held back that the next lines may change.</summary>
    internal bool HoldsBack => _refusals.FirstOffset is not null;

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

        if (_export.IsOpen)
        {
            if (_export.Feed(line))
            {
                EndEntry();
            }

            return;
        }

        if (line.Length > 0 && line[^1] == (byte)'\r')
        {
            line = line[..^1];
        }

        _options.Lines?.Invoke(line);
        if (_options.Trail is not null && AuditEventParser.TryParse(line, out AuditEvent? other))
        {
            _options.Trail(other);
        }
        else if (line.Length > LongestLine)
        {
            FoundAny = true;
            _sink.OnMalformed(offset, "a line of more than 1 MiB is no record", line);
        }
        else if (_parser.TryParse(line, out ReadOnlySpan<byte> text))
        {
            // In a message that has a shape such text is a value's, so only what stands before it is looked at.
            RecordLayout layout = _parser.Layout;
            if (NextRecord(layout.Shape is null ? line : line[..Math.Min(layout.Message.Start, line.Length)]) < 0)
            {
                Take(line, text, offset);
            }
            else
            {
                FeedEach(line, offset);
            }
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

    // A writer died in the middle of a record, and the next was written behind it: none may lend the other its end.
    private void FeedEach(ReadOnlySpan<byte> line, long offset)
    {
        while (!line.IsEmpty)
        {
            int next = NextRecord(line);
            ReadOnlySpan<byte> record = next < 0 ? line : line[..next];
            _passed = offset + record.Length + (next < 0 ? 1 : 0);
            if (_parser.TryParse(record, out ReadOnlySpan<byte> text))
            {
                Take(record, text, offset);
            }

            line = line[record.Length..];
            offset += record.Length;
        }
    }

    // Where behind the first record of a line another begins: 'type=TYPE msg=audit('.
    private static int NextRecord(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> stamp = " msg=audit("u8;
        int first = line.IndexOf(stamp);
        int second = first < 0 ? -1 : line[(first + 1)..].IndexOf(stamp);
        int type = second < 0 ? -1 : line.Slice(first + 1, second).LastIndexOf("type="u8);
        return type < 0 ? -1 : first + 1 + type;
    }

    private void EndEntry()
    {
        _parser.Layout.Clear();
        if (_export.TryTake(_parser.Layout, out ReadOnlySpan<byte> text))
        {
            Take(text, text, _export.Offset);
        }
    }

    private void Take(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text, long offset)
    {
        if (_answered.Contains(offset))
        {
            return;
        }

        RecordLayout layout = _parser.Layout;
        FoundAny = true;
        if (layout.Defect is not null)
        {
            _sink.OnMalformed(offset, layout.Defect, line);
            if (!_options.IncludeMalformed)
            {
                return;
            }
        }

        // libvirt's own message passes the filter when it is whole: what follows may still change it.
        if (!layout.IsLibvirtMessage && !_options.Filter.Matches(new LayoutView(text, layout, _factory)))
        {
            return;
        }

        VirtAuditRecord record = _factory.Create(text, layout);
        record.Source = _source;
        if (_options.IncludeRawText || !layout.IsLibvirtForm || layout.Defect is not null)
        {
            record.RawText = ByteText.GetString(line);
        }

        if (layout.IsLibvirtMessage)
        {
            _refusals.Add(record, offset, layout.LogThread, layout.Message.Of(text));
        }
        else
        {
            _refusals.Add(record, offset);
        }
    }

    private void Emit(VirtAuditRecord record, long offset, long? refusal)
    {
        // A refusal matters no longer than a line before it is to be read again.
        _answered.RemoveWhere(answered => answered < FirstHeldBack);
        if (refusal >= FirstHeldBack)
        {
            _answered.Add(refusal.Value);
        }

        // Only libvirt's own messages come here unfiltered, and they alone have no trailer.
        if (record.Executable is null && !_options.Filter.Matches(record))
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
