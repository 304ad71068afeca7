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

    private readonly Action<VirtAuditIncident> _known;
    private readonly Func<GuestKey, Guest?> _guest;
    private readonly LiveIndex<HostText> _paths;
    private readonly LiveIndex<HostProcess> _processes = new();
    private readonly LiveIndex<HostText> _levels = new(remembers: true);
    private readonly LiveIndex<HostText> _devices = new(remembers: true);
    private readonly LiveIndex<HostText> _taps = new(remembers: true);
    private readonly Dictionary<string, VirtAuditIncident> _pendingTaps = [];

    /// <param name="known">Is given each incident, tied or not.</param>
    /// <param name="guest">Finds a guest that was heard of.</param>
    /// <param name="paths">The paths in use by host, kept by the <see cref="AssignmentTracker"/>.</param>
    internal IncidentTracker(Action<VirtAuditIncident> known, Func<GuestKey, Guest?> guest, LiveIndex<HostText> paths)
    {
        _known = known;
        _guest = guest;
        _paths = paths;
    }

    /// <summary>An incident, as it was read.</summary>
    internal void Accept(VirtAuditIncident incident)
    {
        Flush(incident.Node);
        if (incident is { Operation: IncidentReader.PromiscuousOn, Target: string device }
            && _taps.Find(new HostText(incident.Node, device)) is not { Live: true } && _devices.Find(new HostText(incident.Node, device)) is not { Live: true })
        {
            _pendingTaps[incident.Node ?? ""] = incident;
        }
        else
        {
            HandOut(incident, Tie(incident));
        }
    }

    internal void Labelled(GuestSession session, VirtAuditRecord record)
    {
        if (SecurityContext.LevelOf(record.VMContext) is string level)
        {
            session.Register(_levels.Add(new HostText(session.Guest.Key.Node, level), session));
        }
    }

    internal void Resource(GuestSession session, VirtAuditRecord record)
    {
        string? node = session.Guest.Key.Node;
        bool opened = record is { ResourceType: "net", Reason: "open" };
        if (opened && record.DevicePath is string device && !device.StartsWith('/'))
        {
            session.Register(_devices.Add(new HostText(node, device), session));
        }

        bool tap = (opened && record.DevicePath == "/dev/net/tun") || record is { ResourceType: "net", Reason: "attach" };
        if (tap && _pendingTaps.Count > 0 && _pendingTaps.TryGetValue(node ?? "", out VirtAuditIncident? pending)
            && Math.Abs((record.UnixMilliseconds ?? 0) - (pending.UnixMilliseconds ?? 0)) <= TapInterval)
        {
            _pendingTaps.Remove(node ?? "");
            session.Register(_taps.Add(new HostText(node, pending.Target!), session));
            HandOut(pending, new IncidentTie(new Match(session, true, true), IncidentTie.Device, IncidentTie.Probable));
        }
    }

    internal void Opened(GuestSession session)
    {
        if (session.VMProcessId is long pid)
        {
            session.Register(_processes.Add(new HostProcess(session.Guest.Key.Node, pid), session));
        }
    }

    /// <summary>A container's first process runs.</summary>
    internal void Initialized(GuestSession session)
    {
        if (session.InitProcessId is long pid)
        {
            session.Register(_processes.Add(new HostProcess(session.Guest.Key.Node, pid), session));
        }
    }

    /// <summary>The session is over: its processes are gone, but what it was labelled with may still be denied.</summary>
    internal static void Ended(GuestSession session)
    {
        session.RetireRegistrations();
        session.Guest.Last?.RemoveRegistrations();
        session.Guest.Last = session;
    }

    /// <summary>What was held back for the host's next record is handed out without a guest: the record had nothing to do with it.</summary>
    internal void Flush(string? node)
    {
        if (_pendingTaps.Count > 0 && _pendingTaps.Remove(node ?? "", out VirtAuditIncident? pending))
        {
            HandOut(pending, null);
        }
    }

    /// <summary>The end of the log.</summary>
    internal void Complete()
    {
        foreach (VirtAuditIncident pending in _pendingTaps.Values)
        {
            HandOut(pending, null);
        }

        _pendingTaps.Clear();
    }

    private IncidentTie? Tie(VirtAuditIncident incident)
    {
        string? node = incident.Node;
        if (incident.ProcessId is long pid && _processes.Find(new HostProcess(node, pid)) is Match process)
        {
            return new IncidentTie(process, IncidentTie.Process, IncidentTie.Certain);
        }

        if (SecurityContext.UuidOfProfile(incident.Subject) is Guid uuid)
        {
            var key = new GuestKey(node, uuid, null);
            GuestSession? session = _guest(key)?.Current;
            return new IncidentTie(session is null ? null : new Match(session, session.IsOpen, true), IncidentTie.Profile, IncidentTie.Certain) { Uuid = uuid };
        }

        return TieByLevel(incident) ?? TieByDevice(incident) ?? TieByPath(incident);
    }

    /// <summary>By the label of the one that acts; of the target where a file is to be given the guest's label. The other label says so less surely.</summary>
    private IncidentTie? TieByLevel(VirtAuditIncident incident)
    {
        bool givesLabel = incident.Operation is string operation && operation.Contains("relabelto", StringComparison.Ordinal);
        string? first = givesLabel ? incident.TargetContext : incident.Subject;
        string? second = givesLabel ? incident.Subject : incident.TargetContext;
        if (SecurityContext.LevelOf(first) is string level && _levels.Find(new HostText(incident.Node, level)) is Match match)
        {
            return new IncidentTie(match, IncidentTie.Label, match.Live ? IncidentTie.Certain : IncidentTie.Probable);
        }

        return SecurityContext.LevelOf(second) is string other && _levels.Find(new HostText(incident.Node, other)) is Match otherMatch
            ? new IncidentTie(otherMatch, IncidentTie.Label, IncidentTie.Probable)
            : null;
    }

    private IncidentTie? TieByDevice(VirtAuditIncident incident)
    {
        if (incident.Kind != IncidentReader.Anomaly || incident.Target is not string device)
        {
            return null;
        }

        if (_devices.Find(new HostText(incident.Node, device)) is Match named)
        {
            return new IncidentTie(named, IncidentTie.Device, named.Live ? IncidentTie.Certain : IncidentTie.Probable);
        }

        return _taps.Find(new HostText(incident.Node, device)) is Match deduced ? new IncidentTie(deduced, IncidentTie.Device, IncidentTie.Probable) : null;
    }

    private IncidentTie? TieByPath(VirtAuditIncident incident) =>
        incident.Target is string path && path.StartsWith('/') && _paths.Find(new HostText(incident.Node, path)) is Match match
            ? new IncidentTie(match, IncidentTie.Path, IncidentTie.Probable)
            : null;

    private void HandOut(VirtAuditIncident incident, IncidentTie? tie)
    {
        if (tie is IncidentTie found)
        {
            incident.TiedBy = found.By;
            incident.Certainty = found.Match is { Only: false } ? IncidentTie.Ambiguous : found.Certainty;
            incident.Uuid = found.Uuid;
            if (found.Match is Match match)
            {
                Describe(incident, match);
            }
        }

        _known(incident);
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
        else if (incident.Action == IncidentReader.Denied)
        {
            session.Denials++;
        }
    }
}

/// <summary>What an incident was tied to, by what, and how surely.</summary>
internal readonly record struct IncidentTie(Match? Match, string By, string Certainty)
{
    internal const string Process = "ProcessId";
    internal const string Profile = nameof(Profile);
    internal const string Label = nameof(Label);
    internal const string Device = nameof(Device);
    internal const string Path = nameof(Path);
    internal const string Certain = nameof(Certain);
    internal const string Probable = nameof(Probable);
    internal const string Ambiguous = nameof(Ambiguous);

    /// <summary>The guest's UUID where the incident itself names it, though no record of the guest was seen.</summary>
    internal Guid? Uuid { get; init; }
}
