using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using LibvirtAudit.Parsing;
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
    /// <summary>How many records are remembered exactly: some 16 MB when full.</summary>
    internal const int Window = 1 << 18;

    /// <summary>How many spans a guest has at most; beyond, the two oldest become one.</summary>
    private const int MaxSpans = 16;

    /// <summary>By how much a serial may go back within a boot: processors that log at the same moment are written in either order.</summary>
    private const ulong Slack = 64;

    private readonly HashSet<ulong> _recent = [];
    private readonly List<Seen> _ring = [];
    private readonly int _window;
    private readonly Dictionary<ulong, History> _histories = [];
    private readonly Dictionary<ulong, Order> _orders = [];

    /// <summary>How many records have left the window, and up to which, counted from the first, they were entered in <see cref="_recent"/>.</summary>
    private long _count;
    private long _entered;

    internal RepeatFilter(int window = Window) => _window = window;

    /// <summary>Whether the record is new; it is remembered then.</summary>
    internal bool IsNew(VirtAuditRecord record)
    {
        if (record.Serial is not ulong serial || record.UnixMilliseconds is not long stamp)
        {
            return true;
        }

        ulong node = Hash(record.Node);
        ulong guest = Mix(node, record.Uuid is Guid uuid ? Hash(uuid) : Hash(record.VMName));
        return IsNew(new Seen(Hash(record, guest, stamp, serial), guest, stamp, serial), node);
    }

    /// <summary>Whether the record is new; it is remembered then.</summary>
    internal bool IsNew(AuditEvent record)
    {
        ulong node = Hash(record.Node);
        ulong hash = Mix(Mix(Mix(node, (ulong)record.UnixMilliseconds), record.Serial), (ulong)record.Type);
        return IsNew(new Seen(Mix(hash, Hash(record.Fields)), node, record.UnixMilliseconds, record.Serial), node);
    }

    private bool IsNew(in Seen seen, ulong node)
    {
        if (!_orders.TryGetValue(node, out Order? order))
        {
            _orders.Add(node, order = new Order());
        }

        // What is later than all that was seen of the host can't have been seen: in a log in order nothing is ever looked up.
        if (!order.IsAhead(seen) && (IsRecent(seen.Hash) || (order.IsKept && _histories.TryGetValue(seen.Guest, out History? history) && history.Covers(seen))))
        {
            return false;
        }

        order.Add(seen);
        if (_ring.Count < _window)
        {
            _ring.Add(seen);
            return true;
        }

        int place = (int)(_count % _window);
        Retire(_ring[place]);
        _ring[place] = seen;
        _count++;
        return true;
    }

    private bool IsRecent(ulong hash)
    {
        // Those that came since the last look are entered now.
        long end = _count + _ring.Count;
        for (_entered = Math.Max(_entered, _count); _entered < end; _entered++)
        {
            _recent.Add(_ring[(int)(_entered % _window)].Hash);
        }

        return _recent.Contains(hash);
    }

    private void Retire(in Seen old)
    {
        if (_entered > _count)
        {
            _recent.Remove(old.Hash);
        }

        ref History? history = ref CollectionsMarshal.GetValueRefOrAddDefault(_histories, old.Guest, out _);
        history ??= new History();
        history.Add(old);
    }

    private static ulong Hash(VirtAuditRecord record, ulong guest, long stamp, ulong serial)
    {
        ulong hash = Mix(Mix(Mix(guest, (ulong)stamp), serial), (ulong)(record.RecordTypeId ?? 0));
        foreach (string? text in (ReadOnlySpan<string?>)[record.Operation, record.ResourceType, record.Reason, record.Result, Text(record.OldValue), Text(record.NewValue),
            record.Device ?? record.HostDisk ?? record.HostChardev, record.DevicePath, record.MacAddress, record.Category, record.Model, record.AdditionalFields])
        {
            hash = Mix(hash, Hash(text));
        }

        return hash;

        static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture);
    }

    private static ulong Hash(Guid uuid) => Hash(MemoryMarshal.AsBytes(new ReadOnlySpan<Guid>(in uuid)));

    private static ulong Hash(string? text) => text is null ? 0 : Hash(MemoryMarshal.AsBytes(text.AsSpan()));

    private static ulong Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length + 1;
        while (bytes.Length >= 8)
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[8..];
        }

        ulong last = 0;
        foreach (byte value in bytes)
        {
            last = (last << 8) | value;
        }

        return Mix(hash, last);
    }

    /// <summary>Folds the 128-bit product of both halves: every bit of either reaches every bit of the result.</summary>
    private static ulong Mix(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left ^ 0x9E3779B97F4A7C15, right ^ 0xD6E8FEB86659FD93, out ulong low);
        return high ^ low;
    }

    /// <param name="Hash">Of the whole record.</param>
    /// <param name="Guest">Of host and guest; of the host alone for records of other types.</param>
    /// <param name="Stamp">In milliseconds.</param>
    /// <param name="Serial">The event's serial.</param>
    private readonly record struct Seen(ulong Hash, ulong Guest, long Stamp, ulong Serial);

    /// <summary>Whether a host's records come in the order of their serials, but for boots and for logs that are given in another order.</summary>
    private sealed class Order
    {
        private ulong _last;
        private ulong _lastAtStamp;
        private long _latest = long.MinValue;
        private long _count;
        private long _back;

        internal bool IsKept => _back * 8 <= _count;

        internal bool IsAhead(in Seen seen) => seen.Stamp > _latest || (seen.Stamp == _latest && seen.Serial > _lastAtStamp);

        internal void Add(in Seen seen)
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

        internal bool Covers(in Seen seen)
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

        internal void Add(in Seen old)
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
        internal bool Holds(in Seen seen) => seen.Stamp >= MinStamp && seen.Stamp <= MaxStamp && seen.Serial >= FirstSerial && seen.Serial <= LastSerial;

        internal Span Extend(in Seen seen) => this with
        {
            MinStamp = Math.Min(MinStamp, seen.Stamp),
            MaxStamp = Math.Max(MaxStamp, seen.Stamp),
            LastSerial = Math.Max(LastSerial, seen.Serial),
        };

        internal Span Merge(in Span later) => new(Math.Min(MinStamp, later.MinStamp), Math.Max(MaxStamp, later.MaxStamp),
            Math.Min(FirstSerial, later.FirstSerial), Math.Max(LastSerial, later.LastSerial));
    }
}
