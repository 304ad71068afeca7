using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Reads single lines, each for itself: what it finds does not depend on the lines before, so that several can read parts of one text at once.</summary>
internal sealed class LineReader
{
    private static readonly Lazy<CandidateScanner>[] Scanners =
    [
        new(() => new([.. CandidateScanner.VirtWords])),
        new(() => new([.. CandidateScanner.VirtWords, .. TrailTypes.Words])),
        new(() => new([.. CandidateScanner.VirtWords, CandidateScanner.AnyRecord, LossNotice.Word])),
        new(() => new([.. CandidateScanner.VirtWords, .. TrailTypes.Words, CandidateScanner.AnyRecord, LossNotice.Word])),
    ];

    private readonly LineParser _parser = new();
    private readonly RecordFactory _factory = new();
    private readonly ReadOptions _options;
    private readonly ILineSink _sink;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="source">What the records say of where they come from; null for text.</param>
    /// <param name="sink">What takes them.</param>
    public LineReader(ReadOptions options, string? source, ILineSink sink)
    {
        _options = options;
        Source = source;
        _sink = sink;
    }

    /// <summary>What the records say of where they come from.</summary>
    public string? Source { get; }

    /// <summary>Whether any line was a record or the remains of one, wanted or not.</summary>
    public bool FoundAny { get; private set; }

    /// <summary>Finds the lines that can give something.</summary>
    public static CandidateScanner ScannerFor(ReadOptions options) =>
        Scanners[(options.Trail is null ? 0 : 1) + (options.Lines is null ? 0 : 2)].Value;

    /// <summary>Takes a line without its line feed.</summary>
    /// <param name="line">The line; a carriage return at its end is not part of it.</param>
    /// <param name="offset">Where it begins.</param>
    public void Feed(ReadOnlySpan<byte> line, long offset)
    {
        long end = offset + line.Length + 1;
        if (line.Length > 0 && line[^1] == (byte)'\r')
        {
            line = line[..^1];
        }

        if (_options.Lines is not null)
        {
            _sink.OnLine(offset, line);
        }

        if (_options.Trail is not null && AuditEventParser.TryParse(line, out AuditEvent? other))
        {
            _sink.OnTrail(other);
        }
        else if (line.Length > TextRecordReader.LongestLine)
        {
            FoundAny = true;
            _sink.OnMalformed(offset, end, "a line of more than 1 MiB is no record", line);
        }
        else if (_parser.TryParse(line, out ReadOnlySpan<byte> text))
        {
            // In a message that has a shape such text is a value's, so only what stands before it is looked at; and in an
            // interpreted one it may be a value's.
            RecordLayout layout = _parser.Layout;
            if (NextRecord(layout.Shape is null && !layout.IsInterpreted ? line : line[..Math.Min(layout.Message.Start, line.Length)]) < 0)
            {
                Take(line, text, offset, end);
            }
            else
            {
                FeedEach(line, offset, end);
            }
        }
    }

    /// <summary>Takes an entry of the journal that ends before <paramref name="end"/>.</summary>
    public void FeedEntry(JournalExport entry, long end)
    {
        _parser.Layout.Clear();
        long offset = entry.Offset;
        if (entry.TryTake(_parser.Layout, out ReadOnlySpan<byte> text))
        {
            Take(text, text, offset, end);
        }
    }

    // A writer died in the middle of a record, and the next was written behind it: none may lend the other its end.
    private void FeedEach(ReadOnlySpan<byte> line, long offset, long end)
    {
        while (!line.IsEmpty)
        {
            int next = NextRecord(line);
            ReadOnlySpan<byte> record = next < 0 ? line : line[..next];
            if (_parser.TryParse(record, out ReadOnlySpan<byte> text))
            {
                Take(record, text, offset, next < 0 ? end : offset + next);
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

    private void Take(ReadOnlySpan<byte> line, ReadOnlySpan<byte> text, long offset, long end)
    {
        RecordLayout layout = _parser.Layout;
        FoundAny = true;
        if (layout.Defect is not null)
        {
            _sink.OnMalformed(offset, end, layout.Defect, line);
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
        record.Source = Source;
        if (_options.IncludeRawText || !layout.IsLibvirtForm || layout.Defect is not null)
        {
            record.RawText = ByteText.GetString(line);
        }

        if (layout.IsLibvirtMessage)
        {
            _sink.OnLibvirtMessage(record, offset, end, layout.LogThread, layout.Message.Of(text));
        }
        else
        {
            _sink.OnRecord(record, offset, end);
        }
    }
}
