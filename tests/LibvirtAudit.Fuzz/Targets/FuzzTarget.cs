namespace LibvirtAudit.Fuzz.Targets;

/// <summary>
/// A reader of hostile input, and what must hold of it whatever the input is. An instance keeps its readers from input to
/// input, as a long read does, and serves one thread.
/// </summary>
internal abstract class FuzzTarget
{
    /// <summary>The longest input, in bytes: as long as what is read can be odd in every way, and no longer.</summary>
    public virtual int LongestInput => 1024;

    /// <summary>Words of the input's language, by which a mutation gets farther than by chance.</summary>
    public virtual IReadOnlyList<string> Words => [];

    /// <summary>Real inputs to begin with.</summary>
    public abstract IEnumerable<byte[]> Seeds();

    /// <summary>Reads <paramref name="input"/>. Any exception is a finding.</summary>
    public abstract void Run(ReadOnlySpan<byte> input);
}
