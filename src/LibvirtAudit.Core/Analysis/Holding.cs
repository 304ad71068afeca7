using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>By what a detach finds what it ends: the kind of resource and its value.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Kind">What tells values of one type apart: the bus of a host device, the class of a cgroup grant; <c>open</c> for a host device opened for a network interface.</param>
/// <param name="Value">The value; null for counts, of which a guest has one at a time.</param>
internal readonly record struct HoldingKey(string Type, string? Kind, string? Value)
{
    /// <summary>The path that is in use; null for what is no path, and for those that every guest uses: its grants, sources of random numbers and network taps.</summary>
    internal string? Path => Value is ['/', ..] && !IsOfEveryGuest(Type) ? Value : null;

    /// <summary>Whether no path of that type tells guests apart.</summary>
    internal static bool IsOfEveryGuest(string type) => type is "cgroup" or "net" or "rng";
}

/// <summary>One resource that a session has, or is to have when it starts.</summary>
internal sealed class Holding(HoldingKey key, object? value, VirtAuditRecord? start)
{
    private readonly EventMark _start = start is null ? default : new EventMark(start);

    internal HoldingKey Key { get; } = key;

    internal object? Value { get; } = value;

    /// <summary>The record that gave it; null where that is not in the log.</summary>
    internal string? StartEventId => _start.Name;

    internal long? Start { get; } = start?.UnixMilliseconds;

    internal string? StartReason { get; } = start?.Reason;

    internal bool Failed { get; } = start?.Result == "failed";

    /// <summary>Whether the log tells beyond doubt that the guest has it.</summary>
    internal bool IsConfirmed { get; set; } = start is not { Reason: "mirror" } && start is not { Result: null };

    internal string? Bus { get; init; }

    internal string? MacAddress { get; init; }

    internal string? DeviceNumber { get; init; }

    internal string? Access { get; init; }

    internal ulong? Size { get; init; }

    /// <summary>Its place in the index of paths in use.</summary>
    internal Registration? InUse { get; set; }

    /// <summary>Its place among what the session has.</summary>
    internal HoldingPlace Place;
}

/// <summary>A holding's place in its <see cref="Holdings"/>: in the order, and by key.</summary>
internal struct HoldingPlace
{
    internal int Hash;
    internal Holding? Earlier;
    internal Holding? Later;

    /// <summary>The next of the same bucket, which has another key; of the oldest of a key only.</summary>
    internal Holding? Next;

    /// <summary>The next younger one of the same key.</summary>
    internal Holding? Younger;

    /// <summary>The youngest of the same key; of the oldest only.</summary>
    internal Holding? Youngest;

    /// <summary>The youngest of the same key that is in doubt, as all older ones are; null where none is. Of the oldest only.</summary>
    internal Holding? Doubtful;

    /// <summary>Whether it was put in doubt with all grants that were there.</summary>
    internal bool IsDoubtfulGrant;
}
