using LibvirtAudit.Format;

namespace LibvirtAudit.Logs;

/// <summary>A guest that records tell of; null what they don't say.</summary>
/// <param name="Node">The host that logged them.</param>
/// <param name="VMName">Its name.</param>
/// <param name="Uuid">Its UUID.</param>
/// <param name="Driver">Its driver.</param>
public readonly record struct KnownGuest(string? Node, string? VMName, Guid? Uuid, string? Driver);

/// <summary>A value that a property had in records.</summary>
/// <param name="Field">The property.</param>
/// <param name="Text">The value; a number in digits.</param>
/// <param name="ResourceType">The resource type of the records; null where they have none.</param>
/// <param name="VMName">The guest's name; null where they have none.</param>
public readonly record struct KnownValue(RecordField Field, string Text, string? ResourceType, string? VMName);

/// <summary>What a person at a prompt may want to name: the guests of some logs, and the values in them.</summary>
/// <param name="Guests">The guests, each once, in no order.</param>
/// <param name="Values">The values, each once, in no order.</param>
public sealed record KnownNames(IReadOnlyCollection<KnownGuest> Guests, IReadOnlyCollection<KnownValue> Values)
{
    /// <summary>Nothing is known.</summary>
    public static KnownNames None { get; } = new([], []);
}
