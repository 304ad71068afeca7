using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Ties denials, anomalies and seccomp violations to the guests that they hit, by what the guests have at that place in the
/// log: their processes, labels, AppArmor profiles, network devices and paths.
/// </summary>
/// <remarks>
/// No record of libvirt names a guest's tap device. The kernel reports the device as it joins a bridge
/// (ANOM_PROMISCUOUS) just before libvirt reports the network interface for which it was opened; such a neighbour gives the
/// device's owner, as probable. The report is held back until the host's next record for that.
/// </remarks>
internal sealed class IncidentTracker
{
    /// <summary>A tap device's report and libvirt's are at most this far apart, in milliseconds.</summary>
    private const long TapInterval = 1000;

    private readonly HeldIncidents _held;
    private readonly GuestIndex _guests;
    private readonly LiveIndex<HostText> _paths;
    private readonly LiveIndex<HostProcess> _processes = new();
    private readonly LiveIndex<HostText> _levels = new(remembers: true);
    private readonly LiveIndex<HostText> _devices = new(remembers: true);
    private readonly LiveIndex<HostText> _taps = new(remembers: true);
    private readonly Dictionary<string, HeldIncident> _pendingTaps = [];

    /// <param name="known">Is given each incident, tied or not.</param>
    /// <param name="guests">The guests that were heard of.</param>
    /// <param name="paths">The paths in use by host, kept by the <see cref="AssignmentTracker"/>.</param>
    internal IncidentTracker(Action<VirtAuditIncident> known, GuestIndex guests, LiveIndex<HostText> paths)
    {
        _held = new HeldIncidents(known);
        _guests = guests;
        _paths = paths;
    }

    /// <summary>An incident, as it was read.</summary>
    internal void Accept(VirtAuditIncident incident)
    {
        Flush(incident.Node, incident.UnixMilliseconds);
        HeldIncident held = _held.Add(incident, HostOf(incident));
        if (incident is { Operation: IncidentReader.PromiscuousOn, Target: string name } && new HostText(HostOf(incident), name) is var device
            && _taps.Find(device) is not { Live: true } && _devices.Find(device) is not { Live: true })
        {
            held.IsNeighbour = true;
            _pendingTaps[HostOf(incident) ?? ""] = held;
        }
        else if (Tie(incident) is IncidentTie tie)
        {
            Resolve(held, tie);
        }

        _held.Release(incident.UnixMilliseconds);
    }

    /// <summary>
    /// Another record of an event: of those of its incidents that tie to no guest yet it may tell the process's command line or
    /// parent.
    /// </summary>
    internal void Explain(AuditEvent record)
    {
        string? host = _guests.HostOf(record.Node);
        foreach (HeldIncident held in _held.Of(host, EventName.Of(record)))
        {
            IncidentTie? tie = record.Type == RecordTypes.ProcTitle
                ? TieByCommandLine(record)
                : TieByParent(host, record.Number("ppid"u8));
            if (tie is IncidentTie found && !held.IsNeighbour)
            {
                Resolve(held, found);
            }
        }

        _held.Release(record.UnixMilliseconds);
    }

    internal void Labelled(GuestSession session, VirtAuditRecord record)
    {
        if (SecurityContext.LevelOf(record.VMContext) is string level)
        {
            session.Register(_levels.Add(new HostText(session.Guest.Key.Host, level), session));
        }
    }

    internal void Resource(GuestSession session, VirtAuditRecord record)
    {
        string? host = session.Guest.Key.Host;
        bool opened = record is { ResourceType: "net", Reason: "open" };
        if (opened && record.DevicePath is string device && !device.StartsWith('/'))
        {
            session.Register(_devices.Add(new HostText(host, device), session));
        }

        bool tap = (opened && record.DevicePath == "/dev/net/tun") || record is { ResourceType: "net", Reason: "attach" };
        if (tap && _pendingTaps.Count > 0 && _pendingTaps.TryGetValue(host ?? "", out HeldIncident? pending)
            && Math.Abs((record.UnixMilliseconds ?? 0) - (pending.Incident.UnixMilliseconds ?? 0)) <= TapInterval)
        {
            _pendingTaps.Remove(host ?? "");
            session.Register(_taps.Add(new HostText(host, pending.Incident.Target!), session));
            Resolve(pending, new IncidentTie(new Match(session, true, true), IncidentTie.Device, IncidentTie.Probable));
        }
    }

