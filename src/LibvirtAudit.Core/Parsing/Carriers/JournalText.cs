using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// The short form of <c>journalctl</c> and what syslog writes to files: <c>May 12 12:48:00 host audit[385946]: VIRT_RESOURCE
/// pid=… msg='…'</c>, libvirt's own messages, the kernel's, and those of auditd's dispatchers.
/// </summary>
internal static class JournalText
{
    /// <summary>Reads a line from <paramref name="start"/>; false where it is no record of a writer that is known to write them.</summary>
    public static bool TryRead(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        if (!SyslogPrefix.TryRead(line, start, out SyslogPrefix prefix))
        {
            return false;
        }

        ReadOnlySpan<byte> identifier = prefix.Identifier;
        bool isRecord = identifier switch
        {
            _ when identifier.SequenceEqual("audit"u8) => TryReadAudit(line, prefix.Message, layout) || AuditLine.TryRead(line, prefix.Message, layout),
            _ when identifier.SequenceEqual("kernel"u8) => KernelLog.TryRead(line, prefix.Message, layout),
            _ when identifier.StartsWith("audisp"u8) || identifier.SequenceEqual("auditd"u8) => AuditLine.TryRead(line, prefix.Message, layout),
            _ when LibvirtLog.IsDaemon(identifier) => LibvirtLog.TryReadMessage(line, prefix.Message, layout),
            _ => false,
        };
        if (!isRecord)
        {
            return false;
        }

        if (layout.Node.Kind == SlotKind.Absent)
        {
            layout.Node = prefix.Host;
        }

        // The kernel's and the audit daemon's own ids say nothing of who wrote the record.
        if (LibvirtLog.IsDaemon(identifier))
        {
            layout.ProcessId ??= prefix.ProcessId;
        }

        return true;
    }

    /// <summary>Reads a message of the journal's audit transport, <c>VIRT_RESOURCE pid=… msg='…'</c>.</summary>
    public static bool TryReadAudit(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        ReadOnlySpan<byte> rest = line[start..];
        int blank = rest.IndexOf((byte)' ');
        layout.Type = RecordTypes.Parse(blank < 0 ? rest : rest[..blank]);
        if (layout.Type == 0)
        {
            return false;
        }

        AuditLine.ReadPayload(line, blank < 0 ? line.Length : start + blank + 1, layout);
        return true;
    }
}
