using System.Globalization;
using LibvirtAudit.Encoding;
using LibvirtAudit.Netlink;
using LibvirtAudit.Records;

namespace LibvirtAudit.Writing;

/// <summary>
/// Who sends, as the kernel states it before a record's text (<c>kernel/audit.c</c>, <c>audit_log_common_recv_msg</c>):
/// process, real user, login user and session, security label.
/// </summary>
/// <param name="ProcessId">The process.</param>
/// <param name="UserId">The real user.</param>
/// <param name="LoginUserId">Who logged in; 4294967295 where nobody did.</param>
/// <param name="SessionId">The login session; 4294967295 where there is none.</param>
/// <param name="Subject">The security label; null where no security module runs.</param>
internal sealed record SenderIdentity(int ProcessId, uint UserId, uint LoginUserId, uint SessionId, string? Subject)
{
    private const uint Unset = uint.MaxValue;

    /// <summary>The identity of this process.</summary>
    public static SenderIdentity OfThisProcess()
    {
        string status = ProcText.Read("/proc/self/status") ?? "";
        string realUser = ProcText.Field(status, "Uid:")?.Split('\t')[0] ?? "";
        return new SenderIdentity(Environment.ProcessId, Number(realUser), Number(ProcText.Read("/proc/self/loginuid")),
            Number(ProcText.Read("/proc/self/sessionid")), Label(ProcText.Read("/proc/self/attr/current")));
    }

    /// <summary>Fills the properties of a record that the kernel would fill.</summary>
    public void Describe(VirtAuditRecord record) => record.Sender = record.Sender with
    {
        ProcessId = ProcessId,
        UserId = UserId == Unset ? null : UserId,
        LoginUserId = LoginUserId == Unset ? null : LoginUserId,
        SessionId = SessionId == Unset ? null : SessionId,
        Subject = Subject,
    };

    /// <summary>
    /// The label as the kernel writes it into records: AppArmor's file shows the profile's mode behind it
    /// (<c>libvirtd (enforce)</c>), records do not. Null for one with a blank, which could pass for another field.
    /// </summary>
    internal static string? Label(string? attribute)
    {
        if (attribute is null)
        {
            return null;
        }

        int mode = attribute.EndsWith(')') ? attribute.LastIndexOf(" (", StringComparison.Ordinal) : -1;
        string label = mode < 0 ? attribute : attribute[..mode];
        return SafeText.IsOneWord(label) ? label : null;
    }

    private static uint Number(string? text) => uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : Unset;
}
