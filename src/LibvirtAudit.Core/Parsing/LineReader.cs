using System.Collections.Concurrent;
using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;
using LibvirtAudit.Encoding;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Reads single lines, each for itself: what it finds does not depend on the lines before, so that several can read parts of one text at once.</summary>
internal sealed class LineReader : IEnvelopeSink
{
    /// <summary>A deeper indent is journalctl's: what it puts before a message (time, identifier and colon) is longer than this even without the host's name.</summary>
    private const int LongestIndent = 15;

    private static readonly ConcurrentDictionary<(EventTypes Events, bool Moments), CandidateScanner> Scanners = new();

    private readonly RecordFactory _factory = new();
    private readonly RecordParser _records;
    private readonly ReadOptions _options;
    private readonly ILineSink _sink;
    private LinePlace _place;
    private bool _isRead;

    /// <summary>Makes a reader.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="source">What the records say of where they come from; null for text.</param>
    /// <param name="sink">What takes them.</param>
    public LineReader(ReadOptions options, string? source, ILineSink sink)
    {
        _options = options;
        _records = new RecordParser(_factory);
        Source = source;
        _sink = sink;
    }

    /// <summary>What the records say of where they come from.</summary>
    public string? Source { get; }

    /// <summary>Whether any line was a record or the remains of one, wanted or not.</summary>
    public bool FoundAny { get; private set; }

    private static ReadOnlySpan<byte> ByteOrderMark => "\uFEFF"u8;

    /// <summary>Finds the lines that can give something.</summary>
    public static CandidateScanner ScannerFor(ReadOptions options) =>
        Scanners.GetOrAdd((options.Events, options.Moments), static wanted => new CandidateScanner(
        [
            .. CandidateScanner.VirtWords, .. CarrierTable.Marks(!wanted.Events.IsEmpty), .. wanted.Events.Words,
            .. wanted.Moments ? [CandidateScanner.AnyRecord, LossNotice.Word] : (SearchWord[])[],
        ]));

    /// <summary>
    /// Whether a line goes on with the message of the line before: journalctl breaks a message at its line feeds and sets what
    /// follows below where it began. Anybody may write one whose next line looks like a record.
    /// </summary>
    public static bool GoesOn(ReadOnlySpan<byte> line) => line.Length > LongestIndent && !line[..(LongestIndent + 1)].ContainsAnyExcept((byte)' ');

