using LibvirtAudit.Audit;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Which records are wanted: those that match one pattern of every list that is not empty, and lie between the times.
/// It decides on the bytes, before anything is made of them, and by the same rules on records.
/// </summary>
public sealed class RecordFilter
{
    private static readonly RecordField[] ValueFields =
        [.. Grammar.Shapes.SelectMany(shape => shape.Fields).Where(field => field.IsResourceValue).Select(field => field.Property).Distinct()];

    private readonly IReadOnlyList<EventReference> _events = [];
    private readonly ILookup<string, EventReference>? _eventsById;

    /// <summary>The filter that everything passes.</summary>
    public static RecordFilter All { get; } = new();

    /// <summary>Patterns for the record's type by name.</summary>
    public IReadOnlyList<TextPattern> RecordType { get; init; } = [];

    /// <summary>Patterns for the node.</summary>
    public IReadOnlyList<TextPattern> Node { get; init; } = [];

    /// <summary>Patterns for the guest's name.</summary>
    public IReadOnlyList<TextPattern> VMName { get; init; } = [];

    /// <summary>Patterns for the guest's UUID in its usual form, lower case with dashes.</summary>
    public IReadOnlyList<TextPattern> Uuid { get; init; } = [];

    /// <summary>Patterns for the driver.</summary>
    public IReadOnlyList<TextPattern> Driver { get; init; } = [];

    /// <summary>Patterns for the operation.</summary>
    public IReadOnlyList<TextPattern> Operation { get; init; } = [];

    /// <summary>Patterns for the resource type.</summary>
    public IReadOnlyList<TextPattern> ResourceType { get; init; } = [];

    /// <summary>Patterns for the reason.</summary>
    public IReadOnlyList<TextPattern> Reason { get; init; } = [];

    /// <summary>Patterns for the result.</summary>
    public IReadOnlyList<TextPattern> Result { get; init; } = [];

    /// <summary>Patterns for the resource itself: old and new value, device, host disk, character device, MAC address, path, device number.</summary>
    public IReadOnlyList<TextPattern> Value { get; init; } = [];

    /// <summary>The events that are wanted.</summary>
    public IReadOnlyList<EventReference> Events
    {
        get => _events;
        init
        {
            _events = value;
            _eventsById = value.ToLookup(reference => reference.EventId, StringComparer.Ordinal);
        }
    }

    /// <summary>The first moment, in milliseconds since 1970-01-01 UTC; null for no limit. A record without a time lies in no range.</summary>
    public long? From { get; init; }

    /// <summary>The last moment, in milliseconds since 1970-01-01 UTC; null for no limit. A record without a time lies in no range.</summary>
    public long? To { get; init; }

    /// <summary>Whether <paramref name="record"/> is wanted.</summary>
    public bool Matches(VirtAuditRecord record) => Matches(new RecordView(record));

    internal bool Matches<TView>(TView view)
        where TView : IRecordView, allows ref struct
    {
        return IsInTime(view.UnixMilliseconds)
            && (RecordType.Count == 0 || IsAny(RecordType, view.RecordType))
            && (Node.Count == 0 || IsAny(Node, view.Node))
            && IsAny(VMName, view, RecordField.VMName)
            && IsAny(Uuid, view, RecordField.Uuid)
            && IsAny(ResourceType, view, RecordField.ResourceType)
            && IsAny(Operation, view, RecordField.Operation)
            && IsAny(Reason, view, RecordField.Reason)
            && IsAny(Result, view, RecordField.Result)
            && IsAny(Driver, view, RecordField.Driver)
            && (Value.Count == 0 || IsAnyValue(view))
            && (Events.Count == 0 || IsAnyEvent(view.Node, view.EventId));
    }

    private static bool IsAny<TView>(IReadOnlyList<TextPattern> patterns, TView view, RecordField field)
        where TView : IRecordView, allows ref struct => patterns.Count == 0 || IsAny(patterns, view.GetText(field));

    private static bool IsAny(IReadOnlyList<TextPattern> patterns, string? value)
    {
        // By index: an enumerator of an interface is an object, one for every line that is looked at.
        for (int i = 0; i < patterns.Count; i++)
        {
            if (patterns[i].IsMatch(value ?? ""))
            {
                return true;
            }
        }

        return false;
    }

    private bool IsInTime(long? stamp) =>
        (From is null && To is null) || (stamp is long moment && (From is null || moment >= From) && (To is null || moment <= To));

    private bool IsAnyEvent(string? node, string? eventId) =>
        eventId is not null && _eventsById is not null && _eventsById[eventId].Any(reference => reference.Matches(node, eventId));

    // A value that isn't there matches nothing here: every record lacks most of the fields.
    private bool IsAnyValue<TView>(TView view)
        where TView : IRecordView, allows ref struct
    {
        foreach (RecordField field in ValueFields)
        {
            if (view.GetText(field) is { Length: > 0 } value && IsAny(Value, value))
            {
                return true;
            }
        }

        return false;
    }
}
