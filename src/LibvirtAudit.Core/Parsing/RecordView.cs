using System.Globalization;
using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>A record, as a filter looks at it.</summary>
internal readonly struct RecordView(VirtAuditRecord record) : IRecordView
{
    public long? UnixMilliseconds => record.UnixMilliseconds;

    public string? EventId => record.EventId;

    public string? Node => record.Node;

    public string? RecordType => record.RecordType;

    public string? GetText(RecordField field) => Convert.ToString(RecordProperties.Get(record, field), CultureInfo.InvariantCulture);
}

/// <summary>A record that is still bytes, as a filter looks at it.</summary>
internal readonly ref struct LayoutView(ReadOnlySpan<byte> text, RecordLayout layout, RecordFactory factory) : IRecordView
{
    private readonly ReadOnlySpan<byte> _text = text;

    public long? UnixMilliseconds => layout.UnixMilliseconds;

    public string? EventId => RecordFactory.GetEventId(_text, layout);

    public string? Node => layout.NodeName ?? factory.GetText(_text, layout.Node);

    public string? RecordType => layout.Type == 0 ? null : RecordTypes.GetName(layout.Type);

    public string? GetText(RecordField field)
    {
        if (field == RecordField.Result && layout.Outcome is not null)
        {
            return layout.Outcome;
        }

        Slot slot = layout[field];
        return slot.Form switch
        {
            FieldForm.Uuid => RecordFactory.GetUuid(_text, slot)?.ToString("D", CultureInfo.InvariantCulture),
            FieldForm.Number => RecordFactory.GetNumber(_text, slot)?.ToString(CultureInfo.InvariantCulture),
            FieldForm.LargeNumber => RecordFactory.GetLargeNumber(_text, slot)?.ToString(CultureInfo.InvariantCulture),
            _ => factory.GetText(_text, slot),
        };
    }
}
