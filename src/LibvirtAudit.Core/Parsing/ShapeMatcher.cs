using System.Buffers;
using System.Buffers.Text;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Reads a body that has a shape of the grammar exactly: the same fields in the same order, each value in the form that
/// the encoder would give it. What matches is what libvirt writes, and is written back to the same bytes.
/// </summary>
internal static class ShapeMatcher
{
    private static readonly SearchValues<byte> LowerHex = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Fills <paramref name="layout"/> from the body at <paramref name="start"/> up to <paramref name="end"/>; false, with the body's fields undefined, where it has no such shape.</summary>
    public static bool TryMatch(ReadOnlySpan<byte> text, int start, int end, RecordShape shape, RecordLayout layout)
    {
        int position = start;
        ReadOnlySpan<FieldDefinition> fields = shape.FieldSpan;
        for (int i = 0; i < fields.Length; i++)
        {
            FieldDefinition field = fields[i];
            if (i > 0)
            {
                if (position >= end || text[position] != (byte)' ')
                {
                    return false;
                }

                position++;
            }

            ReadOnlySpan<byte> rest = text[position..end];
            if (!rest.StartsWith(field.Key))
            {
                return false;
            }

            position += field.Key.Length;
            rest = rest[field.Key.Length..];
            int length = field.Form == FieldForm.Verbatim ? VerbatimLength(rest, i + 1 < fields.Length ? fields[i + 1] : null) : ValueLength(rest);
            if (length < 0 || !TryReadValue(rest[..length], position, field, out Slot slot))
            {
                return false;
            }

            layout[field.Property] = slot;
            position += length;
        }

        return position == end;
    }

    /// <summary>Reads a value in the form that the encoder would give it; false where it has another.</summary>
    public static bool TryReadValue(ReadOnlySpan<byte> value, int start, FieldDefinition field, out Slot slot)
    {
        slot = new Slot(start, value.Length, SlotKind.Text, field.Form);
        if (field.Missing == MissingForm.Bare && value is [(byte)'?'])
        {
            slot = slot with { Kind = SlotKind.Missing };
            return true;
        }

        switch (field.Form)
        {
            case FieldForm.Encoded:
                return TryReadEncoded(value, field, ref slot);
            case FieldForm.Number:
                return IsCanonicalNumber(value) && Utf8Parser.TryParse(value, out long _, out int used) && used == value.Length;
            case FieldForm.LargeNumber:
                return IsCanonicalNumber(value) && Utf8Parser.TryParse(value, out ulong _, out used) && used == value.Length;
            case FieldForm.Uuid:
                return IsCanonicalUuid(value);
            case FieldForm.Word:
                return field.FixedValue is null || value.SequenceEqual(field.FixedBytes);
            default:
                return true;
        }
    }

    // A quoted value holds no quote and a bare one no blank, so both end where they say.
    private static int ValueLength(ReadOnlySpan<byte> rest)
    {
        if (rest.Length > 0 && rest[0] == (byte)'"')
        {
            int quote = rest[1..].IndexOf((byte)'"');
            return quote < 0 ? -1 : quote + 2;
        }

        int blank = rest.IndexOf((byte)' ');
        return blank < 0 ? rest.Length : blank;
    }

    // Never encoded by libvirt, so it may hold blanks: it ends where the last text that is the next field begins, or
    // with the body, the trailer being taken off from its end already.
    private static int VerbatimLength(ReadOnlySpan<byte> rest, FieldDefinition? next)
    {
        if (next is null)
        {
            return rest.Length;
        }

        while (true)
        {
            int key = rest.LastIndexOf(next.Key);
            if (key < 1)
            {
                return -1;
            }

            if (rest[key - 1] == (byte)' ')
            {
                return key - 1;
            }

            rest = rest[..key];
        }
    }

    private static bool TryReadEncoded(ReadOnlySpan<byte> value, FieldDefinition field, ref Slot slot)
    {
        if (value is [(byte)'"', .. var quoted, (byte)'"'])
        {
            bool missing = field.Missing == MissingForm.Quoted && quoted is [(byte)'?'];
            slot = new Slot(slot.Start + 1, quoted.Length, missing ? SlotKind.Missing : SlotKind.Text, FieldForm.Encoded);
            return !ValueEncoder.NeedsHex(quoted);
        }

        slot = slot with { Kind = SlotKind.Hex };
        return HexText.IsHex(value) && HexText.NeededHex(value);
    }

    private static bool IsCanonicalNumber(ReadOnlySpan<byte> value) =>
        value.Length > 0 && (value.Length == 1 || value[0] != (byte)'0') && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    private static bool IsCanonicalUuid(ReadOnlySpan<byte> value)
    {
        return value.Length == 36
            && value[8] == (byte)'-' && value[13] == (byte)'-' && value[18] == (byte)'-' && value[23] == (byte)'-'
            && !value[..8].ContainsAnyExcept(LowerHex) && !value[9..13].ContainsAnyExcept(LowerHex) && !value[14..18].ContainsAnyExcept(LowerHex)
            && !value[19..23].ContainsAnyExcept(LowerHex) && !value[24..].ContainsAnyExcept(LowerHex);
    }
}
