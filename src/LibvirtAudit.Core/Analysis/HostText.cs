namespace LibvirtAudit.Analysis;

/// <summary>Something that guests of one host have, by its name: a path, a label, a device.</summary>
internal readonly record struct HostText(string? Node, string Text)
{
    // Made once: a path is entered and taken out again by it.
    private readonly int _hash = HashCode.Combine(Node, Text);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}

/// <summary>A process of a host.</summary>
internal readonly record struct HostProcess(string? Node, long Id)
{
    /// <inheritdoc/>
    public override int GetHashCode() => Node is null ? Id.GetHashCode() : HashCode.Combine(Node, Id);
}
