using System.Diagnostics.CodeAnalysis;
using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Lines of the record types that <see cref="TrailTypes"/> lists, as auditd, its dispatchers and the kernel log write them:
/// <c>[node=NAME ]type=TYPE msg=audit(SEC.MMM:SERIAL): …</c> and <c>[ 3029.9] audit: type=NUMBER audit(SEC.MMM:SERIAL): …</c>,
/// what syslog puts before them too. As everywhere, only the writer's own words may stand before a record.
/// </summary>
internal static class AuditEventParser
{
    /// <summary>Reads <paramref name="line"/>; false where it is of another type or has no whole head. Never throws, one pass.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AuditEvent? record)
    {
        ReadOnlySpan<byte> text = line.TrimStart(" \t"u8);
        if (text.StartsWith("type="u8) || text.StartsWith("node="u8))
        {
            return TryParseAudit(text, null, out record);
        }

        if (text.StartsWith("["u8) || text.StartsWith("audit: "u8))
        {
            return TryParseKernel(text, null, out record);
        }

        record = null;
        if (!SyslogPrefix.TryRead(line, 0, out SyslogPrefix prefix))
        {
            return false;
        }

        text = line[prefix.Message..];
        string? host = prefix.Host.Kind == SlotKind.Absent ? null : ByteText.GetString(prefix.Host.Of(line));
        return prefix.Identifier.SequenceEqual("kernel"u8)
            ? TryParseKernel(text, host, out record)
            : (prefix.Identifier.StartsWith("audit"u8) || prefix.Identifier.StartsWith("audisp"u8)) && TryParseAudit(text, host, out record);
    }

    // The brackets hold dmesg's time; kernels before 4 have no 'audit: '.
    private static bool TryParseKernel(ReadOnlySpan<byte> text, string? host, [NotNullWhen(true)] out AuditEvent? record)
    {
        int close = text.StartsWith("["u8) ? text.IndexOf("] "u8) : -2;
        text = text[(close + 2)..];
        record = null;
        return close != -1 && TryParseAudit(text.StartsWith("audit: "u8) ? text["audit: ".Length..] : text, host, out record);
    }

    private static bool TryParseAudit(ReadOnlySpan<byte> text, string? host, [NotNullWhen(true)] out AuditEvent? record)
    {
        record = null;
        ReadOnlySpan<byte> node = default;
        if (text.StartsWith("node="u8))
        {
            int blank = text.IndexOf((byte)' ');
            node = blank < 0 ? default : text["node=".Length..blank];
            text = text[(blank + 1)..];
        }

        int end = text.StartsWith("type="u8) ? text.IndexOf((byte)' ') : -1;
        int type = end < 0 ? 0 : TrailTypes.Parse(text["type=".Length..end]);
        if (type == 0)
        {
            return false;
        }

        text = text[(end + 1)..];
        text = text.StartsWith("msg="u8) ? text["msg=".Length..] : text;
        int stampEnd = text.StartsWith("audit("u8) ? text.IndexOf("):"u8) : -1;
        if (stampEnd < 0 || !EventStamp.TryRead(text["audit(".Length..stampEnd], out long stamp, out ulong serial))
        {
            return false;
        }

        record = new AuditEvent(type, stamp, serial, node.IsEmpty ? host : ByteText.GetString(node), text[(stampEnd + 2)..].TrimEnd("\r\n"u8).ToArray());
        return true;
    }
}
