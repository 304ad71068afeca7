using System.Runtime.InteropServices;

namespace LibvirtAudit.Analysis;

/// <summary>What is remembered of one guest of one host.</summary>
internal sealed class Guest(GuestKey key, string? name, string? nodeName, NodeState node, UuidState? uuid)
{
    private List<GuestSession>? _starting;

    internal GuestKey Key { get; } = key;

    /// <summary>Its name in the first of its records.</summary>
    internal string? Name { get; } = name;

    /// <summary>Its host as the first of its records names it.</summary>
    internal string? NodeName { get; } = nodeName;

    internal NodeState Node { get; } = node;

    /// <summary>What is remembered of its UUID over all hosts; null where it has none.</summary>
    internal UuidState? Uuid { get; } = uuid;

    /// <summary>The sessions that are open, the oldest first: none or one, and two while the guest migrates.</summary>
    internal List<GuestSession> Open { get; } = new(1);

    /// <summary>What was heard of starts that are still to come, one for each daemon; valid until one is added or removed.</summary>
    internal ReadOnlySpan<GuestSession> Starting => CollectionsMarshal.AsSpan(_starting);

    internal void AddStarting(GuestSession session) => (_starting ??= new(1)).Add(session);

    internal void RemoveStarting(GuestSession session) => _starting!.Remove(session);

    /// <summary>The session that ended last, by which the <see cref="IncidentTracker"/> knows what is logged after its end.</summary>
    internal GuestSession? Last { get; set; }

    /// <summary>The session that something said of the guest at this place in the log is about.</summary>
    internal GuestSession? Current => Open.Count > 0 ? Open[^1] : Starting.Length > 0 ? Starting[^1] : Last;
}

/// <summary>What is remembered of one host.</summary>
internal sealed class NodeState
{
    /// <summary>The sessions open on it, the oldest first.</summary>
    internal SessionChain Open { get; } = new(SessionLinks.OnNode);

    /// <summary>Whether libvirt wrote a record of a guest there.</summary>
    internal bool HasRecords { get; set; }

    /// <summary>How many boots were seen.</summary>
    internal int Boots { get; set; }

    /// <summary>How often auditd was seen to go down or come up.</summary>
    internal int Gaps { get; set; }

    /// <summary>The last event of auditd going down or coming up.</summary>
    internal string? LastGapEventId { get; set; }

    /// <summary>A shutdown of the host after which neither boot nor start has come: stops may still be logged.</summary>
    internal (string EventId, long? Stamp)? Shutdown { get; set; }
}

/// <summary>What is remembered of a UUID over all hosts, to tie the two sides of a migration.</summary>
internal sealed class UuidState
{
    /// <summary>How many sessions that came in are remembered: more than a migration is tried at a time.</summary>
    private const int MaxIncoming = 4;

    private List<MigrationSide>? _incoming;

    internal SessionChain Open { get; } = new(SessionLinks.OnUuid);

    /// <summary>The last sessions that came in by migration, the oldest first.</summary>
    internal IReadOnlyList<MigrationSide> Incoming => _incoming ?? [];

    /// <summary>The last session that went out by migration; null where none did.</summary>
    internal MigrationSide? Outgoing { get; set; }

    internal void AddIncoming(MigrationSide side)
    {
        if ((_incoming ??= new(1)).Count == MaxIncoming)
        {
            _incoming.RemoveAt(0);
        }

        _incoming.Add(side);
    }
}
