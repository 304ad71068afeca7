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

    internal HeldIncident Add(VirtAuditIncident incident, string? host)
    {
        var held = new HeldIncident(incident, host);
        _held.Enqueue(held);
        return held;
    }

    /// <summary>The incidents of a process that tie to no guest yet.</summary>
    internal IEnumerable<HeldIncident> Of(string? host, long process) =>
        _held.Count == 0 ? [] : _held.Where(held => !held.IsKnown && held.Incident.ProcessId == process && held.Host == host);

    /// <summary>The incidents of an event that tie to no guest yet.</summary>
    internal IEnumerable<HeldIncident> Of(string? host, string eventId) =>
        _held.Count == 0 ? [] : _held.Where(held => !held.IsKnown && held.Incident.EventId == eventId && held.Host == host);

    /// <summary>Hands out what is known, and what has waited for too long at that moment.</summary>
    internal void Release(long? now)
    {
        while (_held.TryPeek(out HeldIncident? first) && (first.IsKnown || (!first.IsNeighbour && IsOver(first, now))))
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

    private bool IsOver(HeldIncident held, long? now) =>
        _held.Count > MaxHeld || (now is long stamp && held.Incident.UnixMilliseconds is long since && Math.Abs(stamp - since) > StartTakes);
}

/// <summary>An incident that is not handed out yet.</summary>
internal sealed class HeldIncident(VirtAuditIncident incident, string? host)
{
    internal VirtAuditIncident Incident { get; } = incident;

    /// <summary>The identity of its host; null where it names none.</summary>
    internal string? Host { get; } = host;

    /// <summary>Whether all is known of it.</summary>
    internal bool IsKnown { get; set; }

    /// <summary>Whether it waits for the host's next record, whose neighbour it is.</summary>
    internal bool IsNeighbour { get; set; }
}
