using System.Runtime.InteropServices;
using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Makes guest sessions of records, in the order of the log, and hands out each as soon as it is known. Every record costs
/// the same however long the log is; what is kept grows with the guests, not with the log.
/// </summary>
/// <remarks>
/// What belongs together is found by guest and by the daemon's process id: while a guest migrates within one log, the
/// destination's daemon speaks of the session to come and the source's of the one that ends. A container's records may also
/// come from its controller, whose process id is the session's.
/// </remarks>
internal sealed class SessionTracker
{
    /// <summary>How many sessions of one guest may be open at once: the two sides of a migration.</summary>
    private const int MaxOpen = 2;

    /// <summary>How many daemons may be starting one guest at once.</summary>
    private const int MaxStarting = 4;

    private readonly Dictionary<GuestKey, Guest> _guests = [];
    private readonly Dictionary<string, NodeState> _nodes = [];
    private readonly Dictionary<Guid, UuidState> _uuids = new(UuidComparer.Instance);
    private readonly NodeState _unnamedNode = new();
    private readonly ISessionListener _listener;
    private readonly Action<VirtAuditSession> _known;
    private Guest? _latest;

    internal SessionTracker(ISessionListener listener, Action<VirtAuditSession> known)
    {
        _listener = listener;
        _known = known;
    }

    /// <summary>What is remembered of a guest; null where none of its records was seen.</summary>
    internal Guest? Find(GuestKey key) => _guests.GetValueOrDefault(key);

    internal void Accept(VirtAuditRecord record)
    {
        if (record.Uuid is null && record.VMName is null)
        {
            return;
        }

        switch (record.RecordTypeId)
        {
            case RecordTypes.Resource:
                AcceptResource(GuestOf(record), record);
                break;
            case RecordTypes.MachineId:
                AcceptLabel(GuestOf(record), record);
                break;
            case RecordTypes.Control when record.Operation == "start":
                AcceptStart(GuestOf(record), record);
                break;
            case RecordTypes.Control when record.Operation == "stop" && record.Result != "failed":
                AcceptStop(GuestOf(record), record);
                break;
            case RecordTypes.Control when record.Operation == "init":
                AcceptInit(GuestOf(record), record);
                break;
        }
    }

    /// <summary>The host's own events: a boot or shutdown interrupts its sessions, auditd's end leaves them unobserved.</summary>
    internal void Accept(AuditEvent record)
    {
        NodeState node = NodeOf(record.Node);
        switch (record.Type)
        {
            case RecordTypes.SystemBoot:
                Interrupt(node, EventName.Of(record), record.UnixMilliseconds);
                node.Boots++;
                break;
            case RecordTypes.SystemShutdown:
                // The host's guests are stopped while it shuts down, in no order with this record.
                node.Shutdown = (EventName.Of(record), record.UnixMilliseconds);
                break;
            case RecordTypes.DaemonStart or RecordTypes.DaemonEnd or RecordTypes.DaemonAbort:
                node.Gaps++;
                node.LastGapEventId = EventName.Of(record);
                break;
        }
    }

    /// <summary>The end of the log: what is open is handed out as it stands.</summary>
    internal void Complete()
    {
        foreach (NodeState node in _nodes.Values.Append(_unnamedNode).Where(node => node.Shutdown is not null))
        {
            Interrupt(node, null, null);
        }

        foreach (Guest guest in _guests.Values)
        {
            while (guest.Open.Count > 0)
            {
                Close(guest.Open[0], SessionEnd.None);
            }

            while (guest.Starting.Length > 0)
            {
                GiveUp(guest, guest.Starting[0]);
            }
        }
    }

    private void AcceptLabel(Guest guest, VirtAuditRecord record)
    {
        GuestSession? session = FindStarting(guest, record.ProcessId);
        if (session is not null && (session.HasStartResources || session.HasLabel(record.Model)))
        {
            // Another start begins: how the one before went is not in the log.
            GiveUp(guest, session);
            session = null;
        }

        session ??= NewStarting(guest, record.ProcessId);
        session.IsStarting = true;
        session.Hear(record);
        session.AddLabel(record);
        _listener.Labelled(session, record);
    }

