using System.Buffers.Text;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Audit;

/// <summary>
/// What the kernel writes into its own log when it loses an audit record:
/// <c>audit: audit_lost=N audit_rate_limit=N audit_backlog_limit=N</c> (<c>audit_log_lost</c> in <c>kernel/audit.c</c>).
/// </summary>
/// <param name="Node">The host; null where the line names none.</param>
/// <param name="Lost">How many were lost since the boot.</param>
public readonly record struct LossNotice(string? Node, uint Lost)
{
    private static ReadOnlySpan<byte> Name => "audit_lost="u8;

    /// <summary>The word that every such line has.</summary>
    internal static SearchWord Word { get; } = new(Name, 5);

    /// <summary>Reads the kernel's text; false where it is no such notice. The counter is unsigned, and the kernel's <c>%d</c> shows it negative beyond 2³¹.</summary>
    internal static bool TryRead(ReadOnlySpan<byte> text, out uint lost)
    {
        lost = 0;
        if (!text.StartsWith(Name))
        {
            return false;
        }

        text = text[Name.Length..];
        if (Utf8Parser.TryParse(text, out int negative, out _) && negative < 0)
        {
            lost = unchecked((uint)negative);
            return true;
        }

        return Utf8Parser.TryParse(text, out lost, out _);
    }
}
