using System.Buffers;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// What auditd puts behind a message in its enriched format (<c>auditd.conf(5)</c>, <c>log_format</c>): the byte 0x1D, then
/// names for the ids of the line, <c>UID="root" AUID="unset"</c>, each by the name-value rule.
/// </summary>
internal static class EnrichedPart
{
    private const byte Separator = 0x1D;

    private static readonly SearchValues<byte> HexDigits = SearchValues.Create("0123456789ABCDEF"u8);

    /// <summary>
    /// How others show <see cref="Separator"/>: less and vim, whoever replaces what is no text, C's escapes in octal and in hex,
    /// rsyslog. Audisp-syslog writes a blank, and some pastes lose it.
    /// </summary>
    private static readonly byte[][] ShownSeparators =
    [
        "^]"u8.ToArray(), "\uFFFD"u8.ToArray(), "\u241D"u8.ToArray(), "\\035"u8.ToArray(), "#035"u8.ToArray(), "\\x1d"u8.ToArray(),
        "\\x1D"u8.ToArray(), "\\u001d"u8.ToArray(), "\\u001D"u8.ToArray(),
    ];

    /// <summary>
    /// Where the quote stands that ends the message whose body begins at <paramref name="body"/>: the last one with nothing
    /// behind it but the enriched part, whose own values may hold quotes. Negative where none is.
    /// </summary>
    public static int FindClosingQuote(ReadOnlySpan<byte> line, int body)
    {
        ReadOnlySpan<byte> rest = line[body..];
        while (rest.LastIndexOf((byte)'\'') is >= 0 and var quote)
        {
            ReadOnlySpan<byte> behind = line[(body + quote + 1)..].TrimStart((byte)' ');
            if (behind.IsEmpty || behind[0] == Separator || IsPart(behind[SeparatorLength(behind)..]))
            {
                return body + quote;
            }

            rest = rest[..quote];
        }

        return -1;
    }

    /// <summary>
    /// Reads the names from <paramref name="start"/> on, those of the record's own user and login user. Of two for one id the first is
    /// meant: Docker's records have an id of their own in their bodies.
    /// </summary>
    public static void Read(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        bool hasUser = false, hasLoginUser = false;
        int position = start;
        while (position < line.Length)
        {
            ReadOnlySpan<byte> rest = line[position..];
            int separator = rest[0] is Separator or (byte)' ' ? 1 : SeparatorLength(rest);
            if (separator > 0)
            {
                position += separator;
                continue;
            }

            int name = NameLength(rest);
            if (name == 0 || !TryReadValue(rest[(name + 1)..], position + name + 1, out Slot value, out int length))
            {
                return;
            }

            if (!hasUser && rest[..name].SequenceEqual("UID"u8))
            {
                hasUser = true;
                layout.UserName = NameOrNone(line, value);
            }
            else if (!hasLoginUser && rest[..name].SequenceEqual("AUID"u8))
            {
                hasLoginUser = true;
                layout.LoginUserName = NameOrNone(line, value);
            }

            position += name + 1 + length;
        }
    }

    /// <summary>Whether a name says that the id has none.</summary>
    public static bool IsNoName(ReadOnlySpan<byte> value) => value.SequenceEqual("unset"u8) || value.StartsWith("unknown("u8)
        || value.SequenceEqual("?"u8);

    private static Slot NameOrNone(ReadOnlySpan<byte> line, Slot slot) => slot.Kind == SlotKind.Text && IsNoName(slot.Of(line)) ? default
        : slot;

    private static int SeparatorLength(ReadOnlySpan<byte> text)
    {
        foreach (byte[] separator in ShownSeparators)
        {
            if (text.StartsWith(separator))
            {
                return separator.Length;
            }
        }

        return 0;
    }

    private static bool IsPart(ReadOnlySpan<byte> text)
    {
        int name = NameLength(text);
        return name > 0 && (text[(name + 1)..].StartsWith("\""u8) || TryReadValue(text[(name + 1)..], 0, out _, out _));
    }

    // The length of a name in capitals before an equals sign; 0 where there is none.
    private static int NameLength(ReadOnlySpan<byte> text)
    {
        int name = text.IndexOfAnyExceptInRange((byte)'A', (byte)'Z');
        return name > 0 && text[name] == (byte)'=' ? name : 0;
    }

    private static bool TryReadValue(ReadOnlySpan<byte> text, int start, out Slot value, out int length)
    {
        int quote = text.StartsWith("\""u8) ? text[1..].IndexOf((byte)'"') : -1;
        if (quote >= 0)
        {
            value = new Slot(start + 1, quote);
            length = quote + 2;
            return true;
        }

        length = text.IndexOfAnyExcept(HexDigits) is >= 0 and var end ? end : text.Length;
        value = new Slot(start, length, SlotKind.Hex, FieldForm.Encoded);
        return HexText.IsHex(text[..length]) && (length == text.Length || text[length] == (byte)' ');
    }
}
