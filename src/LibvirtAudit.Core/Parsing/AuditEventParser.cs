using System.Diagnostics.CodeAnalysis;

namespace LibvirtAudit.Parsing;

/// <summary>Lines of the record types that <see cref="TrailTypes"/> lists, where an <see cref="EventHead"/> begins them.</summary>
internal static class AuditEventParser
{
    /// <summary>Reads <paramref name="line"/>; false where it is of another type, has no whole head, or only says more of an event of no guest. Never throws, one pass.</summary>
    internal static bool TryParse(ReadOnlySpan<byte> line, [NotNullWhen(true)] out AuditEvent? record)
    {
        record = null;
        int type = EventHead.TryFind(line, out EventHead head) ? TrailTypes.Parse(head.Type) : 0;
        if (type == 0 || !head.TryReadStamp(out long stamp, out ulong serial, out ReadOnlySpan<byte> fields)
            || (TrailTypes.IsCompanion(type) && !TrailTypes.TellsOfGuest(fields)))
        {
            return false;
        }

        record = new AuditEvent(type, stamp, serial, head.NodeName(), fields.TrimEnd("\r\n"u8).ToArray());
        return true;
    }
}
