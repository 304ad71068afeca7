using System.Runtime.InteropServices;
using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Lets every record through once: a log that is given twice, and the overlap of rotated copies, count once.
/// </summary>
/// <remarks>
/// <para>A record is known by node, stamp, serial, type and body (format.md §1), hashed to 64 bits. The last
/// <see cref="Window"/> records are remembered exactly, whatever order they came in, over any number of boots and with a
/// clock that was set back: nothing is dropped that was not seen. That alone covers logs of some 100 MB.</para>
/// <para>What falls out of the window is kept as spans, for each guest (and for each host's other records) on its own: from
/// which stamp and serial to which its records ran on without a serial going back, one span a boot. A record that is not
/// in the window but inside such a span, by stamp and by serial, is a repeat. A later boot repeats serials but not stamps; a
/// clock that is set back repeats stamps but not serials; only both at once could be mistaken. Spans mean something only
/// where records come in order: of a host whose serials keep going back they are not used, and repeats beyond the window
/// are counted again rather than anything new dropped.</para>
/// <para>A record without a serial cannot be told from its equal a moment later (two redirected USB ports of one guest
/// give two equal records in one millisecond) and is always let through.</para>
/// </remarks>
internal sealed class RepeatFilter
{
    /// <summary>How many records are remembered exactly: some 10 MB when full.</summary>
    internal const int Window = 1 << 18;

    /// <summary>How many spans a guest has at most; beyond, the two oldest become one.</summary>
    private const int MaxSpans = 16;

    /// <summary>By how much a serial may go back within a boot: processors that log at the same moment are written in either order.</summary>
    private const ulong Slack = 64;

    private readonly RecentRecords _recent;
    private readonly Dictionary<ulong, History> _histories = [];
    private readonly Dictionary<ulong, Order> _orders = [];
    private string? _node;
    private ulong _nodeHash;
    private Order _order;

    internal RepeatFilter(int window = Window)
    {
        _recent = new RecentRecords(window);
        _orders.Add(0, _order = new Order());
    }

    /// <summary>Whether the record is new; it is remembered then.</summary>
    internal bool IsNew(VirtAuditRecord record)
    {
        if (record.Serial is not ulong serial || record.UnixMilliseconds is not long stamp)
        {
            return true;
        }

        Turn(record.Node);
        ulong guest = RecordHash.OfGuest(record, _nodeHash);
        return IsNew(new SeenRecord(RecordHash.Of(record, guest, stamp, serial), guest, stamp, serial));
    }

    /// <summary>Whether the record is new; it is remembered then.</summary>
    internal bool IsNew(AuditEvent record)
    {
        if (record.Serial is not ulong serial || record.UnixMilliseconds is not long stamp)
        {
            return true;
        }

        Turn(record.Node);
        return IsNew(new SeenRecord(RecordHash.Of(record, _nodeHash, stamp, serial), _nodeHash, stamp, serial));
    }

    /// <summary>Turns to a host: most records are of the same as the one before.</summary>
    private void Turn(string? node)
    {
        if (node == _node)
        {
            return;
        }

        _node = node;
        _nodeHash = RecordHash.OfText(node);
        ref Order? order = ref CollectionsMarshal.GetValueRefOrAddDefault(_orders, _nodeHash, out _);
        _order = order ??= new Order();
    }

    private bool IsNew(in SeenRecord seen)
    {
        // What is later than all that was seen of the host can't have been seen: in a log in order nothing is ever looked up.
        if (!_order.IsAhead(seen) && (_recent.Contains(seen.Hash) || (_order.IsKept && _histories.TryGetValue(seen.Guest, out History? history) && history.Covers(seen))))
        {
            return false;
        }

        _order.Add(seen);
        if (_recent.Add(seen, out SeenRecord left))
        {
            ref History? past = ref CollectionsMarshal.GetValueRefOrAddDefault(_histories, left.Guest, out _);
            (past ??= new History()).Add(left);
        }

        return true;
    }

    /// <summary>Whether a host's records come in the order of their serials, but for boots and for logs that are given in another order.</summary>
    private sealed class Order
    {
        private ulong _last;
        private ulong _lastAtStamp;
        private long _latest = long.MinValue;
        private long _count;
        private long _back;

        internal bool IsKept => _back * 8 <= _count;

        internal bool IsAhead(in SeenRecord seen) => seen.Stamp > _latest || (seen.Stamp == _latest && seen.Serial > _lastAtStamp);

        internal void Add(in SeenRecord seen)
        {
            _count++;
            _back += seen.Serial + Slack < _last ? 1 : 0;
            _last = seen.Serial;
            if (seen.Stamp > _latest)
            {
                _latest = seen.Stamp;
                _lastAtStamp = seen.Serial;
            }
            else if (seen.Stamp == _latest)
            {
                _lastAtStamp = Math.Max(_lastAtStamp, seen.Serial);
            }
        }
    }

    /// <summary>The spans of one guest's records that fell out of the window.</summary>
    private sealed class History
    {
        private readonly List<Span> _spans = [];

        internal bool Covers(in SeenRecord seen)
        {
            foreach (Span span in _spans)
            {
                if (span.Holds(seen))
                {
                    return true;
                }
            }

            return false;
        }

        internal void Add(in SeenRecord old)
        {
            if (_spans.Count > 0 && old.Serial + Slack >= _spans[^1].LastSerial)
            {
                _spans[^1] = _spans[^1].Extend(old);
            }
            else
            {
                _spans.Add(new Span(old.Stamp, old.Stamp, old.Serial, old.Serial));
                if (_spans.Count > MaxSpans)
                {
                    _spans[1] = _spans[0].Merge(_spans[1]);
                    _spans.RemoveAt(0);
                }
            }
        }
    }

    private readonly record struct Span(long MinStamp, long MaxStamp, ulong FirstSerial, ulong LastSerial)
    {
        internal bool Holds(in SeenRecord seen) => seen.Stamp >= MinStamp && seen.Stamp <= MaxStamp && seen.Serial >= FirstSerial && seen.Serial <= LastSerial;

        internal Span Extend(in SeenRecord seen) => this with
        {
            MinStamp = Math.Min(MinStamp, seen.Stamp),
            MaxStamp = Math.Max(MaxStamp, seen.Stamp),
            LastSerial = Math.Max(LastSerial, seen.Serial),
        };

        internal Span Merge(in Span later) => new(Math.Min(MinStamp, later.MinStamp), Math.Max(MaxStamp, later.MaxStamp),
            Math.Min(FirstSerial, later.FirstSerial), Math.Max(LastSerial, later.LastSerial));
    }
}
