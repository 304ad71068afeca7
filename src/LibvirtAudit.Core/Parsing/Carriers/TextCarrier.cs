namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// Finds a record in a line of any carrier that is plain text. Only the writer's own words may stand before a record:
/// the text of another message, which an attacker may have written, is never searched for one.
/// </summary>
internal static class TextCarrier
{
    /// <summary>Reads the record from <paramref name="start"/>; false where the line holds none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        ReadOnlySpan<byte> rest = line[start..];
        if (rest.IsEmpty)
        {
            return false;
        }

        return rest[0] switch
        {
            (byte)'t' or (byte)'n' when AuditLine.TryRead(line, start, layout) => true,
            (byte)'a' when rest.StartsWith("audit("u8) => TryReadUntyped(line, start, isStamped: true, layout),
            (byte)'p' when rest.StartsWith("pid="u8) => TryReadUntyped(line, start, isStamped: false, layout),
            (byte)'[' => KernelLog.TryRead(line, start, layout),
            (byte)'V' or (byte)'U' when JournalText.TryReadAudit(line, start, layout) => true,
            >= (byte)'0' and <= (byte)'9' when LibvirtLog.TryRead(line, start, layout) => true,
            (byte)'s' or (byte)'F' when LibvirtLog.TryReadMessage(line, start, layout) => true,
            _ => JournalText.TryRead(line, start, layout),
        };
    }

    // The kernel's text as the multicast group gives it: its type is the message's, not the text's, and where that is
    // lost only a body of libvirt's tells which it was.
    private static bool TryReadUntyped(ReadOnlySpan<byte> line, int start, bool isStamped, RecordLayout layout)
    {
        if (isStamped)
        {
            AuditLine.ReadStamped(line, start, layout);
        }
        else
        {
            AuditLine.ReadPayload(line, start, layout);
        }

        return layout.Shape is not null
            || (layout[Format.RecordField.VMName].HasValue && (layout[Format.RecordField.Uuid].HasValue || layout[Format.RecordField.Driver].HasValue));
    }
}
