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
internal sealed partial class SessionTracker
{
    /// <summary>How many sessions of one guest may be open at once: the two sides of a migration.</summary>
    private const int MaxOpen = 2;

    private readonly GuestIndex _guests;
    private readonly ISessionListener _listener;
    private readonly Action<VirtAuditSession> _known;

    internal SessionTracker(GuestIndex guests, ISessionListener listener, Action<VirtAuditSession> known)
    {
        _guests = guests;
        _listener = listener;
        _known = known;
    }

    internal void Accept(VirtAuditRecord record)
    {
        if (record.Uuid is null && record.VMName is null)
        {
            return;
        }

        switch (record.RecordTypeId)
        {
            case RecordTypes.Resource:
                AcceptResource(_guests.Of(record), record);
                break;
            case RecordTypes.MachineId:
                AcceptLabel(_guests.Of(record), record);
                break;
            case RecordTypes.Control when record.Operation == "start":
                AcceptStart(_guests.Of(record), record);
                break;
            case RecordTypes.Control when record.Operation == "stop" && record.Result != "failed":
                AcceptStop(_guests.Of(record), record);
                break;
            case RecordTypes.Control when record.Operation == "init":
                AcceptInit(_guests.Of(record), record);
                break;
        }
    }

    /// <summary>The host's own events: a boot or shutdown interrupts its sessions, auditd's end leaves them unobserved.</summary>
    internal void Accept(AuditEvent record)
    {
        NodeState node = _guests.NodeOf(record.Node);
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
        foreach (NodeState node in _guests.Nodes.Where(node => node.Shutdown is not null))
        {
            Interrupt(node, null, null);
        }

        foreach (Guest guest in _guests.Guests)
        {
            MergeHeard(guest);
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

    private void AcceptResource(Guest guest, VirtAuditRecord record)
    {
        GuestSession session = SessionOf(guest, record);
        session.Hear(record);
        session.Resources++;
        session.HasOnlyOpens &= record is { ResourceType: "net", Reason: "open" };
        _listener.Resource(session, record);
    }

    /// <summary>Which session a resource record belongs to: one that is starting, or one that is open.</summary>
    private GuestSession SessionOf(Guest guest, VirtAuditRecord record)
    {
        GuestSession? starting = FindStarting(guest, record.ProcessId);
        bool begins = record.Reason == "start" || record is { ResourceType: "cgroup", CgroupClass: "all", Reason: "deny" };

        // Of one device or category nothing is taken back before a start.
        bool precedes = record is { ResourceType: "cgroup", Reason: not "deny" } || record is { ResourceType: "net", Reason: "open" };
        if (begins || (precedes && starting is { IsStarting: true }))
        {
            starting ??= NewStarting(guest, record.ProcessId);
            starting.IsStarting = true;
            starting.HasStartResources |= record.Reason == "start";
            starting.HasGuestResources |= record is { Reason: "start", ResourceType: "disk" or "mem" or "vcpu" };
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
        if (record.Result == "failed" || (record.Result is null && record.VMProcessId is <= 0))
        {
            _listener.Abandoned(session);
            _known(session.Describe(VirtAuditSessionState.FailedToStart));
            return;
        }

        if (guest.Node.Shutdown is not null)
        {
            Interrupt(guest.Node, null, record.UnixMilliseconds);
        }

        EndOlder(guest, record);
        MigrationPeers.Tie(session, record);
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
            MigrationPeers.TieOutgoing(session, record);
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

    /// <summary>
    /// A start tells that what was open on the host is over, though no stop says so: a guest may die while its daemon is down.
    /// Only while it migrates from one daemon to another it runs twice.
    /// </summary>
    private void EndOlder(Guest guest, VirtAuditRecord start)
    {
        for (int i = 0; i < guest.Open.Count;)
        {
            GuestSession older = guest.Open[i];
            bool isOver = start.Reason != "migrated" || (start.ProcessId is int daemon && older.Daemon == daemon);
            if (isOver || guest.Open.Count - i == MaxOpen)
            {
                // Serials begin anew with a boot.
                bool isInterrupted = start.Serial < older.LastSerial;
                string state = isInterrupted ? VirtAuditSessionState.Interrupted : VirtAuditSessionState.Superseded;
                Close(older, new SessionEnd(state, null, null, null, start.UnixMilliseconds));
            }
            else
            {
                i++;
            }
        }
    }

    /// <summary>Ends every session open on the host, whose end nobody logged.</summary>
    private void Interrupt(NodeState node, string? eventId, long? by)
    {
        (string EventId, long? Stamp)? shutdown = node.Shutdown;
        node.Shutdown = null;
        while (node.Open.First is GuestSession session)
        {
            session.AddEvidence(shutdown?.EventId);
            MergeHeard(session.Guest);
            Close(session, new SessionEnd(VirtAuditSessionState.Interrupted, null, null, eventId, by ?? shutdown?.Stamp));
        }
    }

    private void Close(GuestSession session, SessionEnd end)
    {
        if (session.IsUnsure)
        {
            end = end with { State = VirtAuditSessionState.Unknown };
        }

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
}
