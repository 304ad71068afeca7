using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>A session while it is being told: first what precedes a start, then the running guest.</summary>
internal sealed class GuestSession
{
    /// <summary>How many processes, labels and network devices of one session are known at once: more than a guest has, less than a log of hot-plugs holds.</summary>
    private const int MaxRegistrations = 64;

    /// <summary>How many labels a guest has at most, one for each security model.</summary>
    private const int MaxLabels = 8;

    /// <summary>How many peers a session names: more than a migration is tried.</summary>
    private const int MaxPeers = 16;

    private List<string>? _evidence;
    private List<string>? _youngerPeers;
    private List<(string Model, string? Label, string? ImageLabel)>? _labels;
    private int _registered;
    private bool _isTimeless;
    private SessionLink _onNode;
    private SessionLink _onUuid;

    internal GuestSession(Guest guest, NodeState node, int? daemon)
    {
        Whole = this;
        Guest = guest;
        Node = node;
        Daemon = daemon;
        Boots = node.Boots;
        Gaps = node.Gaps;
    }

    internal Guest Guest { get; }

    internal NodeState Node { get; }

    /// <summary>The process id of the daemon that speaks for it; null where the carrier has none.</summary>
    internal int? Daemon { get; set; }

    /// <summary>How often the host had booted when the session was first heard of.</summary>
    internal int Boots { get; }

    /// <summary>How often auditd had gone down or come up by then.</summary>
    internal int Gaps { get; }

    internal string? VMName { get; private set; }

    internal string? Driver { get; private set; }

    internal string? FirstEventId { get; private set; }

    /// <summary>The stamp of what was heard first.</summary>
    internal long? FirstStamp { get; private set; }

    internal string? StartEventId { get; private set; }

    /// <summary>Whether its start is in the log; the carrier may give it neither name nor stamp.</summary>
    internal bool HasBegun { get; private set; }

    internal long? Start { get; private set; }

    internal string? StartReason { get; private set; }

    internal long? VMProcessId { get; set; }

    internal long? InitProcessId { get; set; }

    /// <summary>The session of the same UUID that was open when this one started.</summary>
    internal string? Older { get; set; }

    /// <summary>The session from which the guest migrated to this one.</summary>
    internal string? OlderPeer => StartReason == "migrated" ? Older : null;

    /// <summary>The session, open on another host, beside which this one started without a migration.</summary>
    internal string? Overlapped => StartReason == "migrated" ? null : Older;

    /// <summary>The serial that was heard last; 0 where none was.</summary>
    internal ulong LastSerial { get; private set; }

    /// <summary>
    /// Whether the start's record tells neither its result nor a process, and nothing came since that tells that the guest runs.
    /// </summary>
    internal bool IsUnsure { get; private set; }

    internal int Resources { get; set; }

    internal int Failures { get; set; }

    internal int Denials { get; set; }

    internal int WouldBeDenials { get; set; }

    internal int Anomalies { get; set; }

    /// <summary>Whether a label or a resource's start said that the guest is being started; net open and cgroup records alone may be a hot-plug's.</summary>
    internal bool IsStarting { get; set; }

    /// <summary>Whether the resources that a start lists have begun to come.</summary>
    internal bool HasStartResources { get; set; }

    /// <summary>
    /// Whether a disk, memory or processors were among them, which an emulator for a job on the images of a stopped guest does not
    /// list.
    /// </summary>
    internal bool HasGuestResources { get; set; }

    /// <summary>Whether nothing was heard but devices opened for interfaces, as libvirt's network driver reports them.</summary>
    internal bool HasOnlyOpens { get; set; } = true;

    /// <summary>What the guest has; filled by the <see cref="AssignmentTracker"/>.</summary>
    internal Holdings? Holdings { get; set; }

    /// <summary>Whether it runs; not while it is starting, and not when it has ended.</summary>
    internal bool IsOpen { get; set; }

    /// <summary>What the indexes of the <see cref="IncidentTracker"/> have of it, one after the other.</summary>
    internal Registration? Registrations { get; private set; }

    /// <summary>The session of which this was found to be a part; itself where it is whole.</summary>
    internal GuestSession Whole { get; private set; }

    /// <summary>What identifies the session: its start, else the first that was heard of it.</summary>
    internal string? EventId => StartEventId ?? FirstEventId;

    internal void Hear(VirtAuditRecord record)
    {
        VMName = record.VMName ?? VMName;
        Driver = record.Driver ?? Driver;
        FirstEventId ??= EventName.Of(record);
        FirstStamp ??= record.UnixMilliseconds;
        LastSerial = record.Serial ?? LastSerial;
        IsUnsure = false;
        _isTimeless |= record.UnixMilliseconds is null;
        if (record.Result == "failed")
        {
            Failures++;
        }
    }

    internal void Begin(VirtAuditRecord start)
    {
        HasBegun = true;
        StartEventId = EventName.Of(start);
        Start = start.UnixMilliseconds;
        StartReason = start.Reason;
        VMProcessId = start.VMProcessId is > 0 ? start.VMProcessId : null;
        IsUnsure = start.Result is null && start.VMProcessId is null;
        AddEvidence(StartEventId);
    }

