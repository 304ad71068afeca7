using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Findings;

/// <summary>
/// Follows the serial numbers that the kernel gives to events, boot by boot and host by host: which are missing, which come
/// twice, which stand where they do not belong.
/// </summary>
/// <remarks>
/// <para>The kernel takes a serial when it begins an event that it is going to log (<c>audit_log_start</c> in
/// <c>kernel/audit.c</c>): what rules exclude, and what is dropped because the backlog is full, takes none. So auditd's own
/// log is without holes, but for what was lost on the way to it; an extract of one has more holes than serials.
/// auditd's own records (DAEMON_START, …) carry another sequence and are passed over.</para>
/// <para>A serial that goes back begins a new boot or is out of place. Which, the next lines tell: records that stand where
/// they do not belong are followed by one that goes on where the sequence was left. A record of auditd's start or of the
/// host's boot decides at once.</para>
/// <para>What is kept of a host is bounded: <see cref="MaxSequences"/> boots, each with its last serials and holes.</para>
/// </remarks>
internal sealed class SerialCheck(Action<VirtAuditFinding> known, HostNames hosts)
{
    /// <summary>How many boots of a host are known at once.</summary>
    private const int MaxSequences = 16;

    /// <summary>By how much a serial may be late: processors that log at the same moment are written in either order.</summary>
    private const ulong Slack = 64;

    /// <summary>By how much such a late one may be stamped later than all before, in milliseconds: the stamp is read before the number is taken.</summary>
    private const long Moment = 1000;

    /// <summary>A serial that is further ahead is doubted like one that goes back.</summary>
    private const ulong Leap = 4096;

    /// <summary>How many records in a row make a boot of which nothing else tells.</summary>
    private const int Enough = 8;

    // All but where the writer says that it is.
    private static readonly RecordField[] EveryCarriers = [.. Enum.GetValues<RecordField>().Except([RecordField.HostName, RecordField.Address, RecordField.Terminal])];

    private readonly SerialRoom _room = new();
    private readonly Dictionary<string, HostSerials> _hosts = [];
    private readonly HostSerials _unnamedHost = new();
    private HostSerials? _last;
    private string? _lastIdentity;

    /// <summary>The file whose lines and records come.</summary>
    internal string? Source { get; set; }

    /// <summary>An event of any type.</summary>
    internal void Accept(in EventMoment moment)
    {
        if (!moment.IsOfKernel)
        {
            return;
        }

        HostSerials host = HostOf(moment.Node);
        host.HasLines = true;
        See(host, moment.Serial, moment.UnixMilliseconds);
    }

    /// <summary>A record of libvirt; false where it stands where it does not belong, or is not yet known to belong.</summary>
    internal bool Accept(VirtAuditRecord record, RecordNovelty novelty)
    {
        if (record.Serial is not ulong serial || record.UnixMilliseconds is not long stamp)
        {
            return true;
        }

        HostSerials host = HostOf(record.Node);
        Sighting verdict = host.LastSerial == serial && host.LastStamp == stamp ? host.LastSighting : See(host, serial, stamp);
        if (verdict is Sighting.Doubtful or Sighting.Reported)
        {
            return false;
        }

        // What was cut lacks what would tell it from its whole.
        if (record.Result is null || host.Current is not SerialSequence current)
        {
            return true;
        }

        int hash = HashOf(record);
        if (verdict == Sighting.Repeated ? novelty == RecordNovelty.New : current.Meet(serial, stamp, hash) is int other && other != hash)
        {
            string name = EventName.Of(host.Node, stamp, serial);
            known(Found.Of(FindingKind.ConflictingRecords, $"Another record has the stamp and serial number of event {Found.Show(name)}; this one says: {Found.Brief(record)}", host.Node, stamp, name)
                .About(record));
            return false;
        }

        return true;
    }

