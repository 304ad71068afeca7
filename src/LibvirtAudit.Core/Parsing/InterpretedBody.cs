using System.Buffers.Text;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Reads a body as <c>ausearch -i</c> shows it: libvirt's shapes with the quotes taken away and hex decoded, so that a
/// value may hold blanks and ends where the next field of its shape begins. The octal escapes that ausearch writes for
/// control characters stay as they are: the text doesn't tell them from the same characters in a name.
/// </summary>
internal static class InterpretedBody
{
    private const int UuidLength = 36;

    // libauparse 3.0.9 doesn't know that these are encoded, and leaves them in quotes or in hex.
    private static readonly string[] LeftRaw = ["old-smartcard", "new-smartcard", "disk", "chardev"];

    /// <summary>Fills <paramref name="layout"/> from the body at <paramref name="start"/> up to <paramref name="end"/>; false, with the body's fields undefined, where it has no such shape.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int start, int end, RecordShape shape, RecordLayout layout)
    {
        int position = start;
        IReadOnlyList<FieldDefinition> fields = shape.Fields;
        for (int i = 0; i < fields.Count; i++)
        {
            FieldDefinition field = fields[i];
            ReadOnlySpan<byte> rest = text[position..end];
            if (!rest.StartsWith(field.Key))
            {
                return false;
            }

            position += field.Key.Length;
            rest = rest[field.Key.Length..];
            int length = i + 1 < fields.Count ? LengthBefore(rest, fields[i + 1]) : rest.Length;
            if (length < 0 || !Fits(rest[..length], field))
            {
                return false;
            }

            layout[field.Property] = Value(rest[..length], position, field);
            position += length + 1;
        }

        return true;
    }

    private static Slot Value(ReadOnlySpan<byte> value, int start, FieldDefinition field)
    {
        bool isRaw = Array.IndexOf(LeftRaw, field.Name) >= 0;
        if (isRaw && value is [(byte)'"', .. var quoted, (byte)'"'])
        {
            return new Slot(start + 1, quoted.Length, quoted is [(byte)'?'] ? SlotKind.Missing : SlotKind.Text, field.Form);
        }

        SlotKind kind = field.Missing != MissingForm.Never && value is [(byte)'?'] ? SlotKind.Missing
            : isRaw && HexText.IsHex(value) ? SlotKind.Hex
            : SlotKind.Text;
        return new Slot(start, value.Length, kind, field.Form);
    }

    private static int LengthBefore(ReadOnlySpan<byte> rest, FieldDefinition next)
    {
        int offset = 0;
        while (true)
        {
            int key = rest[offset..].IndexOf(next.Key);
            if (key < 0)
            {
                return -1;
            }

            offset += key;
            if (offset > 0 && rest[offset - 1] == (byte)' ' && (next.Form != FieldForm.Uuid || IsUuid(rest[(offset + next.Key.Length)..])))
            {
                return offset - 1;
            }

            offset += next.Key.Length;
        }
    }

    private static bool Fits(ReadOnlySpan<byte> value, FieldDefinition field) => field.Form switch
    {
        FieldForm.Word => !value.Contains((byte)' ') && (field.FixedValue is null || value.SequenceEqual(field.FixedBytes)),
        FieldForm.Number or FieldForm.LargeNumber => value.Length is > 0 and < 20 && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9'),
        FieldForm.Uuid => IsUuid(value) && value.Length == UuidLength,
        _ => true,
    };

    private static bool IsUuid(ReadOnlySpan<byte> value) =>
        value.Length >= UuidLength && Utf8Parser.TryParse(value[..UuidLength], out Guid _, out int used) && used == UuidLength;
}
