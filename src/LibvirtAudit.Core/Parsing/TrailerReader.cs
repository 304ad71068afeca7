using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Takes libaudit's trailer off a body from its end, where no value of a guest's can reach: the fields of the trailer in
/// their order, each at most once, with nothing between them. What stands before is the body, whatever it looks like.
/// </summary>
internal static class TrailerReader
{
    /// <summary>
    /// Fills the trailer's fields and returns where the body before them ends; <paramref name="isWhole"/> says whether all five were there,
    /// in libaudit's form.
    /// </summary>
    public static int Read(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout, out bool isWhole)
    {
        if (text[start..end] is [.., (byte)')'] && TryReadBracketed(text, start, end, layout, out int bodyEnd))
        {
            isWhole = false;
            return bodyEnd;
        }

        int found = 0, inForm = 0;
        for (int i = Grammar.Trailer.Count - 1; i >= 0; i--)
        {
            FieldDefinition field = Grammar.Trailer[i];
            ReadOnlySpan<byte> body = text[start..end];
            int token = layout.IsInterpreted && field.Form == FieldForm.Encoded ? LastField(body, field) : body.LastIndexOf((byte)' ') + 1;
            ReadOnlySpan<byte> last = body[token..];
            if (last.StartsWith(field.Key))
            {
                int valueStart = start + token + field.Key.Length;
                if (!layout.IsInterpreted && ShapeMatcher.TryReadValue(last[field.Key.Length..], valueStart, field, out Slot slot))
                {
                    inForm++;
                }
                else
                {
                    slot = LooseValue(last[field.Key.Length..], valueStart, field.Form);
                }

                layout[field.Property] = slot;
                end = start + Math.Max(token - 1, 0);
                found++;
            }
            else if (field.Property == RecordField.Result)
            {
                // Without its last field the record was cut, and what looks like the rest of a trailer may be a value.
                break;
            }
        }

        isWhole = (layout.IsInterpreted ? found : inForm) == Grammar.Trailer.Count;
        return end;
    }

    // Before 2009 libaudit wrote 'exe="…" (hostname=?, addr=?, terminal=? res=success)'.
    private static bool TryReadBracketed(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout, out int bodyEnd)
    {
        bodyEnd = end;
        int position = start + text[start..end].LastIndexOf(" (hostname="u8);
        int token = position < start ? -1 : text[start..position].LastIndexOf((byte)' ') + 1;
        if (token < 0 || !text[(start + token)..].StartsWith(Grammar.Trailer[0].Key))
        {
            return false;
        }

        Span<Slot> values = stackalloc Slot[Grammar.Trailer.Count];
        position = start + token;
        for (int i = 0; i < values.Length; i++)
        {
            FieldDefinition field = Grammar.Trailer[i];
            position += field.Property == RecordField.HostName ? 1 : 0;
            ReadOnlySpan<byte> rest = text[position..end];
            int length = rest.IndexOf((byte)' ') is >= 0 and var blank ? blank : rest.Length;
            int marks = field.Property is RecordField.HostName or RecordField.Address || i == values.Length - 1 ? 1 : 0;
            if (!rest.StartsWith(field.Key) || length < field.Key.Length + marks || (i == values.Length - 1) != (length == rest.Length))
            {
                return false;
            }

            values[i] = LooseValue(rest[field.Key.Length..(length - marks)], position + field.Key.Length, field.Form);
            position += length + 1;
        }

        for (int i = 0; i < values.Length; i++)
        {
            layout[Grammar.Trailer[i].Property] = values[i];
        }

        bodyEnd = Math.Max(start + token - 1, start);
        return true;
    }

    // An interpreted value has lost its quotes, so it may hold blanks.
    private static int LastField(ReadOnlySpan<byte> body, FieldDefinition field) =>
        body.LastIndexOf(field.Key) is > 0 and var key && body[key - 1] == (byte)' ' ? key : 0;

    private static Slot LooseValue(ReadOnlySpan<byte> value, int start, FieldForm form) => value switch
    {
        [(byte)'?'] or [(byte)'"', (byte)'?', (byte)'"'] => new Slot(start, value.Length, SlotKind.Missing, form),
        [(byte)'"', .., (byte)'"'] => new Slot(start + 1, value.Length - 2, SlotKind.Text, form),
        _ when form == FieldForm.Encoded && HexText.IsHex(value) => new Slot(start, value.Length, SlotKind.Hex, form),
        _ => new Slot(start, value.Length, SlotKind.Text, form),
    };
}
