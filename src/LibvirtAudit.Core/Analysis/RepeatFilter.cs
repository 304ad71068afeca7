using System.Runtime.InteropServices;
using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Tells the records that were seen before from those that are new: a log that is given twice, and the overlap of rotated
/// copies, count once.
/// </summary>
/// <remarks>
/// <para>A record is known by host, stamp, serial, type and body (format.md §1), hashed to 64 bits with keys that nobody
/// knows. A record that is later than all that came of its host is new; any other is looked up among those that are
/// remembered. Only what is found there is a repeat.</para>
/// <para>Memory is bounded: beyond it the records of the earliest stamps are forgotten. A record of such a time that is not
/// remembered may have been seen: it counts as new and is counted as one of which that is not known.</para>
/// <para>So is a record without a serial or a stamp that equals one that was seen: it may be the same, or another of the
/// same moment (two redirected USB ports of one guest give two equal records in one millisecond).</para>
/// </remarks>
internal sealed class RepeatFilter
{
    /// <summary>How many records of several logs are remembered at most; at least half as many, whatever their order. 64 MiB.</summary>
    internal const int Capacity = 1 << 22;

    /// <summary>The same of one log, where a repeat is near as a rule: 8 MiB.</summary>
    internal const int CapacityOfOneLog = 1 << 19;

    // The records without a stamp are together, before all others.
    private const long NoStamp = long.MinValue;
    private const ulong NoSerial = ulong.MaxValue;

    private readonly SeenRecords _seen;
    private readonly HostNames _hosts;
    private readonly Dictionary<string, Order> _orders = [];
    private string? _host;
    private ulong _hostHash;
    private Order _order = new();

    /// <param name="capacity">How many records are remembered at most.</param>
    /// <param name="hosts">Which names are of one host.</param>
    internal RepeatFilter(int capacity, HostNames hosts)
    {
        _hosts = hosts;
        _seen = new SeenRecords(capacity / SeenRecords.PageSize);
        _orders.Add("", _order);
    }

    /// <summary>Of how many records it is not known whether they were seen, because what came before was forgotten.</summary>
    internal long Forgotten { get; private set; }

    /// <summary>Whether the record is new; it is remembered then.</summary>
    internal RecordNovelty Judge(VirtAuditRecord record)
    {
        Turn(record.Node);
        long stamp = record.UnixMilliseconds ?? NoStamp;
        ulong serial = record.Serial ?? NoSerial;
        var seen = new SeenRecord(stamp, RecordHash.Of(record, RecordHash.OfGuest(record, _hostHash), stamp, serial));
        return Judge(seen, record.Serial, record.UnixMilliseconds is not null);
    }

    /// <summary>Whether the record is new; it is remembered then.</summary>
    internal RecordNovelty Judge(AuditEvent record)
    {
        if (record.Serial is not ulong serial || record.UnixMilliseconds is not long stamp)
        {
            return RecordNovelty.New;
        }

        Turn(record.Node);
        return Judge(new SeenRecord(stamp, RecordHash.Of(record, _hostHash, stamp, serial)), serial, hasStamp: true);
    }

    /// <summary>Turns to a host: most records are of the same as the one before.</summary>
    private void Turn(string? node)
    {
        string? host = _hosts.Of(node);
        if (host == _host)
        {
            return;
        }

        _host = host;
        _hostHash = RecordHash.OfText(host);
        ref Order? order = ref CollectionsMarshal.GetValueRefOrAddDefault(_orders, host ?? "", out _);
        _order = order ??= new Order();
    }

    private RecordNovelty Judge(in SeenRecord seen, ulong? serial, bool hasStamp)
    {
        if (!hasStamp || !_order.IsAhead(seen.Stamp, serial))
        {
            if (_seen.Contains(seen))
            {
                return hasStamp && serial is not null ? RecordNovelty.Repeated : RecordNovelty.Unknown;
            }

            if (_seen.IsForgotten(seen.Stamp))
            {
                Forgotten++;
                _seen.Add(seen);
                return RecordNovelty.Unknown;
            }
        }

        _seen.Add(seen);
        return RecordNovelty.New;
    }

    /// <summary>The latest stamp of a host, and the highest serial of that moment.</summary>
    private sealed class Order
    {
        private long _stamp = NoStamp;
        private ulong? _serial;

        /// <summary>
        /// Whether a record is later than all that came before; it is the latest then. In a log in order all are, and nothing is
        /// looked up.
        /// </summary>
        internal bool IsAhead(long stamp, ulong? serial)
        {
            if (stamp < _stamp || (stamp == _stamp && !(serial > _serial)))
            {
                return false;
            }

            _stamp = stamp;
            _serial = serial;
            return true;
        }
    }
}