    internal void Opened(GuestSession session)
    {
        if (session.VMProcessId is long pid)
        {
            Name(session);
            session.Register(_processes.Add(new HostProcess(session.Guest.Key.Host, pid), session));
        }
    }

    /// <summary>A start names its process: what was denied to that while the guest was being started is the guest's.</summary>
    internal void Name(GuestSession session)
    {
        if (session.VMProcessId is long pid)
        {
            foreach (HeldIncident held in _held.Of(session.Guest.Key.Host, pid))
            {
                Resolve(held, new IncidentTie(new Match(session, true, true), IncidentTie.Process, IncidentTie.Certain));
            }
        }
    }

    /// <summary>A container's first process runs.</summary>
    internal void Initialized(GuestSession session)
    {
        if (session.InitProcessId is long pid)
        {
            session.Register(_processes.Add(new HostProcess(session.Guest.Key.Host, pid), session));
        }
    }

    /// <summary>The session is over: its processes are gone, but what it was labelled with may still be denied.</summary>
    internal static void Ended(GuestSession session)
    {
        session.RetireRegistrations();
        session.Guest.Last?.RemoveRegistrations();
        session.Guest.Last = session;
    }

    /// <summary>The host's next record: what it would have explained, had they to do with one another, has no guest.</summary>
    internal void Flush(string? node, long? now)
    {
        if (_pendingTaps.Count > 0 && _pendingTaps.Remove(_guests.HostOf(node) ?? "", out HeldIncident? pending))
        {
            pending.IsNeighbour = false;
            pending.IsKnown = true;
        }

        _held.Release(now);
    }

    /// <summary>The end of the log.</summary>
    internal void Complete()
    {
        _held.Complete();
        _pendingTaps.Clear();
    }

    private string? HostOf(VirtAuditIncident incident) => _guests.HostOf(incident.Node);

    private IncidentTie? Tie(VirtAuditIncident incident)
    {
        string? host = HostOf(incident);
        if (incident.ProcessId is long pid && _processes.Find(new HostProcess(host, pid)) is Match process)
        {
            return new IncidentTie(process, IncidentTie.Process, IncidentTie.Certain);
        }

        return TieByProfile(incident, incident.Subject, IncidentTie.Certain)
            ?? TieByLevel(incident)
            ?? TieByProfile(incident, incident.TargetContext, IncidentTie.Probable)
            ?? TieByParent(host, incident.ParentProcessId)
            ?? TieByDevice(incident)
            ?? TieByPath(incident);
    }

    private IncidentTie? TieByProfile(VirtAuditIncident incident, string? profile, string certainty) =>
        SecurityContext.UuidOfProfile(profile) is Guid uuid
            ? new IncidentTie(MatchOf(HostOf(incident), uuid), IncidentTie.Profile, certainty) { Uuid = uuid }
            : null;

    private Match? MatchOf(string? host, Guid uuid) =>
        _guests.Find(new GuestKey(host, uuid, null))?.Current is GuestSession session ? new Match(session, session.IsOpen, true) : null;

    private IncidentTie? TieByParent(string? host, long? parent) =>
        parent is long pid && _processes.Find(new HostProcess(host, pid)) is Match match
            ? new IncidentTie(match, IncidentTie.Parent, IncidentTie.Strong)
            : null;

    private IncidentTie? TieByCommandLine(AuditEvent record)
    {
        if (SecurityContext.GuestOfCommandLine(record.Text("proctitle"u8)) is not string name)
        {
            return null;
        }

        Match? match = _guests.Find(_guests.HostOf(record.Node), name)?.Current is GuestSession session ? new Match(session, session.IsOpen, true) : null;
        return new IncidentTie(match, IncidentTie.CommandLine, IncidentTie.Strong) { VMName = name };
    }

