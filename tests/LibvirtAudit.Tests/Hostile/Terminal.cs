using System.Globalization;
using System.Management.Automation;
using System.Text;
using System.Text.RegularExpressions;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>What a terminal may be sent.</summary>
internal static partial class Terminal
{
    /// <summary>What is wrong with <paramref name="text"/>, which was written to a terminal; null where nothing is.</summary>
    public static string? Danger(string? text)
    {
        if (text is null)
        {
            return null;
        }

        string plain = Colours().Replace(text, "");
        foreach (Rune rune in plain.EnumerateRunes())
        {
            bool isHarmless = rune.Value is '\n' or '\r' || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
            if (!isHarmless)
            {
                int at = plain.IndexOf(rune.ToString(), StringComparison.Ordinal);
                return $"U+{rune.Value:X4} in …{plain[Math.Max(0, at - 60)..at]}";
            }
        }

        // The text of HostileText that would be a line of its own.
        return plain.Contains("\ntype=VIRT_CONTROL msg=audit(9.999:9)", StringComparison.Ordinal) ? "a line of its own" : null;
    }

    /// <summary>All that PowerShell may show of an error, beside its views.</summary>
    public static IEnumerable<string?> TextsOf(ErrorRecord error)
    {
        yield return error.ToString();
        yield return error.ErrorDetails?.Message;
        yield return error.ErrorDetails?.RecommendedAction;
        yield return error.CategoryInfo.ToString();
        yield return error.TargetObject?.ToString();
        yield return error.FullyQualifiedErrorId;
        for (Exception? exception = error.Exception; exception is not null; exception = exception.InnerException)
        {
            yield return exception.Message;
        }
    }

    // PowerShell's own: no number of three digits, which the hostile colour has.
    [GeneratedRegex(@"\u001b\[(\d{1,2}(;\d{1,2})*)?m")]
    private static partial Regex Colours();
}
