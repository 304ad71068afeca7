using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Who a guest is: its host and its UUID; its host and its name where the records carry no UUID. The same name with another
/// UUID is another guest.
/// </summary>
internal readonly record struct GuestKey(string? Node, Guid? Uuid, string? Name)
{
    /// <inheritdoc/>
    public bool Equals(GuestKey other) =>
        Nullable.Equals(Uuid, other.Uuid) && string.Equals(Node, other.Node, StringComparison.Ordinal) && string.Equals(Name, other.Name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Uuid is not Guid uuid ? HashCode.Combine(Node, Name) : Node is null ? UuidComparer.HashOf(uuid) : HashCode.Combine(UuidComparer.HashOf(uuid), Node);

    /// <summary>Whether a record is of this guest.</summary>
    internal bool IsOf(VirtAuditRecord record) =>
        (Name is null ? Uuid == record.Uuid && Uuid is not null : record.Uuid is null && record.VMName == Name) && record.Node == Node;

    /// <summary>The guest of a record; null where the record names none.</summary>
    internal static GuestKey? Of(VirtAuditRecord record) =>
        record.Uuid is Guid uuid ? new GuestKey(record.Node, uuid, null)
        : record.VMName is string name ? new GuestKey(record.Node, null, name)
        : null;
}
