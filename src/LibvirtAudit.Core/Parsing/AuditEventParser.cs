using System.Diagnostics.CodeAnalysis;
using LibvirtAudit.Encoding;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Lines of the record types that <see cref="TrailTypes"/> lists, as auditd, its dispatchers and the kernel log write them:
/// <c>[node=NAME ]type=TYPE msg=audit(SEC.MMM:SERIAL): …</c> and <c>… audit: type=NUMBER audit(SEC.MMM:SERIAL): …</c>.
/// </summary>
internal static class AuditEventParser
{
    /// <summary>Reads <paramref name="line"/>; false where it is of another type or has no whole head. Never throws, one pass.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AuditEvent? record)
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

        int stampEnd = rest.StartsWith("audit("u8) ? rest.IndexOf("):"u8) : -1;
        if (stampEnd < 0 || !EventStamp.TryRead(rest[6..stampEnd], out long stamp, out ulong serial))
        {
            return false;
        }

        record = new AuditEvent(type, stamp, serial, Node(line[..at]), rest[(stampEnd + 2)..].TrimEnd("\r\n"u8).ToArray());
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