    /// <summary>The host booted, or auditd started: a serial that goes back is a new boot's, and holes before the next are explained.</summary>
    internal void AcceptStart(AuditEvent record)
    {
        HostSerials host = HostOf(record.Node);
        host.IsRestarted = true;
        if (record.Type != RecordTypes.SystemBoot || record.IsMark)
        {
            return;
        }

        if (host.Doubtful.Count > 0)
        {
            Adopt(host);
        }

        if (host.Current is not SerialSequence current)
        {
            return;
        }

        string name = EventName.Of(record);
        if (current.BootEventId is string before && before != name)
        {
            known(Found.Of(FindingKind.BootContradicted, $"The host booted twice, but the serial numbers of its records did not begin anew: {Found.Show(before)} and {Found.Show(name)}", host.Node, record.UnixMilliseconds, before, name)
                .In(Source));
        }

        current.BootEventId = name;
    }

    internal void Complete()
    {
        foreach (HostSerials host in _hosts.Values.Append(_unnamedHost))
        {
            if (host is { Doubtful.Count: > 0, Current: SerialSequence current })
            {
                if (host.HasLines && current.IsDense && !host.IsRestarted)
                {
                    ReportDoubtful(host);
                }
                else
                {
                    Adopt(host);
                }
            }

            TellOutOfPlace(host);
            foreach (SerialSequence sequence in host.Sequences)
            {
                ReportHoles(host, sequence);
            }
        }
    }

    private Sighting See(HostSerials host, ulong serial, long stamp)
    {
        host.LastSerial = serial;
        host.LastStamp = stamp;
        host.LastSighting = Place(host, serial, stamp);
        if (host.LastSighting is Sighting.Fine or Sighting.Repeated)
        {
            TellOutOfPlace(host);
        }

        return host.LastSighting;
    }

    private Sighting Place(HostSerials host, ulong serial, long stamp)
    {
        if (host.Current is null)
        {
            host.Add(new SerialSequence(_room, serial, stamp, Source));
            host.IsRestarted = false;
            return Sighting.Fine;
        }

        SerialSequence current = SequenceFor(host, serial, stamp);
        if (serial < current.Last && current.Last - serial <= Slack && stamp <= current.MaxStamp + Moment && stamp >= current.MinStamp - Moment && current.Find(serial, stamp) == SerialPresence.Missing)
        {
            current.Fill(serial, stamp);
            return Sighting.Fine;
        }

        if (host.Doubtful.Count > 0)
        {
            if (serial > current.Last && serial - current.Last <= Slack && !host.IsRestarted)
            {
                ReportDoubtful(host);
            }
            else if (current.Find(serial, stamp) == SerialPresence.Same)
            {
                return Sighting.Fine;
            }
            else
            {
                return Doubt(host, serial, stamp);
            }
        }

        if (serial <= current.Last)
        {
            return PlaceEarlier(host, serial, stamp);
        }

        if (serial - current.Last > Leap && !host.IsRestarted)
        {
            return Doubt(host, serial, stamp);
        }

        current.Extend(serial, stamp, Source, host.IsRestarted);
        host.IsRestarted = false;
        return Sighting.Fine;
    }

    private Sighting PlaceEarlier(HostSerials host, ulong serial, long stamp)
    {
        for (int i = host.Sequences.Count - 1; i >= 0; i--)
        {
            SerialSequence sequence = host.Sequences[i];
            if (!sequence.Spans(serial, stamp))
            {
                continue;
            }

            switch (sequence.Find(serial, stamp))
            {
                case SerialPresence.Same:
                    return Sighting.Fine;
                case SerialPresence.Other:
                    string name = EventName.Of(host.Node, stamp, serial);
                    known(Found.Of(FindingKind.ConflictingRecords, string.Create(CultureInfo.InvariantCulture,
                        $"Serial number {serial} belongs to two events of one boot, with different stamps; this is {Found.Show(name)}"), host.Node, stamp, name).In(Source));
                    return Sighting.Reported;
                case SerialPresence.Missing:
                    sequence.Fill(serial, stamp);
                    if (sequence == host.Current && sequence.Source == Source && sequence.Last - serial > Slack)
                    {
                        ReportOutOfPlace(host, serial, stamp, sequence);
                        return Sighting.Reported;
                    }

                    return Sighting.Fine;
                case SerialPresence.Seen:
                    return Sighting.Repeated;
                default:
                    return Sighting.Fine;
            }
        }

        return Doubt(host, serial, stamp);
    }