    private void AcceptResource(Guest guest, VirtAuditRecord record)
    {
        GuestSession session = SessionOf(guest, record);
        session.Hear(record);
        session.Resources++;
        _listener.Resource(session, record);
    }

    /// <summary>Which session a resource record belongs to: one that is starting, or one that is open.</summary>
    private GuestSession SessionOf(Guest guest, VirtAuditRecord record)
    {
        GuestSession? starting = FindStarting(guest, record.ProcessId);
        bool begins = record.Reason == "start" || record is { ResourceType: "cgroup", CgroupClass: "all", Reason: "deny" };
        bool precedes = record.ResourceType == "cgroup" || record is { ResourceType: "net", Reason: "open" };
        if (begins || (precedes && starting is { IsStarting: true }))
        {
            starting ??= NewStarting(guest, record.ProcessId);
            starting.IsStarting = true;
            starting.HasStartResources |= record.Reason == "start";
            return starting;
        }

        if (FindOpen(guest, record.ProcessId) is GuestSession open)
        {
            return open;
        }

        if (precedes)
        {
            return starting ?? NewStarting(guest, record.ProcessId);
        }

        if (guest.Open.Count > 0 && starting is not { IsStarting: true })
        {
            // The daemon was restarted: the guest is the same, and what the new one said of it so far was about it too.
            return Adopt(guest.Open[^1], record.ProcessId);
        }

        // The guest runs, but its start is not in the log.
        GuestSession unstarted = OpenUnstarted(guest, record);
        unstarted.AddEvidence(EventName.Of(record));
        return unstarted;
    }

    private void AcceptStart(Guest guest, VirtAuditRecord record)
    {
        GuestSession session = TakeStarting(guest, record) ?? new GuestSession(guest, guest.Node, record.ProcessId);
        session.Hear(record);
        session.Begin(record);
        if (record.Result == "failed" || (record.Result is null && record.VMProcessId == 0))
        {
            _listener.Abandoned(session);
            _known(session.Describe(VirtAuditSessionState.FailedToStart));
            return;
        }

        if (guest.Node.Shutdown is not null)
        {
            Interrupt(guest.Node, null, record.UnixMilliseconds);
        }

        if (record.Reason != "migrated" && FindOpen(guest, record.ProcessId) is GuestSession same && same.Daemon == record.ProcessId)
        {
            Supersede(same, record);
        }

        if (guest.Open.Count == MaxOpen)
        {
            Supersede(guest.Open[0], record);
        }

        Tie(session, record);
        Open(session);
    }

    private void AcceptStop(Guest guest, VirtAuditRecord record)
    {
        GuestSession? session = FindOpen(guest, record.ProcessId, newest: record.Reason != "migrated");
        session ??= guest.Open.Count == 0 ? null : Adopt(record.Reason == "migrated" ? guest.Open[0] : guest.Open[^1], record.ProcessId);
        session ??= OpenUnstarted(guest, record);
        session.Hear(record);
        if (record.Reason == "migrated")
        {
            TieOutgoing(session, record);
        }

        Close(session, new SessionEnd(VirtAuditSessionState.OfStopReason(record.Reason), record.UnixMilliseconds, record.Reason, EventName.Of(record), null));
    }

    private void AcceptInit(Guest guest, VirtAuditRecord record)
    {
        GuestSession session = FindOpen(guest, record.ProcessId, newest: true) ?? (guest.Open.Count > 0 ? guest.Open[^1] : OpenUnstarted(guest, record));
        session.Hear(record);
        if (session.VMProcessId is null && record.VMProcessId is > 0)
        {
            session.VMProcessId = record.VMProcessId;
            _listener.Opened(session);
        }

        if (session.InitProcessId is null && record.InitProcessId is > 0)
        {
            session.InitProcessId = record.InitProcessId;
            session.AddEvidence(EventName.Of(record));
            _listener.Initialized(session);
        }
    }

