using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Who a guest is: its host, as <see cref="HostNames"/> gives it, and its UUID; its host and its name where the records carry no UUID. The same name with another
/// UUID is another guest.
/// </summary>
internal readonly record struct GuestKey(string? Host, Guid? Uuid, string? Name)
{
    /// <inheritdoc/>
    public bool Equals(GuestKey other) =>
        Nullable.Equals(Uuid, other.Uuid) && string.Equals(Host, other.Host, StringComparison.Ordinal) && string.Equals(Name, other.Name, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override int GetHashCode() => Uuid is not Guid uuid ? HashCode.Combine(Host, Name) : Host is null ? UuidComparer.HashOf(uuid) : HashCode.Combine(UuidComparer.HashOf(uuid), Host);

    /// <summary>Whether a record of that host is of this guest.</summary>
    internal bool IsOf(VirtAuditRecord record, string? host) =>
        (Name is null ? Uuid == record.Uuid && Uuid is not null : record.Uuid is null && record.VMName == Name) && host == Host;

    /// <summary>The guest of a record of that host; null where the record names none.</summary>
    internal static GuestKey? Of(VirtAuditRecord record, string? host) =>
        record.Uuid is Guid uuid ? new GuestKey(host, uuid, null)
        : record.VMName is string name ? new GuestKey(host, null, name)
        : null;
}
