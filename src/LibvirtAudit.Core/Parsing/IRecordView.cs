using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>What a filter looks at, in a record that was made and in one that is still bytes.</summary>
internal interface IRecordView
{
    long? UnixMilliseconds { get; }

    string? EventId { get; }

    string? Node { get; }

    string? RecordType { get; }

    /// <summary>The value as text; null where there is none.</summary>
    string? GetText(RecordField field);
}
