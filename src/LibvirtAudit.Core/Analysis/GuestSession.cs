using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>A session while it is being told: first what precedes a start, then the running guest.</summary>
internal sealed class GuestSession
{
    private readonly List<string> _evidence = [];
    private readonly List<(string Model, string? Label, string? ImageLabel)> _labels = [];

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

    internal string? StartEventId { get; private set; }

    internal long? Start { get; private set; }

    internal string? StartReason { get; private set; }

    internal long? VMProcessId { get; set; }

    internal long? InitProcessId { get; set; }

    /// <summary>The session that was open when this one started, and the last that started while this one was open.</summary>
    internal string? OlderPeer { get; set; }

    internal string? YoungerPeer { get; set; }

    internal int Resources { get; set; }

    internal int Failures { get; set; }

    internal int Denials { get; set; }

    internal int Anomalies { get; set; }

    /// <summary>Whether a label or a resource's start said that the guest is being started; net open and cgroup records alone may be a hot-plug's.</summary>
    internal bool IsStarting { get; set; }

    /// <summary>Whether the resources that a start lists have begun to come.</summary>
    internal bool HasStartResources { get; set; }

    internal IReadOnlyList<(string Model, string? Label, string? ImageLabel)> Labels => _labels;

    /// <summary>What the guest has; filled by the <see cref="AssignmentTracker"/>.</summary>
    internal Holdings Holdings { get; } = new();

    /// <summary>Its place among the host's open sessions, and among the open sessions of its UUID.</summary>
    internal LinkedListNode<GuestSession>? OnNode { get; set; }

    internal LinkedListNode<GuestSession>? OnUuid { get; set; }

    /// <summary>Whether it runs; not while it is starting, and not when it has ended.</summary>
    internal bool IsOpen => OnNode is { List: not null };

    /// <summary>Where the indexes of the <see cref="IncidentTracker"/> hold it.</summary>
    internal List<Registration> Registrations { get; } = [];

    /// <summary>The session of which this was found to be a part; itself where it is whole.</summary>
    internal GuestSession Whole { get; private set; }

    /// <summary>What identifies the session: its start, else the first that was heard of it.</summary>
    internal string? EventId => StartEventId ?? FirstEventId;

    internal void Hear(VirtAuditRecord record)
    {
        VMName = record.VMName ?? VMName;
        Driver = record.Driver ?? Driver;
        FirstEventId ??= EventName.Of(record);
        if (record.Result == "failed")
        {
            Failures++;
        }
    }

    internal void Begin(VirtAuditRecord start)
    {
        StartEventId = EventName.Of(start);
        Start = start.UnixMilliseconds;
        StartReason = start.Reason;
        VMProcessId = start.VMProcessId is > 0 ? start.VMProcessId : null;
        AddEvidence(StartEventId);
    }

    internal bool HasLabel(string? model) => _labels.Exists(label => label.Model == (model ?? ""));

    internal void AddLabel(VirtAuditRecord record)
    {
        string model = record.Model ?? "";
        _labels.RemoveAll(label => label.Model == model);
        _labels.Add((model, record.VMContext, record.ImageContext));
        AddEvidence(EventName.Of(record));
    }

    internal void AddEvidence(string? eventId)
    {
        if (eventId is not null)
        {
            _evidence.Add(eventId);
        }
    }

    /// <summary>Takes over what was heard of it under another daemon's process id.</summary>
    internal void Absorb(GuestSession other)
    {
        VMName ??= other.VMName;
        Driver ??= other.Driver;
        FirstEventId = other.FirstEventId ?? FirstEventId;
        Resources += other.Resources;
        Failures += other.Failures;
        Denials += other.Denials;
        Anomalies += other.Anomalies;
        _labels.AddRange(other._labels);
        _evidence.AddRange(other._evidence);
        Registrations.AddRange(other.Registrations);
        other.Whole = this;
    }

    internal VirtAuditSession Describe(string state)
    {
        bool unobserved = Gaps != Node.Gaps;
        return new VirtAuditSession
        {
            VMName = VMName,
            Uuid = Guest.Key.Uuid,
            Driver = Driver,
            Node = Guest.Key.Node,
            State = state,
            StartMilliseconds = Start,
            StartReason = StartReason,
            VMProcessId = VMProcessId,
            InitProcessId = InitProcessId,
            Labels = [.. _labels.Where(label => label.Label is not null).Select(label => Show(label.Model, label.Label!))],
            ImageLabels = [.. _labels.Where(label => label.ImageLabel is not null).Select(label => Show(label.Model, label.ImageLabel!))],
            ResourceCount = Resources,
            FailureCount = Failures,
            DenialCount = Denials,
            AnomalyCount = Anomalies,
            Unobserved = unobserved,
            SessionEventId = EventId,
            PeerEventId = [.. new[] { OlderPeer, YoungerPeer }.Where(peer => peer is not null).Select(peer => peer!)],
            Evidence = [.. _evidence],
        };

        static string Show(string model, string label) => model.Length == 0 ? label : model + " " + label;
    }
}
