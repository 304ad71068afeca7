using System.Buffers.Text;
using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>
/// What the kernel writes into its own log when it loses an audit record:
/// <c>audit: audit_lost=N audit_rate_limit=N audit_backlog_limit=N</c> (<c>audit_log_lost</c> in <c>kernel/audit.c</c>). N counts from the boot.
/// </summary>
internal static class LossNotice
{
    /// <summary>The word that every such line has.</summary>
    internal static SearchWord Word { get; } = new("audit_lost="u8, 5);

    /// <summary>Reads a line of the kernel's log; false where it is no such notice.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> line, out string? node, out uint lost)
    {
        ReadOnlySpan<byte> text = line.TrimStart(" \t"u8);
        node = null;
        lost = 0;
        if (!text.StartsWith("["u8) && !text.StartsWith("audit: "u8))
        {
            if (!SyslogPrefix.TryRead(line, 0, out SyslogPrefix prefix) || !prefix.Identifier.SequenceEqual("kernel"u8))
            {
                return false;
            }

            text = line[prefix.Message..];
            node = prefix.Host.Kind == SlotKind.Absent ? null : ByteText.GetString(prefix.Host.Of(line));
        }

        text = EventHead.KernelText(text);
        return text.StartsWith("audit_lost="u8) && Utf8Parser.TryParse(text["audit_lost=".Length..], out lost, out _);
    }
}
