namespace LibvirtAudit.Parsing.Carriers;

/// <summary>The kernel log where no auditd runs: <c>[ 3029.9] audit: type=2500 audit(SEC.MMM:SERIAL): pid=… msg='…'</c>.</summary>
internal static class KernelLog
{
    /// <summary>Reads a line from <paramref name="start"/>, with the bracketed time (of <c>dmesg</c> or <c>dmesg -T</c>) or without; false where it is no record.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        int position = start;
        if (line[position..].StartsWith("["u8))
        {
            int close = line[position..].IndexOf("] "u8);
            if (close < 0)
            {
                return false;
            }

            position += close + 2;
        }

        return line[position..].StartsWith("audit: type="u8) && AuditLine.TryRead(line, position + "audit: ".Length, layout);
    }
}
