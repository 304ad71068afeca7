using System.Globalization;
using LibvirtAudit.Encoding;

namespace LibvirtAudit.Audit;

/// <summary>A record of another type than libvirt's: when and where it was, and its fields by name.</summary>
public sealed class AuditEvent
{
    private readonly byte[] _fields;

    internal AuditEvent(int type, byte[] fields)
    {
        Type = type;
        _fields = fields;
    }

    /// <summary>The number of its type (<see cref="RecordTypes"/>).</summary>
    public int Type { get; }

    /// <summary>When it was, in milliseconds since 1970-01-01 UTC; null where the carrier doesn't hold that whole.</summary>
    public long? UnixMilliseconds { get; init; }

    /// <summary>The event's serial; null where the carrier holds none.</summary>
    public ulong? Serial { get; init; }

    /// <summary>The host; null where the line names none.</summary>
    public string? Node { get; init; }

    /// <summary>The file that holds it; null where it is no file's.</summary>
    public string? Source { get; init; }

    /// <summary>Where its line begins in <see cref="Source"/>, in bytes.</summary>
    public long Offset { get; init; }

    /// <summary>The address of its entry in a journal that is read as such; null in other logs, whose offsets say where it is.</summary>
    public string? Cursor { get; internal set; }

    /// <summary><c>SEC.MMM:SERIAL</c>; null where the carrier holds no serial.</summary>
    public string? EventId => UnixMilliseconds is long stamp && Serial is ulong serial ? EventStamp.Write(stamp, serial) : null;

    /// <summary>Whether it is no record, but the carrier's own sign of the host's boot: a mark of the journal's between two boots.</summary>
    internal bool IsMark { get; init; }

    /// <summary>What stands behind the event's head.</summary>
    internal ReadOnlySpan<byte> Fields => _fields;

    /// <summary>What a program said in <c>msg='…'</c>, as fields of an event of its own; the event itself where it holds no such message.</summary>
    internal AuditEvent Message()
    {
        int start = _fields.AsSpan().IndexOf("msg='"u8);
        return start < 0 ? this : new AuditEvent(Type, _fields[(start + "msg='".Length)..]);
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
