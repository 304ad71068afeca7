namespace LibvirtAudit.Analysis;

/// <summary>Something that guests of one host have, by its name: a path, a label, a device.</summary>
internal readonly record struct HostText(string? Node, string Text)
{
    /// <inheritdoc/>
    public override int GetHashCode() => Node is null ? Text.GetHashCode(StringComparison.Ordinal) : HashCode.Combine(Node, Text);
}

/// <summary>A process of a host.</summary>
internal readonly record struct HostProcess(string? Node, long Id)
{
    /// <inheritdoc/>
    public override int GetHashCode() => Node is null ? Id.GetHashCode() : HashCode.Combine(Node, Id);
}
