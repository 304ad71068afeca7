namespace LibvirtAudit.Analysis;

/// <summary>
/// Hands out incidents in the order of the log. One that ties to no guest yet is held back, and those behind it with it: the
/// start of a guest that comes a moment later may name its process. Few are held, so that a search among them is short.
/// </summary>
internal sealed class HeldIncidents(Action<VirtAuditIncident> known)
{
    /// <summary>How many are held back at most.</summary>
    private const int MaxHeld = 1024;

    /// <summary>How long a guest may take to start, in milliseconds.</summary>
    private const long StartTakes = 300_000;

    private readonly Queue<HeldIncident> _held = [];

    internal HeldIncident Add(VirtAuditIncident incident)
    {
        var held = new HeldIncident(incident);
        _held.Enqueue(held);
        return held;
    }

    /// <summary>The incidents of a process that tie to no guest yet.</summary>
    internal IEnumerable<HeldIncident> Of(string? node, long process) =>
        _held.Count == 0 ? [] : _held.Where(held => !held.IsKnown && held.Incident.ProcessId == process && held.Incident.Node == node);

    /// <summary>The incidents of an event that tie to no guest yet.</summary>
    internal IEnumerable<HeldIncident> Of(string? node, string eventId) =>
        _held.Count == 0 ? [] : _held.Where(held => !held.IsKnown && held.Incident.EventId == eventId && held.Incident.Node == node);

    /// <summary>Hands out what is known, and what has waited for too long at that moment.</summary>
    internal void Release(long? now)
    {
        while (_held.TryPeek(out HeldIncident? first) && (first.IsKnown || (!first.IsNeighbour && (_held.Count > MaxHeld || IsOver(first, now)))))
        {
            known(_held.Dequeue().Incident);
        }
    }

    /// <summary>Hands out all.</summary>
    internal void Complete()
    {
        while (_held.TryDequeue(out HeldIncident? held))
        {
            known(held.Incident);
        }
    }

    private static bool IsOver(HeldIncident held, long? now) =>
        now is long stamp && held.Incident.UnixMilliseconds is long since && Math.Abs(stamp - since) > StartTakes;
}

/// <summary>An incident that is not handed out yet.</summary>
internal sealed class HeldIncident(VirtAuditIncident incident)
{
    internal VirtAuditIncident Incident { get; } = incident;

    /// <summary>Whether all is known of it.</summary>
    internal bool IsKnown { get; set; }

    /// <summary>Whether it waits for the host's next record, whose neighbour it is.</summary>
    internal bool IsNeighbour { get; set; }
}
