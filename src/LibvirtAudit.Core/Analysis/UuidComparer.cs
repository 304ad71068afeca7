using System.Runtime.InteropServices;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Compares UUIDs, which whoever makes guests can choose. Guid's own hash is the XOR of its parts, without a key: guests could
/// be made that all have the same, and each search would go through all of them.
/// </summary>
internal sealed class UuidComparer : IEqualityComparer<Guid>, IEqualityComparer<(string? Text, Guid? Uuid)>
{
    internal static UuidComparer Instance { get; } = new();

    /// <summary>A hash with a key that is another in each process.</summary>
    internal static int HashOf(in Guid uuid)
    {
        ReadOnlySpan<int> parts = MemoryMarshal.Cast<Guid, int>(new ReadOnlySpan<Guid>(in uuid));
        return HashCode.Combine(parts[0], parts[1], parts[2], parts[3]);
    }

    /// <inheritdoc/>
    public bool Equals(Guid x, Guid y) => x == y;

    /// <inheritdoc/>
    public int GetHashCode(Guid obj) => HashOf(obj);

    /// <inheritdoc/>
    public bool Equals((string? Text, Guid? Uuid) x, (string? Text, Guid? Uuid) y) => x == y;

    /// <inheritdoc/>
    public int GetHashCode((string? Text, Guid? Uuid) obj) => obj.Uuid is Guid uuid ? HashCode.Combine(HashOf(uuid), obj.Text) : HashCode.Combine(obj.Text);
}