    /// <summary>Takes a line without its line feed.</summary>
    /// <param name="line">The line; a carriage return at its end is not part of it.</param>
    /// <param name="offset">Where it begins.</param>
    public void Feed(ReadOnlySpan<byte> line, long offset)
    {
        _place = new LinePlace(offset, offset + line.Length + 1);
        _isRead = false;
        line = line is [.. var text, (byte)'\r'] ? text : line;
        line = line.StartsWith(ByteOrderMark) ? line[ByteOrderMark.Length..] : line;
        if (line.Length > TextRecordReader.LongestLine)
        {
            FoundAny = true;
            _sink.OnMalformed(_place, "a line of more than 1 MiB is no record", line);
            return;
        }

        // A crash leaves NULs where the last blocks were never written, and the next record stands behind them.
        int start = line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)0);
        if (start < 0)
        {
            return;
        }

        if (!GoesOn(line))
        {
            Read(new Envelope(line) { Start = start });
        }

        if (!_isRead && UnreadMark.In(line))
        {
            _sink.OnUnread(_place, line);
        }
    }

    // The first row of the table before it is asked: most lines are of audit.log.
    private void Read(in Envelope line)
    {
        if (AuditLog.IsLine(line.Message))
        {
            OnEnvelope(line);
        }
        else
        {
            CarrierTable.Unwrap(line, this);
        }
    }

    /// <summary>Takes an entry that spans lines and ends before <paramref name="end"/>.</summary>
    public void FeedEntry(SpanningEntry entry, long end)
    {
        _place = new LinePlace(entry.Offset, end);
        entry.Take(this);
    }

    /// <inheritdoc/>
    public bool OnEnvelope(in Envelope envelope)
    {
        bool isRead = TryRead(envelope);
        _isRead |= isRead;
        return isRead;
    }

    /// <inheritdoc/>
    public void OnEvent(AuditEvent record)
    {
        _isRead = true;
        if (_options.Events.Contains(record.Type, record.Fields))
        {
            _sink.OnEvent(record, _place, default);
        }
    }

    /// <inheritdoc/>
    public void OnBootMark()
    {
        _isRead = true;
        if (_options.Events.Contains(RecordTypes.SystemBoot))
        {
            _sink.OnBootMark(_place);
        }
    }

    private bool TryRead(in Envelope envelope)
    {
        if (!RecordParser.TryReadHeader(envelope, out EventHeader header))
        {
            if (envelope.Allows(Speaker.Kernel) && LossNotice.TryRead(envelope.Message, out uint lost))
            {
                if (_options.Moments)
                {
                    _sink.OnLoss(new LossNotice(_factory.GetText(envelope.Host), lost));
                }

                return true;
            }

            return TryTakeUntyped(envelope);
        }

        long? stamp = header.UnixMilliseconds ?? envelope.Stamp;
        ulong? serial = header.Serial ?? envelope.Serial;
        if (_options.Moments && !header.IsInterpreted && stamp is long milliseconds && serial is ulong number)
        {
            _sink.OnMoment(new EventMoment(header.Type, milliseconds, number, NodeOf(envelope, header)));
        }

        if (!header.IsVirt)
        {
            TakeEvent(envelope, header, stamp ?? envelope.Moment, serial);
            return true;
        }

        TakeEach(envelope, header);
        return true;
    }

    private bool TryTakeUntyped(in Envelope envelope)
    {
        Envelope read = envelope;
        if (!_records.TryReadUntyped(ref read))
        {
            return false;
        }

        Take(read);
        return true;
    }

    private void TakeEvent(in Envelope envelope, in EventHeader header, long? stamp, ulong? serial)
    {
        if (!_options.Events.Contains(header.Type, envelope.Text[header.Fields..]))
        {
            return;
        }

        if (header.Defect is string defect)
        {
            _sink.OnMalformed(_place, defect, LineOf(envelope));
            return;
        }

        byte[] fields = envelope.Text[header.Fields..].TrimEnd("\r\n"u8).ToArray();
        var record = new AuditEvent(header.Type, fields)
        {
            UnixMilliseconds = stamp,
            Serial = serial,
            Node = NodeOf(envelope, header),
            Source = Source,
            Offset = _place.Offset,
        };
        _sink.OnEvent(record, _place, OriginOf(envelope, fields));
    }

    // A writer died in the middle of a record, and the next was written behind it: none may lend the other its end.
    private void TakeEach(in Envelope envelope, in EventHeader header)
    {
        if (!_records.TryRead(envelope, header))
        {
            TakeEscaped(envelope);
            return;
        }

        // In a message that has a shape such text is a value's, so only what stands before it is looked at; and in an
        // interpreted one it may be a value's.
        RecordLayout layout = _records.Layout;
        ReadOnlySpan<byte> text = envelope.Text;
        int next = NextRecord(layout.Shape is null && !layout.IsInterpreted ? text : text[..Math.Min(layout.Message.Start, text.Length)]);
        if (next < 0)
        {
            Take(envelope);
        }
        else
        {
            TakeParts(envelope, next);
        }
    }

    private void TakeEscaped(in Envelope envelope)
    {
        Envelope read = envelope;
        _records.ReadEscaped(ref read);
        Take(read);
    }

    private void TakeParts(in Envelope envelope, int next)
    {
        LinePlace place = _place;
        ReadOnlySpan<byte> text = envelope.Text;
        Envelope part = envelope;
        part.Line = part.Text = text[..next];
        _place = place with { End = place.Offset + next };
        if (RecordParser.TryReadHeader(part, out EventHeader header) && _records.TryRead(part, header))
        {
            Take(part);
        }

        // Each is cut off before it is read: a line of very many takes no more time than its length.
        part.Start = 0;
        for (int start = next; start < text.Length; start += part.Text.Length)
        {
            int end = NextRecord(text[start..]);
            part.Line = part.Text = end < 0 ? text[start..] : text.Slice(start, end);
            _place = new LinePlace(place.Offset + start, end < 0 ? place.End : place.Offset + start + end);
            TryRead(part);
        }

        _place = place;
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

    private void Take(in Envelope envelope)
    {
        RecordLayout layout = _records.Layout;
        FoundAny = true;
        if (layout.Defect is not null)
        {
            _sink.OnMalformed(_place, layout.Defect, LineOf(envelope));
            if (!_options.IncludeMalformed)
            {
                return;
            }
        }

        // libvirt's own message passes the filter when it is whole: what follows may still change it.
        ReadOnlySpan<byte> text = envelope.Text;
        if (!layout.IsLibvirtMessage && !_options.Filter.Matches(new LayoutView(text, layout, _factory)))
        {
            return;
        }

        VirtAuditRecord record = _factory.Create(text, layout);
        record.Source = Source;
        if (_options.IncludeRawText || !layout.IsLibvirtForm || layout.Defect is not null)
        {
            record.RawText = ByteText.GetString(LineOf(envelope));
        }

        if (layout.IsLibvirtMessage)
        {
            _sink.OnLibvirtMessage(record, _place, OriginOf(envelope, default), layout.LogThread, layout.Message.Of(text));
        }
        else
        {
            _sink.OnRecord(record, _place, OriginOf(envelope, envelope.Side == TwinSide.None ? default : layout.Message.Of(text)));
        }
    }

    private static ReadOnlySpan<byte> LineOf(in Envelope envelope) => envelope.Line.IsEmpty ? envelope.Text : envelope.Line;

    private string? NodeOf(in Envelope envelope, in EventHeader header) =>
        _factory.GetText(header.NodeLength > 0 ? envelope.Text.Slice(header.NodeStart, header.NodeLength) : envelope.Host);

    private LineOrigin OriginOf(in Envelope envelope, ReadOnlySpan<byte> text) =>
        envelope.Side == TwinSide.None && envelope.BootId.IsEmpty ? default
        : new(envelope.Side, envelope.Side == TwinSide.None ? null : text.ToArray(), envelope.Clock, _factory.GetText(envelope.BootId));
}
