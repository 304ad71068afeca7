using System.Globalization;

namespace LibvirtAudit.Netlink;

/// <summary>What this process may do with the host's audit (<c>linux/capability.h</c>).</summary>
/// <param name="CanWrite">CAP_AUDIT_WRITE: send records.</param>
/// <param name="CanControl">CAP_AUDIT_CONTROL: ask for the state.</param>
/// <param name="CanRead">CAP_AUDIT_READ: receive records live.</param>
internal sealed record ProcessCapabilities(bool CanWrite, bool CanControl, bool CanRead)
{
    private const int AuditWrite = 29;
    private const int AuditControl = 30;
    private const int AuditRead = 37;

    /// <summary>Reads the effective set (<c>CapEff:</c>) from the text of <c>/proc/self/status</c>; null where there is none.</summary>
    public static ProcessCapabilities? Parse(string processStatus)
    {
        if (ProcText.Field(processStatus, "CapEff:") is not string digits
            || !ulong.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong set))
        {
            return null;
        }

        return new ProcessCapabilities(Has(set, AuditWrite), Has(set, AuditControl), Has(set, AuditRead));
    }

    private static bool Has(ulong set, int capability) => (set >> capability & 1) != 0;
}
