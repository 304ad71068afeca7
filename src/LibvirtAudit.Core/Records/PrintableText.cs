using System.Globalization;
using System.Text;

namespace LibvirtAudit.Records;

/// <summary>
/// Text that is safe to show: whatever could move a cursor, hide or reorder what stands beside it is written as the escape
/// that PowerShell itself reads in a double-quoted string (<c>`n</c>, <c>`e</c>, <c>`u{202e}</c>), so that what is shown
/// can be pasted back as a filter.
/// </summary>
public static class PrintableText
{
    /// <summary><paramref name="text"/> with its control, format, line-separating, private and lone surrogate characters escaped; the same instance where there are none.</summary>
    public static string? Escape(string? text)
    {
        if (text is null)
        {
            return null;
        }

        int first = 0;
        while (first < text.Length && char.IsBetween(text[first], ' ', '~'))
        {
            first++;
        }

        return first == text.Length ? text : EscapeFrom(text, first);
    }

    private static string EscapeFrom(string text, int first)
    {
        var result = new StringBuilder(text, 0, first, text.Length + 16);
        for (int i = first; i < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, i, out Rune rune))
            {
                Append(result, text[i++]);
                continue;
            }

            if (IsSafe(rune))
            {
                result.Append(rune.ToString());
            }
            else
            {
                Append(result, rune.Value);
            }

            i += rune.Utf16SequenceLength;
        }

        return string.Equals(text, result.ToString(), StringComparison.Ordinal) ? text : result.ToString();
    }

    private static bool IsSafe(Rune rune) => !IsInvisible(rune.Value) && Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control
        or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);

    // Letters and marks that have no shape of their own (Unicode's Default_Ignorable_Code_Point outside the categories
    // below, and Braille's empty pattern): a name with them looks like one without.
    private static bool IsInvisible(int value) => value is 0x034F or 0x115F or 0x1160 or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F)
        or 0x2800 or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFFA0 or (>= 0xE0000 and <= 0xE0FFF);

    private static void Append(StringBuilder result, int value)
    {
        _ = value switch
        {
            '\0' => result.Append("`0"),
            '\a' => result.Append("`a"),
            '\b' => result.Append("`b"),
            '\t' => result.Append("`t"),
            '\n' => result.Append("`n"),
            '\v' => result.Append("`v"),
            '\f' => result.Append("`f"),
            '\r' => result.Append("`r"),
            0x1B => result.Append("`e"),
            _ => result.Append(CultureInfo.InvariantCulture, $"`u{{{value:x}}}"),
        };
    }
}
