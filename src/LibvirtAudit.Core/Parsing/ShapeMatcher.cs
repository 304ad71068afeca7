using System.Buffers.Text;
using System.Runtime.Intrinsics;
using LibvirtAudit.Encoding;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Reads a body that has a shape of the grammar exactly: the same fields in the same order, each value in the form that
/// the encoder would give it. What matches is what libvirt writes, and is written back to the same bytes.
/// </summary>
internal static class ShapeMatcher
{
    private const int UuidLength = 36;

    /// <summary>Which of the bytes of a UUID are dashes.</summary>
    private const uint UuidDashes = (1u << 8) | (1u << 13) | (1u << 18) | (1u << 23);

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
        if (field.IsMissingBare && value is [(byte)'?'])
        {
            slot = slot with { Kind = field.IsMissingInQuotes ? SlotKind.MissingBare : SlotKind.Missing };
            return true;
        }

        switch (field.Form)
        {
            case FieldForm.Encoded:
                return TryReadEncoded(value, field, ref slot);
            case FieldForm.Number:
                return (field.Rule == ValueRule.Process && value.SequenceEqual("-1"u8))
                    || (IsCanonicalNumber(value) && Utf8Parser.TryParse(value, out long _, out int used) && used == value.Length);
            case FieldForm.LargeNumber:
                return IsCanonicalNumber(value) && Utf8Parser.TryParse(value, out ulong _, out int usedOfLarge) && usedOfLarge == value.Length;
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
            bool missing = field.IsMissingInQuotes && quoted is [(byte)'?'];
            slot = new Slot(slot.Start + 1, quoted.Length, missing ? SlotKind.Missing : SlotKind.Text, FieldForm.Encoded);
            return !ValueEncoder.NeedsHex(quoted);
        }

        slot = slot with { Kind = SlotKind.Hex };
        return HexText.IsHex(value) && HexText.NeededHex(value);
    }

    private static bool IsCanonicalNumber(ReadOnlySpan<byte> value) =>
        value.Length > 0 && (value.Length == 1 || value[0] != (byte)'0') && !value.ContainsAnyExceptInRange((byte)'0', (byte)'9');

    // Looked at as its first and its last 32 bytes: where a dash is due stands one, and a digit everywhere else.
    private static bool IsCanonicalUuid(ReadOnlySpan<byte> value) =>
        value.Length == UuidLength
            && IsUuidPart(Vector256.Create(value), UuidDashes)
            && IsUuidPart(Vector256.Create(value[(UuidLength - Vector256<byte>.Count)..]), UuidDashes >> (UuidLength - Vector256<byte>.Count));

    private static bool IsUuidPart(Vector256<byte> part, uint dashes)
    {
        Vector256<byte> isDigit = Vector256.LessThan(part - Vector256.Create((byte)'0'), Vector256.Create((byte)10));
        Vector256<byte> isLetter = Vector256.LessThan(part - Vector256.Create((byte)'a'), Vector256.Create((byte)6));
        return (isDigit | isLetter).ExtractMostSignificantBits() == ~dashes
            && Vector256.Equals(part, Vector256.Create((byte)'-')).ExtractMostSignificantBits() == dashes;
    }
}
