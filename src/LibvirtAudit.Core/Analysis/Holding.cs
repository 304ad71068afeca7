using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>By what a detach finds what it ends: the kind of resource and its value.</summary>
/// <param name="Type">The resource type.</param>
/// <param name="Kind">What tells values of one type apart: the bus of a host device, the class of a cgroup grant; <c>open</c> for a host device opened for a network interface.</param>
/// <param name="Value">The value; null for counts, of which a guest has one at a time.</param>
internal readonly record struct HoldingKey(string Type, string? Kind, string? Value);

/// <summary>One resource that a session has, or is to have when it starts.</summary>
internal sealed class Holding(HoldingKey key, object? value, VirtAuditRecord? start)
{
    internal HoldingKey Key { get; } = key;

    internal object? Value { get; } = value;

    /// <summary>The record that gave it; null where that is not in the log.</summary>
    internal string? StartEventId { get; } = start is null ? null : EventName.Of(start);

    internal long? Start { get; } = start?.UnixMilliseconds;

    internal string? StartReason { get; } = start?.Reason;

    internal bool Failed { get; } = start?.Result == "failed";

    internal bool Confirmed { get; } = start is not { Reason: "mirror" } && start is not { Result: null };

    internal string? Bus { get; init; }

    internal string? MacAddress { get; init; }

    internal string? DeviceNumber { get; init; }

    internal string? Access { get; init; }

    internal ulong? Size { get; init; }

    /// <summary>The next younger one of the same key.</summary>
    internal Holding? Younger { get; set; }

    /// <summary>Its place in the session's order.</summary>
    internal LinkedListNode<Holding>? Place { get; set; }

    /// <summary>Its place in the index of paths in use.</summary>
    internal Registration? InUse { get; set; }
}

/// <summary>What a session has, in the order in which it was given, and by key; every step is independent of how much it has.</summary>
internal sealed class Holdings
{
    private readonly LinkedList<Holding> _grants = [];
    private readonly LinkedList<Holding> _others = [];
    private readonly Dictionary<HoldingKey, (Holding Oldest, Holding Youngest)> _byKey = [];

    internal void Add(Holding holding)
    {
        holding.Place = (holding.Key.Type == "cgroup" ? _grants : _others).AddLast(holding);
        if (_byKey.TryGetValue(holding.Key, out (Holding Oldest, Holding Youngest) same))
        {
            same.Youngest.Younger = holding;
            _byKey[holding.Key] = (same.Oldest, holding);
        }
        else
        {
            _byKey.Add(holding.Key, (holding, holding));
        }
    }

    /// <summary>Takes out the oldest of a key; null where there is none.</summary>
    internal Holding? Take(HoldingKey key)
    {
        if (!_byKey.TryGetValue(key, out (Holding Oldest, Holding Youngest) same))
        {
            return null;
        }

        Holding oldest = same.Oldest;
        if (oldest.Younger is Holding next)
        {
            _byKey[key] = (next, same.Youngest);
            oldest.Younger = null;
        }
        else
        {
            _byKey.Remove(key);
        }

        oldest.Place!.List!.Remove(oldest.Place);
        return oldest;
    }

    /// <summary>Takes out the oldest cgroup grant; null where there is none.</summary>
    internal Holding? TakeGrant() => _grants.First is { Value: Holding grant } ? Take(grant.Key) : null;

    /// <summary>Takes out the oldest of all; null where nothing is left.</summary>
    internal Holding? TakeAny() => (_others.First ?? _grants.First) is { Value: Holding holding } ? Take(holding.Key) : null;
}
