using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Takes libaudit's trailer off a body from its end, where no value of a guest's can reach: the fields of the trailer in
/// their order, each at most once, with nothing between them. What stands before is the body, whatever it looks like.
/// </summary>
internal static class TrailerReader
{
    /// <summary>Fills the trailer's fields and returns where the body before them ends; <paramref name="isWhole"/> says whether all five were there, in libaudit's form.</summary>
    public static int Read(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout, out bool isWhole)
    {
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

    // An interpreted value has lost its quotes, so it may hold blanks.
    private static int LastField(ReadOnlySpan<byte> body, FieldDefinition field) =>
        body.LastIndexOf(field.Key) is > 0 and var key && body[key - 1] == (byte)' ' ? key : 0;

    private static Slot LooseValue(ReadOnlySpan<byte> value, int start, FieldForm form) => value switch
    {
        [(byte)'?'] => new Slot(start, 1, SlotKind.Missing, form),
        [(byte)'"', .., (byte)'"'] => new Slot(start + 1, value.Length - 2, SlotKind.Text, form),
        _ when form == FieldForm.Encoded && HexText.IsHex(value) => new Slot(start, value.Length, SlotKind.Hex, form),
        _ => new Slot(start, value.Length, SlotKind.Text, form),
    };
}
