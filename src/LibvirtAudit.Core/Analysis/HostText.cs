namespace LibvirtAudit.Analysis;

/// <summary>Something that guests of one host have, by its name: a path, a label, a device. The host as <see cref="HostNames"/> gives it.</summary>
internal readonly record struct HostText(string? Host, string Text)
{
    // Made once: a path is entered and taken out again by it.
    private readonly int _hash = HashCode.Combine(Host, Text);

    /// <inheritdoc/>
    public override int GetHashCode() => _hash;
}

/// <summary>A process of a host, as <see cref="HostNames"/> gives it.</summary>
internal readonly record struct HostProcess(string? Host, long Id)
{
    /// <inheritdoc/>
    public override int GetHashCode() => Host is null ? Id.GetHashCode() : HashCode.Combine(Host, Id);
}
