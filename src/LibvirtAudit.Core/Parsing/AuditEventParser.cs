using System.Buffers.Text;
using LibvirtAudit.Encoding;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Lines of the record types that <see cref="TrailTypes"/> lists, as auditd, its dispatchers and the kernel log write them:
/// <c>[node=NAME ]type=TYPE msg=audit(SEC.MMM:SERIAL): …</c> and <c>… audit: type=NUMBER audit(SEC.MMM:SERIAL): …</c>.
/// </summary>
internal static class AuditEventParser
{
    /// <summary>More digits than a stamp of the next ten thousand years has are not a stamp.</summary>
    private const long LastSecond = 253_402_300_799;

    /// <summary>Reads <paramref name="line"/>; false where it is of another type or has no whole head. Never throws, one pass.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, out AuditEvent? record)
    {
        record = null;
        int at = line.IndexOf("type="u8);
        if (at < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = line[(at + 5)..];
        int end = rest.IndexOf((byte)' ');
        int type = end < 0 ? 0 : TrailTypes.Parse(rest[..end]);
        if (type == 0)
        {
            return false;
        }

        rest = rest[(end + 1)..];
        if (rest.StartsWith("msg="u8))
        {
            rest = rest[4..];
        }

        if (!rest.StartsWith("audit("u8)
            || !TryParseHead(rest[6..], out long stamp, out ulong serial, out int length))
        {
            return false;
        }

        rest = rest[(6 + length)..];
        record = new AuditEvent(type, stamp, serial, Node(line[..at]), rest.TrimEnd("\r\n"u8).ToArray());
        return true;
    }

    /// <summary><c>SEC.MMM:SERIAL):</c></summary>
    private static bool TryParseHead(ReadOnlySpan<byte> text, out long stamp, out ulong serial, out int length)
    {
        stamp = 0;
        serial = 0;
        length = 0;
        if (!Utf8Parser.TryParse(text, out long seconds, out int used) || seconds is < 0 or > LastSecond
            || text.Length < used + 5 || text[used] != (byte)'.' || text[used + 4] != (byte)':'
            || !Utf8Parser.TryParse(text.Slice(used + 1, 3), out uint milliseconds, out int digits) || digits != 3)
        {
            return false;
        }

        length = used + 5;
        if (!Utf8Parser.TryParse(text[length..], out serial, out int serialDigits) || !text[(length + serialDigits)..].StartsWith("):"u8))
        {
            return false;
        }

        stamp = (seconds * 1000) + milliseconds;
        length += serialDigits + 2;
        return true;
    }

    /// <summary>The name behind <c>node=</c>, where that is what the line begins with.</summary>
    private static string? Node(ReadOnlySpan<byte> before)
    {
        int at = before.IndexOf("node="u8);
        if (at < 0 || (at > 0 && before[at - 1] != (byte)' '))
        {
            return null;
        }

        ReadOnlySpan<byte> name = before[(at + 5)..];
        int end = name.IndexOf((byte)' ');
        name = end < 0 ? name : name[..end];
        return name.IsEmpty ? null : ByteText.GetString(name);
    }
}
