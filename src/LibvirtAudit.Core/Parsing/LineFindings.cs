using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>
/// What the lines of one part of a text hold, read before it is their turn to be given out. Lines whose meaning hangs on
/// those around them, of libvirt's own log and of entries that span lines, can't be read so: they are only told of.
/// </summary>
internal sealed class LineFindings : ILineSink
{
    private readonly CandidateScanner _scanner;
    private readonly LineReader _lines;
    private readonly List<Item> _items = [];
    private readonly List<VirtAuditRecord> _records = [];
    private readonly List<AuditEvent> _events = [];
    private readonly List<string> _defects = [];
    private readonly List<EventMoment> _moments = [];
    private readonly List<LossNotice> _losses = [];

    // Few carriers say anything beside a record: the first entry stands for nothing.
    private readonly List<LineOrigin> _origins = [default];
    private ReadOnlyMemory<byte> _part;
    private long _offset;

    /// <summary>Makes an empty one.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="source">What the records say of where they come from; null for text.</param>
    public LineFindings(ReadOptions options, string? source)
    {
        _scanner = LineReader.ScannerFor(options);
        _lines = new LineReader(options, source, this);
    }

    private enum ItemKind
    {
        Record,
        Event,
        Malformed,
        Unread,
        Moment,
        Loss,
        BootMark,
    }

    /// <summary>Whether any line was a record or the remains of one, wanted or not.</summary>
    public bool FoundAny => _lines.FoundAny;

    /// <summary>Whether a line was seen that can only be read in its turn; then what was found is not all.</summary>
    public bool NeedsOrder { get; private set; }

    /// <summary>Reads whole lines anew.</summary>
    /// <param name="part">The lines; they are to stay as they are until <see cref="GiveTo"/>.</param>
    /// <param name="offset">Where the part begins in the text.</param>
    public void Read(ReadOnlyMemory<byte> part, long offset)
    {
        Clear();
        _part = part;
        _offset = offset;
        NeedsOrder = false;
        ReadOnlySpan<byte> text = part.Span;
        for (int position = 0; !NeedsOrder && _scanner.TryNext(text, ref position, out int start, out int end);)
        {
            ReadOnlySpan<byte> line = text[start..end];
            if (CarrierTable.BeginsEntry(line))
            {
                NeedsOrder = true;
            }
            else
            {
                _lines.Feed(line, offset + start);
            }
        }
    }

    /// <summary>Gives out what was found, in the order of the lines.</summary>
    public void GiveTo(ILineSink sink)
    {
        foreach (Item item in _items)
        {
            switch (item.Kind)
            {
                case ItemKind.Record:
                    sink.OnRecord(_records[item.Index], item.Place, _origins[item.Origin]);
                    break;
                case ItemKind.Event:
                    sink.OnEvent(_events[item.Index], item.Place, _origins[item.Origin]);
                    break;
                case ItemKind.Malformed:
                    sink.OnMalformed(item.Place, _defects[item.Index], LineOf(item));
                    break;
                case ItemKind.Unread:
                    sink.OnUnread(item.Place, LineOf(item));
                    break;
                case ItemKind.Moment:
                    sink.OnMoment(_moments[item.Index]);
                    break;
                case ItemKind.Loss:
                    sink.OnLoss(_losses[item.Index]);
                    break;
                case ItemKind.BootMark:
                    sink.OnBootMark(item.Place);
                    break;
            }
        }
    }

    void ILineSink.OnRecord(VirtAuditRecord record, LinePlace place, in LineOrigin origin) =>
        _items.Add(new Item(ItemKind.Record, place, Add(_records, record), 0, AddOrigin(origin)));

    void ILineSink.OnLibvirtMessage(VirtAuditRecord record, LinePlace place, in LineOrigin origin, ulong? thread, ReadOnlySpan<byte> body) => NeedsOrder = true;

    void ILineSink.OnMalformed(LinePlace place, string defect, ReadOnlySpan<byte> line) =>
        _items.Add(new Item(ItemKind.Malformed, place, Add(_defects, defect), line.Length));

    void ILineSink.OnUnread(LinePlace place, ReadOnlySpan<byte> line) => _items.Add(new Item(ItemKind.Unread, place, 0, line.Length));

    void ILineSink.OnEvent(AuditEvent record, LinePlace place, in LineOrigin origin) =>
        _items.Add(new Item(ItemKind.Event, place, Add(_events, record), 0, AddOrigin(origin)));

    void ILineSink.OnMoment(in EventMoment moment) => _items.Add(new Item(ItemKind.Moment, default, Add(_moments, moment)));

    void ILineSink.OnLoss(in LossNotice notice) => _items.Add(new Item(ItemKind.Loss, default, Add(_losses, notice)));

    void ILineSink.OnBootMark(LinePlace place) => _items.Add(new Item(ItemKind.BootMark, place, 0));

    private static int Add<T>(List<T> list, T item)
    {
        list.Add(item);
        return list.Count - 1;
    }

    private int AddOrigin(in LineOrigin origin) => origin.IsNone ? 0 : Add(_origins, origin);

    private void Clear()
    {
        _items.Clear();
        _records.Clear();
        _events.Clear();
        _defects.Clear();
        _moments.Clear();
        _losses.Clear();
        _origins.RemoveRange(1, _origins.Count - 1);
    }

    private ReadOnlySpan<byte> LineOf(in Item item) => _part.Span.Slice((int)(item.Place.Offset - _offset), item.Length);

    /// <summary>One item, in the order of the lines.</summary>
    /// <param name="Kind">What it is.</param>
    /// <param name="Place">Its line.</param>
    /// <param name="Index">Where it stands among those of its kind.</param>
    /// <param name="Length">How long the line is.</param>
    /// <param name="Origin">Where its origin stands.</param>
    private readonly record struct Item(ItemKind Kind, LinePlace Place, int Index, int Length = 0, int Origin = 0);
}