    /// <summary>Notes what the session has; of more than <see cref="MaxRegistrations"/> the oldest is forgotten.</summary>
    internal void Register(Registration registration)
    {
        registration.Next = Registrations;
        Registrations = registration;
        if (++_registered > MaxRegistrations)
        {
            Registration last = registration;
            while (last.Next is { Next: not null } next)
            {
                last = next;
            }

            last.Next!.Remove();
            last.Next = null;
            _registered--;
        }
    }

    /// <summary>The session is over: of what the indexes have of it only that stays which is remembered.</summary>
    internal void RetireRegistrations()
    {
        Registration? remembered = null;
        for (Registration? registration = Registrations, next; registration is not null; registration = next)
        {
            next = registration.Next;
            if (registration.Retire())
            {
                registration.Next = remembered;
                remembered = registration;
            }
        }

        Registrations = remembered;
    }

    /// <summary>What the indexes had of it is of the guest's next session from now on.</summary>
    internal void RemoveRegistrations()
    {
        for (Registration? registration = Registrations; registration is not null; registration = registration.Next)
        {
            registration.Remove();
        }

        Registrations = null;
    }

    internal ref SessionLink Link(SessionLinks links) => ref (links == SessionLinks.OnNode ? ref _onNode : ref _onUuid);

    /// <summary>Whether a label of that security model can't be of the same start any more.</summary>
    internal bool HasLabel(string? model) => _labels is not null && (_labels.Count == MaxLabels || _labels.Exists(label => label.Model == (model ?? "")));

    internal void AddLabel(VirtAuditRecord record)
    {
        (_labels ??= new(2)).Add((record.Model ?? "", record.VMContext, record.ImageContext));
        AddEvidence(EventName.Of(record));
    }

    /// <summary>Names a session to which the guest migrated or was to; of very many the first and the last.</summary>
    internal void AddYoungerPeer(string? eventId)
    {
        if (eventId is null || _youngerPeers?.Contains(eventId) == true)
        {
            return;
        }

        if ((_youngerPeers ??= new(1)).Count == MaxPeers)
        {
            _youngerPeers.RemoveAt(MaxPeers - 1);
        }

        _youngerPeers.Add(eventId);
    }

    internal void AddEvidence(string? eventId)
    {
        if (eventId is not null)
        {
            (_evidence ??= new(5)).Add(eventId);
        }
    }

    /// <summary>Takes over what was heard of it under another daemon's process id.</summary>
    internal void Absorb(GuestSession other)
    {
        VMName ??= other.VMName;
        Driver ??= other.Driver;
        if (FirstEventId is null || other.FirstStamp < FirstStamp)
        {
            FirstEventId = other.FirstEventId ?? FirstEventId;
            FirstStamp = other.FirstStamp ?? FirstStamp;
        }

        Resources += other.Resources;
        Failures += other.Failures;
        Denials += other.Denials;
        WouldBeDenials += other.WouldBeDenials;
        Anomalies += other.Anomalies;
        LastSerial = other.LastSerial > 0 ? other.LastSerial : LastSerial;
        _isTimeless |= other._isTimeless;
        if (other._evidence is not null)
        {
            (_evidence ??= []).AddRange(other._evidence);
        }

        if (other._labels is not null)
        {
            (_labels ??= []).AddRange(other._labels);
        }

        while (other.Registrations is Registration registration)
        {
            other.Registrations = registration.Next;
            Register(registration);
        }

        other.Whole = this;
    }

    /// <summary>What is told of it at its end; what only that needs is given up.</summary>
    internal VirtAuditSession Describe(string state)
    {
        bool unobserved = Gaps != Node.Gaps;
        var session = new VirtAuditSession
        {
            VMName = VMName,
            Uuid = Guest.Key.Uuid,
            Driver = Driver,
            Node = Guest.NodeName,
            State = state,
            StartMilliseconds = Start,
            StartReason = StartReason,
            VMProcessId = VMProcessId,
            InitProcessId = InitProcessId,
            Labels = Show(ofImages: false),
            ImageLabels = Show(ofImages: true),
            ResourceCount = Resources,
            FailureCount = Failures,
            DenialCount = Denials,
            WouldBlockCount = WouldBeDenials,
            AnomalyCount = Anomalies,
            Unobserved = unobserved,
            SessionEventId = EventId,
            PeerEventId = Peers(),
            Note = _isTimeless ? VirtAuditSession.NoTime : null,
            Evidence = _evidence?.ToArray() ?? [],
        };
        _evidence = null;
        _labels = null;
        return session;
    }

    private string[] Peers() =>
        OlderPeer is not string older ? _youngerPeers?.ToArray() ?? [] : _youngerPeers is null ? [older] : [older, .. _youngerPeers];

    private string[] Show(bool ofImages)
    {
        if (_labels is null)
        {
            return [];
        }

        var shown = new List<string>(_labels.Count);
        foreach ((string model, string? label, string? imageLabel) in _labels)
        {
            if ((ofImages ? imageLabel : label) is string text)
            {
                shown.Add(model.Length == 0 ? text : model + " " + text);
            }
        }

        return [.. shown];
    }
}
