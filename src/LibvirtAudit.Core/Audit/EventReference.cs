namespace LibvirtAudit.Audit;

/// <summary>An event as Evidence names it: <c>SEC.MMM:SERIAL</c>, with <c>node=NAME </c> before it where the node is known.</summary>
/// <param name="Node">The node; null where any will do.</param>
/// <param name="EventId">The stamp and serial.</param>
public sealed record EventReference(string? Node, string EventId)
{
    /// <summary>Reads a reference.</summary>
    public static EventReference Parse(string text)
    {
        string trimmed = text.Trim();
        int blank = trimmed.LastIndexOf(' ');
        return blank > 0 && trimmed.StartsWith("node=", StringComparison.Ordinal)
            ? new EventReference(trimmed["node=".Length..blank], trimmed[(blank + 1)..])
            : new EventReference(null, trimmed);
    }

    /// <summary>Whether the record of that node and event is meant.</summary>
    public bool Matches(string? node, string? eventId) =>
        string.Equals(EventId, eventId, StringComparison.Ordinal) && (Node is null || string.Equals(Node, node, StringComparison.OrdinalIgnoreCase));
}
