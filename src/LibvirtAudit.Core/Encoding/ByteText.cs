using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Unicode;

namespace LibvirtAudit.Encoding;

/// <summary>
/// The lossless text form of a value that is bytes: UTF-8 where the bytes are valid UTF-8, and U+EF80–U+EFFF for each byte
/// 0x80–0xFF that is not. A byte sequence that would itself decode to U+EF80–U+EFFF counts as invalid, so the mapping is
/// one to one in both directions, and the form survives files, CSV, JSON and CLIXML, as lone surrogates would not.
/// </summary>
public static class ByteText
{
    private const char FirstEscape = '\uEF80';
    private const char LastEscape = '\uEFFF';
    private const int EscapeBase = 0xEF00;
    private static readonly UTF8Encoding Strict = new(false, true);

    /// <summary>The text form of <paramref name="bytes"/>.</summary>
    public static string GetString(ReadOnlySpan<byte> bytes)
    {
        if (Ascii.IsValid(bytes))
        {
            return System.Text.Encoding.ASCII.GetString(bytes);
        }

        // U+EF80..U+EFFF are the sequences EE BE 80 .. EE BF BF.
        return Utf8.IsValid(bytes) && bytes.IndexOf((byte)0xEE) < 0 ? Strict.GetString(bytes) : GetStringSlow(bytes);
    }

    /// <summary>The bytes of which <paramref name="text"/> is the text form. A lone surrogate, which no text form holds, becomes U+FFFD.</summary>
    public static byte[] GetBytes(string text)
    {
        if (Ascii.IsValid(text))
        {
            return System.Text.Encoding.ASCII.GetBytes(text);
        }

        var writer = new ArrayBufferWriter<byte>(text.Length + 16);
        Write(text, writer);
        return writer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a number or a UUID as invariant text.</summary>
    internal static void Write<T>(T value, IBufferWriter<byte> destination, ReadOnlySpan<char> format = default)
        where T : IUtf8SpanFormattable
    {
        // The longest of them is a UUID.
        value.TryFormat(destination.GetSpan(64), out int written, format, CultureInfo.InvariantCulture);
        destination.Advance(written);
    }

    /// <summary>Writes the bytes of which <paramref name="text"/> is the text form.</summary>
    public static void Write(ReadOnlySpan<char> text, IBufferWriter<byte> destination)
    {
        Span<byte> ascii = destination.GetSpan(Math.Max(text.Length, 1));
        if (Ascii.FromUtf16(text, ascii, out int written) == OperationStatus.Done)
        {
            destination.Advance(written);
            return;
        }

        while (!text.IsEmpty)
        {
            int escape = text.IndexOfAnyInRange(FirstEscape, LastEscape);
            ReadOnlySpan<char> plain = escape < 0 ? text : text[..escape];
            if (!plain.IsEmpty)
            {
                System.Text.Encoding.UTF8.GetBytes(plain, destination);
            }

            if (escape < 0)
            {
                return;
            }

            destination.GetSpan(1)[0] = (byte)(text[escape] - EscapeBase);
            destination.Advance(1);
            text = text[(escape + 1)..];
        }
    }

    private static string GetStringSlow(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder(bytes.Length);
        Span<char> pair = stackalloc char[2];
        while (!bytes.IsEmpty)
        {
            if (Rune.DecodeFromUtf8(bytes, out Rune rune, out int consumed) == OperationStatus.Done
                && rune.Value is < FirstEscape or > LastEscape)
            {
                text.Append(pair[..rune.EncodeToUtf16(pair)]);
                bytes = bytes[consumed..];
            }
            else
            {
                // One byte at a time: what follows an invalid byte may be a valid sequence of its own. Only bytes
                // from 0x80 on get here, an ASCII byte always decodes.
                text.Append((char)(EscapeBase + bytes[0]));
                bytes = bytes[1..];
            }
        }

        return text.ToString();
    }
}