    /// <summary>Ties a session that starts to the open one of the same UUID, on whatever host; or to the one that went over to it, where the source's log was read first.</summary>
    private static void Tie(GuestSession session, VirtAuditRecord record)
    {
        if (session.Guest.Uuid is not UuidState state)
        {
            Tie(session, session.Guest.Open.Count > 0 ? session.Guest.Open[^1] : null);
            return;
        }

        if (state.Open.Last is GuestSession peer)
        {
            Tie(session, peer);
        }
        else if (record.Reason == "migrated" && state.Outgoing is { } outgoing && outgoing.Start <= session.Start && session.Start <= outgoing.End)
        {
            session.OlderPeer = outgoing.EventId;
        }

        if (record.Reason == "migrated" && session.EventId is string eventId)
        {
            state.Incoming = new MigrationSide(eventId, session.Start, null);
        }
    }

    private static void Tie(GuestSession session, GuestSession? peer)
    {
        if (peer is not null)
        {
            session.OlderPeer = peer.EventId;
            peer.YoungerPeer = session.EventId;
        }
    }

    /// <summary>A session goes over to another host: remembered for a log that is still to be read, tied where the destination's was read before.</summary>
    private static void TieOutgoing(GuestSession session, VirtAuditRecord stop)
    {
        if (session.Guest.Uuid is not UuidState state || session.EventId is not string eventId)
        {
            return;
        }

        state.Outgoing = new MigrationSide(eventId, session.Start, stop.UnixMilliseconds);
        if (session.YoungerPeer is null && state.Incoming is { } incoming && incoming.EventId != eventId
            && session.Start <= incoming.Start && incoming.Start <= stop.UnixMilliseconds)
        {
            session.YoungerPeer = incoming.EventId;
        }
    }

    private void Open(GuestSession session)
    {
        session.Guest.Open.Add(session);
        session.IsOpen = true;
        session.Node.Open.Add(session);
        session.Guest.Uuid?.Open.Add(session);
        _listener.Opened(session);
    }

    /// <summary>A session whose start is not in the log; what was heard of the guest before belongs to it.</summary>
    private GuestSession OpenUnstarted(Guest guest, VirtAuditRecord record)
    {
        GuestSession session = TakeStarting(guest, record) ?? new GuestSession(guest, guest.Node, record.ProcessId);
        Open(session);
        return session;
    }

    private GuestSession Adopt(GuestSession session, int? daemon)
    {
        session.Daemon = daemon;
        if (FindStarting(session.Guest, daemon) is { IsStarting: false } heard)
        {
            session.Guest.RemoveStarting(heard);
            Merge(session, heard);
        }

        return session;
    }

    private void Supersede(GuestSession session, VirtAuditRecord start) =>
        Close(session, new SessionEnd(VirtAuditSessionState.Superseded, null, null, null, start.UnixMilliseconds));

    /// <summary>Ends every session open on the host, whose end nobody logged.</summary>
    private void Interrupt(NodeState node, string? eventId, long? by)
    {
        (string EventId, long? Stamp)? shutdown = node.Shutdown;
        node.Shutdown = null;
        while (node.Open.First is GuestSession session)
        {
            session.AddEvidence(shutdown?.EventId);
            Close(session, new SessionEnd(VirtAuditSessionState.Interrupted, null, null, eventId, by ?? shutdown?.Stamp));
        }
    }

