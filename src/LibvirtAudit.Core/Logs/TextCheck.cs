using System.Buffers;
using System.Text;

namespace LibvirtAudit.Logs;

/// <summary>What the first bytes of a log look like.</summary>
/// <param name="Form">What they look like.</param>
/// <param name="MarkLength">How many bytes at the front are UTF-8's byte order mark: 3 or 0.</param>
/// <param name="Found">What was found in place of text, for a message; null where it is text.</param>
/// <param name="Offset">Where that was found.</param>
internal readonly record struct TextCheck(TextForm Form, int MarkLength, string? Found, long Offset)
{
    /// <summary>A control character or broken character in so many bytes is no longer text with an accident in it.</summary>
    private const int OneStrangeByteIn = 10;

    /// <summary>Fewer characters than these say nothing about their width.</summary>
    private const int FewestWideCharacters = 4;

    /// <summary>Judges the first bytes of a log.</summary>
    public static TextCheck Of(ReadOnlySpan<byte> head)
    {
        if (WideText(head) is { } wide)
        {
            return new TextCheck(TextForm.WideCharacters, 0, wide, 0);
        }

        int mark = head.StartsWith("\uFEFF"u8) ? 3 : 0;
        int nul = head.IndexOf((byte)0);
        if (nul >= 0)
        {
            return new TextCheck(TextForm.Binary, mark, "NUL bytes", nul);
        }

        (int strange, int first) = CountStrange(head);
        return strange > head.Length / OneStrangeByteIn
            ? new TextCheck(TextForm.Binary, mark, "binary data", first)
            : new TextCheck(TextForm.Bytes, mark, null, 0);
    }

    private static string? WideText(ReadOnlySpan<byte> head) => head switch
    {
        [0xFF, 0xFE, 0, 0, ..] => "UTF-32 text (little-endian)",
        [0, 0, 0xFE, 0xFF, ..] => "UTF-32 text (big-endian)",
        [0xFF, 0xFE, ..] => "UTF-16 text (little-endian)",
        [0xFE, 0xFF, ..] => "UTF-16 text (big-endian)",
        _ when IsWideAscii(head, 0) => "UTF-16 text (little-endian)",
        _ when IsWideAscii(head, 1) => "UTF-16 text (big-endian)",
        _ => null,
    };

    /// <summary>Whether the first line is of ASCII characters, each with a NUL beside it: records are ASCII but for some names.</summary>
    private static bool IsWideAscii(ReadOnlySpan<byte> head, int character)
    {
        int count = 0;
        for (; (2 * count) + 1 < head.Length; count++)
        {
            byte low = head[(2 * count) + character];
            if (low == '\n')
            {
                break;
            }

            if (head[(2 * count) + 1 - character] != 0 || low is not ((>= 0x20 and < 0x7F) or (byte)'\t' or (byte)'\r' or 0x1D))
            {
                return false;
            }
        }

        return count >= FewestWideCharacters;
    }

    private static (int Count, int First) CountStrange(ReadOnlySpan<byte> head)
    {
        int count = 0;
        int first = -1;
        for (int i = 0; i < head.Length;)
        {
            // What the end of the head cuts in two is no fault of the text's.
            OperationStatus status = Rune.DecodeFromUtf8(head[i..], out Rune rune, out int length);
            if (status == OperationStatus.InvalidData || IsStrange(rune))
            {
                count += length;
                first = first < 0 ? i : first;
            }

            i += length;
        }

        return (count, first);
    }

    /// <summary>ESC and the group separator are control characters that audit logs do hold.</summary>
    private static bool IsStrange(Rune rune) => rune.Value is < 0x20 and not ('\t' or '\n' or '\v' or '\f' or '\r' or 0x1B or 0x1D) or 0x7F;
}