    /// <summary>By the label of the one that acts; of the target where a file is to be given the guest's label. The other label says so less surely.</summary>
    private IncidentTie? TieByLevel(VirtAuditIncident incident)
    {
        bool givesLabel = incident.Operation is string operation && operation.Contains("relabelto", StringComparison.Ordinal);
        string? first = givesLabel ? incident.TargetContext : incident.Subject;
        string? second = givesLabel ? incident.Subject : incident.TargetContext;
        if (SecurityContext.LevelOf(first) is string level && _levels.Find(new HostText(HostOf(incident), level)) is Match match)
        {
            return new IncidentTie(match, IncidentTie.Label, match.Live ? IncidentTie.Certain : IncidentTie.Probable);
        }

        return SecurityContext.LevelOf(second) is string other && _levels.Find(new HostText(HostOf(incident), other)) is Match otherMatch
            ? new IncidentTie(otherMatch, IncidentTie.Label, IncidentTie.Probable)
            : null;
    }

    private IncidentTie? TieByDevice(VirtAuditIncident incident)
    {
        if (incident.Kind != IncidentReader.Anomaly || incident.Target is not string device)
        {
            return null;
        }

        if (_devices.Find(new HostText(HostOf(incident), device)) is Match named)
        {
            return new IncidentTie(named, IncidentTie.Device, named.Live ? IncidentTie.Certain : IncidentTie.Probable);
        }

        return _taps.Find(new HostText(HostOf(incident), device)) is Match deduced ? new IncidentTie(deduced, IncidentTie.Device, IncidentTie.Probable) : null;
    }

    private IncidentTie? TieByPath(VirtAuditIncident incident)
    {
        if (incident.Target is not ['/', ..])
        {
            return null;
        }

        if (_paths.Find(new HostText(HostOf(incident), incident.Target)) is Match match)
        {
            return new IncidentTie(match, IncidentTie.Path, IncidentTie.Probable);
        }

        return SecurityContext.UuidOfTpm(incident.Target) is Guid uuid
            ? new IncidentTie(MatchOf(HostOf(incident), uuid), IncidentTie.Path, IncidentTie.Probable) { Uuid = uuid }
            : null;
    }

    private void Resolve(HeldIncident held, IncidentTie tie)
    {
        VirtAuditIncident incident = held.Incident;
        held.IsKnown = true;
        held.IsNeighbour = false;
        incident.TiedBy = tie.By;
        incident.Certainty = tie.Match is { Only: false } ? IncidentTie.Possible : tie.Certainty;
        incident.Uuid = tie.Uuid;
        incident.VMName = tie.VMName;
        if (tie.Match is Match match)
        {
            Describe(incident, match);
            AddHelper(incident, tie, match);
        }
    }

    /// <summary>A helper that is known by its label is known by its process from now on, and so are its children.</summary>
    private void AddHelper(VirtAuditIncident incident, in IncidentTie tie, in Match match)
    {
        bool isHelper = incident.Command is "swtpm" || incident.Command?.StartsWith("virtiofsd", StringComparison.Ordinal) == true;
        bool isSure = match is { Live: true, Only: true } && tie is { By: IncidentTie.Label or IncidentTie.Profile, Certainty: IncidentTie.Certain };
        if (isHelper && isSure && incident.ProcessId is long pid)
        {
            match.Session.Register(_processes.Add(new HostProcess(HostOf(incident), pid), match.Session));
        }
    }

    private static void Describe(VirtAuditIncident incident, Match match)
    {
        GuestSession session = match.Session;
        incident.VMName = session.VMName;
        incident.Uuid = session.Guest.Key.Uuid;
        incident.Driver = session.Driver;
        incident.SessionEventId = session.StartEventId ?? (session.IsOpen ? session.EventId : null);
        if (incident.Kind != IncidentReader.Denial)
        {
            session.Anomalies++;
        }
        else if (incident.Effect == IncidentEffect.Blocked)
        {
            session.Denials++;
        }
        else if (incident.Effect == IncidentEffect.WouldBlock)
        {
            session.WouldBeDenials++;
        }
    }
}