    /// <summary>Where another file begins it may go on with another boot than the last.</summary>
    private SerialSequence SequenceFor(HostSerials host, ulong serial, long stamp)
    {
        if (host.Source != Source)
        {
            host.Source = Source;
            SerialSequence? better = host.Sequences.Where(sequence => sequence.Last < serial && sequence.Last > host.Current!.Last && sequence.MaxStamp <= stamp).MaxBy(sequence => sequence.Last);
            host.Current = serial > host.Current!.Last && better is not null ? better : host.Current;
        }

        return host.Current!;
    }

    private Sighting Doubt(HostSerials host, ulong serial, long stamp)
    {
        if (host.Doubtful.Count == 0 || host.Doubtful[^1].Serial != serial || host.Doubtful[^1].Stamp != stamp)
        {
            host.Doubtful.Add((serial, stamp, Source));
        }

        if (!host.IsRestarted && host.Doubtful.Count < Enough)
        {
            return Sighting.Doubtful;
        }

        Adopt(host);
        return Sighting.Fine;
    }

    /// <summary>What was doubted is a boot, or goes on after a leap.</summary>
    private void Adopt(HostSerials host)
    {
        SerialSequence sequence = host.Current!;
        foreach ((ulong serial, long stamp, string? source) in host.Doubtful)
        {
            if (serial > sequence.Last && (sequence.First != serial) && (sequence != host.Current || stamp >= sequence.MaxStamp))
            {
                sequence.Extend(serial, stamp, source, host.IsRestarted && sequence == host.Current);
            }
            else if (sequence.Find(serial, stamp) == SerialPresence.Missing && sequence.Spans(serial, stamp))
            {
                sequence.Fill(serial, stamp);
            }
            else if (sequence == host.Current)
            {
                sequence = new SerialSequence(_room, serial, stamp, source);
            }
        }

        host.Doubtful.Clear();
        host.IsRestarted = false;
        if (sequence != host.Current)
        {
            host.Add(sequence);
            if (host.Sequences.Count > MaxSequences)
            {
                ReportHoles(host, host.Sequences[0]);
                host.Sequences[0].Release();
                host.Sequences.RemoveAt(0);
            }
        }
    }

    private void ReportDoubtful(HostSerials host)
    {
        foreach ((ulong serial, long stamp, string? source) in host.Doubtful)
        {
            ReportOutOfPlace(host, serial, stamp, host.Current!, source);
        }

        host.Doubtful.Clear();
    }

    /// <summary>What stands together where it does not belong is one finding.</summary>
    private void ReportOutOfPlace(HostSerials host, ulong serial, long stamp, SerialSequence sequence, string? source = null)
    {
        string name = EventName.Of(host.Node, stamp, serial);
        if (host.OutOfPlace is null)
        {
            host.OutOfPlace = Found.Of(FindingKind.SerialOutOfPlace, EventName.Of(host.Node, sequence.LastStamp, sequence.Last), host.Node, stamp).In(source ?? Source);
            host.OutOfPlace.Count = 0;
        }

        host.OutOfPlace.Count++;
        host.LastOutOfPlace = name;
        if (host.OutOfPlace.Evidence.Length < Found.MostEvidence)
        {
            host.OutOfPlace.Evidence = [.. host.OutOfPlace.Evidence, name];
        }
    }

    private void TellOutOfPlace(HostSerials host)
    {
        if (host.OutOfPlace is not VirtAuditFinding finding)
        {
            return;
        }

        host.OutOfPlace = null;
        string first = Found.Show(finding.Evidence[0]), after = Found.Show(finding.Message);
        finding.Message = finding.Count == 1
            ? $"Event {first} stands after {after}, where its serial number does not belong"
            : string.Create(CultureInfo.InvariantCulture, $"{finding.Count} events, {first} to {Found.Show(host.LastOutOfPlace)}, stand after {after}, where their serial numbers do not belong");
        known(finding);
    }

