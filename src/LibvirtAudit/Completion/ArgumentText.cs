using System.Buffers;
using System.Text;
using LibvirtAudit.Records;

namespace LibvirtAudit.Completion;

/// <summary>Writes a text as an argument on a command line, so that PowerShell reads that very text, whatever it holds.</summary>
internal static class ArgumentText
{
    private const char Backtick = '`';

    // PowerShell takes typographic quotes for plain ones.
    private static readonly SearchValues<char> SingleQuotes = SearchValues.Create("'‘’‚‛");
    private static readonly SearchValues<char> MeantInDoubleQuotes = SearchValues.Create("`$\"“”„");
    private static readonly SearchValues<char> MeantInPatterns = SearchValues.Create("`*?[]");

    /// <summary>The argument that is <paramref name="text"/>.</summary>
    public static string Of(string text) =>
        IsBareWord(text) ? text
        : PrintableText.Escape(text) == text ? "'" + Doubled(text) + "'"
        : "\"" + PrintableText.Escape(Escaped(text, MeantInDoubleQuotes)) + "\"";

    /// <summary>The argument that as a wildcard pattern matches <paramref name="text"/> and, but for case, nothing else.</summary>
    public static string PatternOf(string text) => Of(Escaped(text, MeantInPatterns));

    // What begins otherwise may be a number (1kb, 1e5) or a parameter; with two colons or dashes it is neither.
    private static bool IsBareWord(string text) =>
        text.Length > 0
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/')
        && (char.IsAsciiLetter(text[0]) || text[0] == '/' || IsDecimal(text) || (char.IsAsciiDigit(text[0]) && text.Count(c => c is '-' or ':') > 1));

    private static bool IsDecimal(string text) => text.Length < 18 && text[0] != '0' && text.All(char.IsAsciiDigit);

    private static string Doubled(string text)
    {
        var result = new StringBuilder(text.Length + 2);
        foreach (char c in text)
        {
            result.Append(c).Append(c, SingleQuotes.Contains(c) ? 1 : 0);
        }

        return result.ToString();
    }

    private static string Escaped(string text, SearchValues<char> meant)
    {
        if (!text.AsSpan().ContainsAny(meant))
        {
            return text;
        }

        var result = new StringBuilder(text.Length + 8);
        foreach (char c in text)
        {
            result.Append(Backtick, meant.Contains(c) ? 1 : 0).Append(c);
        }

        return result.ToString();
    }
}
