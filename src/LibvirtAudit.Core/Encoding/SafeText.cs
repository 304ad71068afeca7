using System.Buffers;
using System.Text;

namespace LibvirtAudit.Encoding;

/// <summary>What may be written as it is, without being taken for more than one value.</summary>
internal static class SafeText
{
    /// <summary>What almost every value is made of.</summary>
    private static readonly SearchValues<char> Plain = SearchValues.Create("+,-./0123456789:=@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz");

    private static readonly SearchValues<char> QuotesAndControls =
        SearchValues.Create(['"', '\'', .. Enumerable.Range(char.MinValue, char.MaxValue + 1).Select(code => (char)code).Where(char.IsControl)]);

    /// <summary>Whether a value can stand between two quotes, or before one: it holds no quote and no control character.</summary>
    public static bool IsUnquoted(string value) => !value.AsSpan().ContainsAny(QuotesAndControls);

    /// <summary>
    /// Whether a bare value ends where it should: it is not empty and holds no blank, no quote, no control character and
    /// nothing that is no character.
    /// </summary>
    public static bool IsOneWord(string value)
    {
        if (value.Length == 0)
        {
            return false;
        }

        int odd = value.AsSpan().IndexOfAnyExcept(Plain);
        for (int i = odd < 0 ? value.Length : odd; i < value.Length;)
        {
            if (!Rune.TryGetRuneAt(value, i, out Rune rune) || rune.Value is '"' or '\'' || Rune.IsWhiteSpace(rune) || Rune.IsControl(rune))
            {
                return false;
            }

            i += rune.Utf16SequenceLength;
        }

        return true;
    }
}
