using System.Buffers.Text;
using System.Text;

namespace LibvirtAudit.Carriers;

/// <summary>The strings of JSON (RFC 8259, section 7) as bytes.</summary>
internal static class JsonText
{
    /// <summary>
    /// Undoes the escapes of <paramref name="text"/>, what stands between two quotes, or behind the first where the text was cut:
    /// half an escape at the end is dropped. Half a surrogate pair becomes U+FFFD, since it has no bytes; bytes that are no
    /// UTF-8 stay as they are. Returns how many bytes were written; <paramref name="destination"/> is as long as the text.
    /// </summary>
    public static int Unescape(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int written = 0;
        while (text.IndexOf((byte)'\\') is >= 0 and var escape)
        {
            text[..escape].CopyTo(destination[written..]);
            written += escape;
            text = text[escape..];
            int length = text.Length < 2 ? 0 : text[1] == (byte)'u' ? ReadRune(text, out Rune rune) is > 0 and var used ? Write(rune, destination, ref written, used) : 0 : 2;
            if (length == 0)
            {
                return written;
            }

            if (text[1] != (byte)'u')
            {
                destination[written++] = text[1] switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    byte other => other,
                };
            }

            text = text[length..];
        }

        text.CopyTo(destination[written..]);
        return written + text.Length;
    }

    private static int Write(Rune rune, Span<byte> destination, ref int written, int used)
    {
        written += rune.EncodeToUtf8(destination[written..]);
        return used;
    }

    // The length of the escapes of one character, \uXXXX or two of them; 0 where they are not whole.
    private static int ReadRune(ReadOnlySpan<byte> text, out Rune rune)
    {
        rune = Rune.ReplacementChar;
        if (!TryReadUnit(text, out char first))
        {
            // Not four digits: what follows stands for itself, unless it was cut here.
            return text.Length < 6 ? 0 : 2;
        }

        if (!char.IsSurrogate(first))
        {
            rune = new Rune(first);
            return 6;
        }

        return TryReadUnit(text[6..], out char second) && Rune.TryCreate(first, second, out rune) ? 12 : WithReplacement(out rune);
    }

    private static int WithReplacement(out Rune rune)
    {
        rune = Rune.ReplacementChar;
        return 6;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < 6 || !text.StartsWith("\\u"u8) || !Utf8Parser.TryParse(text[2..6], out ushort value, out int used, 'X') || used != 4)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
