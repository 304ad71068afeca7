using System.Buffers.Text;
using LibvirtAudit.Audit;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Makes the record of what the parser found in a text.</summary>
internal sealed class RecordFactory
{
    private readonly StringPool _pool = new();
    private byte[] _scratch = new byte[512];

    /// <summary>The record of <paramref name="layout"/>, whose slots are places in <paramref name="text"/>.</summary>
    public VirtAuditRecord Create(ReadOnlySpan<byte> text, RecordLayout layout)
    {
        var record = new VirtAuditRecord
        {
            Node = layout.NodeName ?? GetText(text, layout.Node),
            RecordType = layout.Type == 0 ? null : RecordTypes.GetName(layout.Type),
            RecordTypeId = layout.Type == 0 ? null : layout.Type,
            Sender = layout.IsFramed ? layout.Frame.Sender ??= MakeSender(text, layout) : MakeSender(text, layout),
            Delivered = layout.Delivered,
            AdditionalFields = GetAdditional(text, layout.Additional),
        };

        if (layout is { EventId.HasValue: true, UnixMilliseconds: long stamp, Serial: ulong serial } && EventStamp.IsCanonical(layout.EventId.Of(text)))
        {
            record.SetEvent(stamp, serial);
        }
        else
        {
            record.UnixMilliseconds = layout.UnixMilliseconds;
            record.Serial = layout.Serial;
            record.EventId = GetEventId(text, layout);
        }

        if (layout.Shape is RecordShape shape)
        {
            foreach (FieldDefinition field in shape.FieldSpan)
            {
                Set(record, field, text, layout[field.Property]);
            }
        }
        else
        {
            ReadOnlySpan<Slot> fields = layout.BodyFields;
            for (int i = 0; i < fields.Length; i++)
            {
                Set(record, (RecordField)i, text, fields[i]);
            }
        }

        Slot executable = layout[RecordField.Executable];
        record.HasTrailer = executable.Kind != SlotKind.Absent;
        KeepMissingForm(record, RecordField.Executable, executable);
        record.Result = layout.Outcome ?? GetText(text, layout[RecordField.Result]);
        return record;
    }

    /// <summary>The text form of the value in <paramref name="slot"/>; null where there is none.</summary>
    public string? GetText(ReadOnlySpan<byte> text, Slot slot) => slot.Kind switch
    {
        SlotKind.Text => _pool.Get(slot.Of(text)),
        SlotKind.Hex => _pool.Get(Decode(slot.Of(text))),
        _ => null,
    };

    /// <summary>A text that stands by itself; null where it is empty.</summary>
    public string? GetText(ReadOnlySpan<byte> text) => text.IsEmpty ? null : _pool.Get(text);

    public static string? GetEventId(ReadOnlySpan<byte> text, RecordLayout layout)
    {
        if (layout.EventId.HasValue)
        {
            return System.Text.Encoding.ASCII.GetString(layout.EventId.Of(text));
        }

        return layout is { HasEventId: true, UnixMilliseconds: long stamp, Serial: ulong serial }
            ? EventStamp.Write(stamp, serial)
            : null;
    }

    public static Guid? GetUuid(ReadOnlySpan<byte> text, Slot slot) =>
        slot.Kind == SlotKind.Text && Utf8Parser.TryParse(slot.Of(text), out Guid uuid, out int used) && used == slot.Length ? uuid : null;

    public static long? GetNumber(ReadOnlySpan<byte> text, Slot slot) =>
        slot.Kind == SlotKind.Text && Utf8Parser.TryParse(slot.Of(text), out long number, out int used) && used == slot.Length ? number : null;

    public static ulong? GetLargeNumber(ReadOnlySpan<byte> text, Slot slot) =>
        slot.Kind == SlotKind.Text && Utf8Parser.TryParse(slot.Of(text), out ulong number, out int used) && used == slot.Length ? number : null;

    private RecordSender MakeSender(ReadOnlySpan<byte> text, RecordLayout layout) => new()
    {
        ProcessId = layout.ProcessId,
        UserId = layout.UserId,
        UserName = GetText(text, layout.UserName),
        LoginUserId = layout.LoginUserId,
        LoginUserName = GetText(text, layout.LoginUserName),
        SessionId = layout.SessionId,
        Subject = GetText(text, layout.Subject),
        Executable = GetText(text, layout[RecordField.Executable]),
        HostName = GetText(text, layout[RecordField.HostName]),
        Address = GetText(text, layout[RecordField.Address]),
        Terminal = GetText(text, layout[RecordField.Terminal]),
    };

    private void Set(VirtAuditRecord record, FieldDefinition field, ReadOnlySpan<byte> text, Slot slot)
    {
        // The value by which the shape was known needs no looking for.
        if (field.FixedValue is string word)
        {
            RecordProperties.Set(record, field.Property, word);
        }
        else
        {
            Set(record, field.Property, text, slot);
        }
    }

    private void Set(VirtAuditRecord record, RecordField field, ReadOnlySpan<byte> text, Slot slot)
    {
        if (!slot.HasValue)
        {
            KeepMissingForm(record, field, slot);
            return;
        }

        switch (field)
        {
            case RecordField.Uuid:
                record.Uuid = GetUuid(text, slot);
                break;
            case RecordField.VMProcessId:
                record.VMProcessId = GetNumber(text, slot);
                break;
            case RecordField.InitProcessId:
                record.InitProcessId = GetNumber(text, slot);
                break;
            case RecordField.PidNamespace:
                record.PidNamespace = GetLargeNumber(text, slot);
                break;
            case RecordField.Size:
                record.Size = GetLargeNumber(text, slot);
                break;
            case RecordField.OldValue or RecordField.NewValue when slot.Form == FieldForm.Number:
                RecordProperties.Set(record, field, GetNumber(text, slot));
                break;
            default:
                RecordProperties.Set(record, field, GetText(text, slot));
                break;
        }
    }

    private static void KeepMissingForm(VirtAuditRecord record, RecordField field, Slot slot)
    {
        if (slot.Kind == SlotKind.MissingBare)
        {
            record.SetMissingBare(field);
        }
    }

    private static string? GetAdditional(ReadOnlySpan<byte> text, List<Slot> fields)
    {
        if (fields.Count == 0)
        {
            return null;
        }

        var joined = new System.Text.StringBuilder();
        foreach (Slot field in fields)
        {
            joined.Append(joined.Length == 0 ? "" : " ").Append(ByteText.GetString(field.Of(text)));
        }

        return joined.ToString();
    }

    private ReadOnlySpan<byte> Decode(ReadOnlySpan<byte> digits)
    {
        int length = digits.Length / 2;
        if (_scratch.Length < length)
        {
            _scratch = new byte[length];
        }

        HexText.Decode(digits, _scratch);
        return _scratch.AsSpan(0, length);
    }
}
