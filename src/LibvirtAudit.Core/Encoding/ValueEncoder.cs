using System.Buffers;
using System.Text;
using LibvirtAudit.Format;

namespace LibvirtAudit.Encoding;

/// <summary>How single values are written into a record.</summary>
internal static class ValueEncoder
{
    /// <summary>What the name-value rule leaves as it is.</summary>
    private static readonly SearchValues<char> Quotable = SearchValues.Create([.. Enumerable.Range(0x21, 0x7E - 0x21 + 1).Select(code => (char)code).Where(sign => sign != '"')]);

    /// <summary>
    /// Whether the name-value rule writes <paramref name="value"/> in hex: a byte is <c>"</c>, below 0x21 or above 0x7E
    /// (libaudit <c>lib/audit_logging.c</c>, <c>audit_value_needs_encoding</c>).
    /// </summary>
    public static bool NeedsHex(ReadOnlySpan<byte> value) => value.IndexOfAnyExceptInRange((byte)0x21, (byte)0x7E) >= 0 || value.Contains((byte)'"');

    /// <summary>Writes a value in its text form by the name-value rule.</summary>
    public static void WriteEncoded(string value, IBufferWriter<byte> writer)
    {
        if (value.AsSpan().ContainsAnyExcept(Quotable))
        {
            WriteEncoded(ByteText.GetBytes(value), writer);
            return;
        }

        Span<byte> quoted = writer.GetSpan(value.Length + 2);
        quoted[0] = quoted[value.Length + 1] = (byte)'"';
        Ascii.FromUtf16(value, quoted[1..], out _);
        writer.Advance(value.Length + 2);
    }

    /// <summary>Writes a value by the name-value rule: in double quotes, or as bare upper-case hex.</summary>
    public static void WriteEncoded(ReadOnlySpan<byte> value, IBufferWriter<byte> writer)
    {
        if (!NeedsHex(value))
        {
            writer.Write("\""u8);
            writer.Write(value);
            writer.Write("\""u8);
            return;
        }

        Convert.TryToHexString(value, writer.GetSpan(value.Length * 2), out int written);
        writer.Advance(written);
    }

    /// <summary>Writes the absence of a value.</summary>
    public static void WriteMissing(MissingForm form, IBufferWriter<byte> writer) =>
        writer.Write(form is MissingForm.Quoted or MissingForm.QuotedOrBare ? "\"?\""u8 : "?"u8);
}
