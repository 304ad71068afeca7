using System.Globalization;
using System.Text;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>Text that people are shown holds nothing that could move a cursor, hide or reorder what stands beside it.</summary>
internal static class Shown
{
    public static void Check(string what, string? text)
    {
        if (text is null || Ascii.IsValid(text) && !text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            return;
        }

        foreach (Rune rune in text.EnumerateRunes())
        {
            // A lone surrogate is enumerated as U+FFFD, which an honest text may hold too; it moves nothing.
            if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse)
            {
                throw new PropertyException(what + " is safe to show", string.Create(CultureInfo.InvariantCulture, $"U+{rune.Value:X4} in '{text}'"));
            }
        }
    }
}