    private void Close(GuestSession session, SessionEnd end)
    {
        session.Guest.Open.Remove(session);
        session.IsOpen = false;
        session.Node.Open.Remove(session);
        session.Guest.Uuid?.Open.Remove(session);
        session.AddEvidence(end.EventId);
        if (session.Gaps != session.Node.Gaps)
        {
            session.AddEvidence(session.Node.LastGapEventId);
        }

        _listener.Closing(session, end);
        VirtAuditSession result = session.Describe(end.State);
        result.EndMilliseconds = end.Stamp;
        result.EndedByMilliseconds = end.By;
        result.StopReason = end.Reason;
        result.Duration = UnixTime.Between(session.Start, end.Stamp);
        _known(result);
    }

    /// <summary>What was heard of a start that did not come: a session of which nothing more is known.</summary>
    private void GiveUp(Guest guest, GuestSession session)
    {
        guest.RemoveStarting(session);
        _listener.Closing(session, new SessionEnd(VirtAuditSessionState.Unknown, null, null, null, null));
        _known(session.Describe(VirtAuditSessionState.Unknown));
    }

    private GuestSession NewStarting(Guest guest, int? daemon)
    {
        if (guest.Starting.Length == MaxStarting)
        {
            GiveUp(guest, guest.Starting[0]);
        }

        var session = new GuestSession(guest, guest.Node, daemon);
        guest.AddStarting(session);
        return session;
    }

    /// <summary>What the daemon said of a start to come; what it said before the host went down is over.</summary>
    private GuestSession? FindStarting(Guest guest, int? daemon)
    {
        for (int i = guest.Starting.Length - 1; i >= 0; i--)
        {
            GuestSession session = guest.Starting[i];
            if (session.Boots != guest.Node.Boots)
            {
                GiveUp(guest, session);
            }
            else if (session.Daemon == daemon)
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>Takes what precedes a start: what its daemon said, and for a container what its controller said; all of it where no other session of the guest is open or starting elsewhere.</summary>
    private GuestSession? TakeStarting(Guest guest, VirtAuditRecord record)
    {
        GuestSession? session = FindStarting(guest, record.ProcessId);
        if (session is not null)
        {
            guest.RemoveStarting(session);
        }

        for (int i = guest.Starting.Length - 1; i >= 0; i--)
        {
            GuestSession other = guest.Starting[i];
            if (other.Daemon is int pid && pid == record.VMProcessId)
            {
                guest.RemoveStarting(other);
                if (session is null)
                {
                    session = other;
                    session.Daemon = record.ProcessId;
                }
                else
                {
                    Merge(session, other);
                }
            }
        }

        return session;
    }

    private void Merge(GuestSession session, GuestSession other)
    {
        session.Absorb(other);
        _listener.Merged(session, other);
    }

    private static GuestSession? FindOpen(Guest guest, int? daemon, bool newest = false)
    {
        GuestSession? found = null;
        foreach (GuestSession session in guest.Open)
        {
            if (session.Daemon == daemon || (daemon is int pid && session.VMProcessId == pid))
            {
                found = session;
                if (!newest)
                {
                    break;
                }
            }
        }

        return found;
    }

    /// <summary>The guest of a record that names one; most are of the same guest as the one before.</summary>
    private Guest GuestOf(VirtAuditRecord record)
    {
        if (_latest is Guest latest && latest.Key.IsOf(record))
        {
            return latest;
        }

        GuestKey key = GuestKey.Of(record)!.Value;
        ref Guest? guest = ref CollectionsMarshal.GetValueRefOrAddDefault(_guests, key, out _);
        return _latest = guest ??= new Guest(key, NodeOf(key.Node), key.Uuid is Guid uuid ? UuidOf(uuid) : null);
    }

    private NodeState NodeOf(string? name)
    {
        if (name is null)
        {
            return _unnamedNode;
        }

        if (!_nodes.TryGetValue(name, out NodeState? node))
        {
            _nodes.Add(name, node = new NodeState());
        }

        return node;
    }

    private UuidState UuidOf(Guid uuid)
    {
        if (!_uuids.TryGetValue(uuid, out UuidState? state))
        {
            _uuids.Add(uuid, state = new UuidState());
        }

        return state;
    }
}
