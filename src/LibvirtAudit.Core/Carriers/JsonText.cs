using System.Buffers.Text;
using System.Text;

namespace LibvirtAudit.Carriers;

/// <summary>The strings of JSON (RFC 8259, section 7) as bytes.</summary>
internal static class JsonText
{
    /// <summary>How long <c>\uXXXX</c> is.</summary>
    private const int EscapeLength = 6;

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
            if (text.Length < 2)
            {
                return written;
            }

            int length = 2;
            if (text[1] == (byte)'u' && text.Length < EscapeLength)
            {
                return written;
            }

            if (text[1] == (byte)'u' && TryReadUnit(text, out char unit))
            {
                length = ReadRune(text, unit, out Rune rune);
                written += rune.EncodeToUtf8(destination[written..]);
            }
            else
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

    // The length of the escapes of one character that begin with a unit of UTF-16: one, or two of a surrogate pair.
    private static int ReadRune(ReadOnlySpan<byte> text, char first, out Rune rune)
    {
        if (TryReadUnit(text[EscapeLength..], out char second) && Rune.TryCreate(first, second, out rune))
        {
            return 2 * EscapeLength;
        }

        rune = Rune.TryCreate(first, out Rune single) ? single : Rune.ReplacementChar;
        return EscapeLength;
    }

    private static bool TryReadUnit(ReadOnlySpan<byte> text, out char unit)
    {
        unit = default;
        if (text.Length < EscapeLength || !text.StartsWith("\\u"u8) || !Utf8Parser.TryParse(text[2..6], out ushort value, out int used, 'X')
            || used != 4)
        {
            return false;
        }

        unit = (char)value;
        return true;
    }
}
