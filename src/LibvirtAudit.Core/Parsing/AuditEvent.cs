using System.Globalization;
using LibvirtAudit.Encoding;

namespace LibvirtAudit.Parsing;

/// <summary>A record of another type than libvirt's, of the types that <see cref="TrailTypes"/> lists: its head, and its fields by name.</summary>
internal sealed class AuditEvent
{
    private readonly byte[] _fields;

    internal AuditEvent(int type, long unixMilliseconds, ulong serial, string? node, byte[] fields)
    {
        Type = type;
        UnixMilliseconds = unixMilliseconds;
        Serial = serial;
        Node = node;
        _fields = fields;
    }

    internal int Type { get; }

    internal long UnixMilliseconds { get; }

    internal ulong Serial { get; }

    internal string? Node { get; }

    /// <summary><c>SEC.MMM:SERIAL</c></summary>
    internal string EventId => EventStamp.Write(UnixMilliseconds, Serial);

    /// <summary>What stands behind the event's head.</summary>
    internal ReadOnlySpan<byte> Fields => _fields;

    /// <summary>What a program said in <c>msg='…'</c>, with the event's head; the event itself where it holds no such message.</summary>
    internal AuditEvent Message()
    {
        int start = _fields.AsSpan().IndexOf("msg='"u8);
        return start < 0 ? this : new AuditEvent(Type, UnixMilliseconds, Serial, Node, _fields[(start + "msg='".Length)..]);
    }

    /// <summary>
    /// The value of the first field called <paramref name="name"/>: without its quotes, hex decoded where the kernel or
    /// libaudit encodes the field. Null where there is no such field.
    /// </summary>
    internal string? Text(ReadOnlySpan<byte> name)
    {
        if (!Find(name, out ReadOnlySpan<byte> value, out bool quoted))
        {
            return null;
        }

        if (!quoted && IsEncoded(name) && value.Length is > 0 and var length && length % 2 == 0 && TryDecodeHex(value, out byte[] bytes))
        {
            return ByteText.GetString(bytes);
        }

        return !quoted && (value.SequenceEqual("?"u8) || value.SequenceEqual("(null)"u8)) ? null : ByteText.GetString(value);
    }

    /// <summary>The value of a decimal field, or null.</summary>
    internal long? Number(ReadOnlySpan<byte> name) =>
        Find(name, out ReadOnlySpan<byte> value, out _) && long.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>
    /// Finds a field where fields begin: at the start, and behind a blank outside double quotes. The single quote of
    /// <c>msg='…'</c> is a mere separator, so that the fields inside are found too. One pass.
    /// </summary>
    private bool Find(ReadOnlySpan<byte> name, out ReadOnlySpan<byte> value, out bool quoted)
    {
        ReadOnlySpan<byte> rest = _fields;
        while (true)
        {
            rest = rest.TrimStart(" '\u001D"u8);
            int end = rest.IndexOfAny(" ='\""u8);
            if (end < 0)
            {
                value = default;
                quoted = false;
                return false;
            }

            ReadOnlySpan<byte> key = rest[..end];
            bool isField = rest[end] == (byte)'=';
            quoted = rest[end] == (byte)'"';
            rest = rest[(end + 1)..];
            if (!isField && !quoted)
            {
                continue;
            }

            if (isField && rest.StartsWith("\""u8))
            {
                quoted = true;
                rest = rest[1..];
            }

            int length = quoted ? rest.IndexOf((byte)'"') : rest.IndexOfAny(" '\u001D"u8);
            value = length < 0 ? rest : rest[..length];
            if (isField && key.SequenceEqual(name))
            {
                return true;
            }

            rest = length < 0 ? [] : rest[(quoted ? length + 1 : length)..];
        }
    }

    /// <summary>The fields that <c>audit_log_untrustedstring</c> writes: in quotes, or in bare hex.</summary>
    private static bool IsEncoded(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("comm"u8) || name.SequenceEqual("exe"u8) || name.SequenceEqual("name"u8) || name.SequenceEqual("path"u8)
        || name.SequenceEqual("profile"u8) || name.SequenceEqual("target"u8) || name.SequenceEqual("kmod"u8) || name.SequenceEqual("proctitle"u8);

    private static bool TryDecodeHex(ReadOnlySpan<byte> text, out byte[] bytes)
    {
        bytes = new byte[text.Length / 2];
        return Convert.FromHexString(text, bytes, out _, out _) == System.Buffers.OperationStatus.Done;
    }
}