    private void ReportHoles(HostSerials host, SerialSequence sequence)
    {
        // Records without the lines around them are a choice, and say nothing of what is missing.
        if (!host.HasLines || sequence.Missing == 0)
        {
            return;
        }

        string first = EventName.Of(host.Node, sequence.FirstStamp, sequence.First), last = EventName.Of(host.Node, sequence.LastStamp, sequence.Last);
        if (!sequence.IsDense)
        {
            VirtAuditFinding partial = Found.Of(FindingKind.PartialLog, string.Create(CultureInfo.InvariantCulture,
                $"Of {sequence.Span} events that the kernel numbered, {sequence.Span - sequence.Missing} are here: it can't be seen whether more were taken out"), host.Node, sequence.FirstStamp, first, last).In(sequence.Source);
            partial.Count = (long)sequence.Missing;
            known(partial);
            return;
        }

        if (sequence.Forgotten > 0)
        {
            VirtAuditFinding forgotten = Found.Of(FindingKind.MissingSerials, string.Create(CultureInfo.InvariantCulture,
                $"{Found.Plural((long)sequence.Forgotten, "event")} that the kernel numbered are not here, in many places after {first}"), host.Node, sequence.FirstStamp, first).In(sequence.Source);
            forgotten.Count = (long)sequence.Forgotten;
            known(forgotten);
        }

        foreach (SerialHole hole in sequence.Holes)
        {
            string before = EventName.Of(host.Node, hole.Before, hole.From - 1), after = EventName.Of(host.Node, hole.After, hole.To + 1);
            VirtAuditFinding finding = Found.Of(FindingKind.MissingSerials, string.Create(CultureInfo.InvariantCulture,
                $"{Found.Plural((long)hole.Count, "event")} that the kernel numbered, {(hole.Count == 1 ? "" : hole.From + " to ")}{hole.To}, {(hole.Count == 1 ? "is" : "are")} not here{(hole.IsExplained ? "; auditd was down meanwhile" : "")}"),
                host.Node, hole.Before, before, after).In(hole.Source);
            finding.Count = (long)hole.Count;
            known(hole.IsExplained ? finding.As(FindingSeverity.Information) : finding);
        }
    }

    private HostSerials HostOf(string? node)
    {
        if (hosts.Of(node) is not string identity)
        {
            return _unnamedHost;
        }

        if (_lastIdentity == identity)
        {
            _last!.Node = node;
            return _last;
        }

        if (!_hosts.TryGetValue(identity, out HostSerials? host))
        {
            _hosts.Add(identity, host = new HostSerials());
        }

        host.Node = node;
        _lastIdentity = identity;
        return _last = host;
    }

    /// <summary>All that a record says in every carrier; 0 stands for no record.</summary>
    private static int HashOf(VirtAuditRecord record)
    {
        var hash = default(HashCode);
        hash.Add(record.RecordTypeId);
        hash.Add(record.ProcessId);
        foreach (RecordField field in EveryCarriers)
        {
            hash.Add(RecordProperties.Get(record, field));
        }

        return hash.ToHashCode() is not 0 and int code ? code : 1;
    }

    /// <summary>What a serial was taken for.</summary>
    private enum Sighting
    {
        /// <summary>It belongs where it stands, or is of an event that was seen.</summary>
        Fine,

        /// <summary>An event that was seen long ago has it.</summary>
        Repeated,

        /// <summary>The next lines will tell.</summary>
        Doubtful,

        /// <summary>It was reported.</summary>
        Reported,
    }

    private sealed class HostSerials
    {
        /// <summary>Its name in the event or record that came last; null where it names none.</summary>
        internal string? Node { get; set; }

        /// <summary>The boots, in the order in which they were found.</summary>
        internal List<SerialSequence> Sequences { get; } = [];

        internal SerialSequence? Current { get; set; }

        internal List<(ulong Serial, long Stamp, string? Source)> Doubtful { get; } = [];

        /// <summary>Whether a boot or a start of auditd came since the last serial that was taken.</summary>
        internal bool IsRestarted { get; set; }

        /// <summary>Whether lines of every type were seen.</summary>
        internal bool HasLines { get; set; }

        internal string? Source { get; set; }

        /// <summary>What was found out of place, while more of it may follow; the message is still the event before it.</summary>
        internal VirtAuditFinding? OutOfPlace { get; set; }

        internal string? LastOutOfPlace { get; set; }

        internal ulong? LastSerial { get; set; }

        internal long LastStamp { get; set; }

        internal Sighting LastSighting { get; set; }

        internal void Add(SerialSequence sequence)
        {
            Sequences.Add(sequence);
            Current = sequence;
        }
    }
}
