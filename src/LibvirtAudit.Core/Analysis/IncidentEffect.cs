using System.Globalization;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Analysis;

/// <summary>The words of <see cref="VirtAuditIncident.Effect"/>.</summary>
internal static class IncidentEffect
{
    internal const string Blocked = nameof(Blocked);
    internal const string WouldBlock = nameof(WouldBlock);
    internal const string Audited = nameof(Audited);
    internal const string Unknown = nameof(Unknown);

    /// <summary>The action in the upper half of seccomp's code (<c>linux/seccomp.h</c>).</summary>
    private const uint ActionMask = 0xFFFF0000;
    private const uint KillProcess = 0x80000000;
    private const uint KillThread = 0x00000000;
    private const uint Trap = 0x00030000;
    private const uint Errno = 0x00050000;
    private const uint Log = 0x7FFC0000;

    internal static IReadOnlyList<string> All { get; } = [Blocked, WouldBlock, Audited, Unknown];

    /// <summary>The effect of what the kernel reports as an anomaly or of seccomp; null where it is no decision.</summary>
    internal static string? OfAnomaly(AuditEvent record) => record.Type switch
    {
        TrailTypes.Seccomp => OfSeccomp(record.Text("code"u8)),
        // fs/namei.c: a link that is not followed, a file that is not created.
        TrailTypes.AnomLink or TrailTypes.AnomCreat => record.Number("res"u8) == 0 ? Blocked : Unknown,
        _ => null,
    };

    private static string OfSeccomp(string? code)
    {
        bool isCode = code?.StartsWith("0x", StringComparison.Ordinal) == true;
        return isCode && uint.TryParse(code.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint action)
            ? (action & ActionMask) switch
            {
                KillProcess or KillThread or Trap or Errno => Blocked,
                Log => Audited,
                _ => Unknown,
            }
            : Unknown;
    }
}
