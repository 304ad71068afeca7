namespace LibvirtAudit.Netlink;

/// <summary>The message types of netlink and of audit that are no records (<c>linux/netlink.h</c>, <c>linux/audit.h</c>). AUDIT_SET is not among them on purpose: the module never sends it.</summary>
internal static class AuditMessageTypes
{
    /// <summary>NLMSG_ERROR: an acknowledgement, or why the request failed.</summary>
    public const ushort Error = 2;

    /// <summary>AUDIT_GET: asks for the state, and the answer to it.</summary>
    public const ushort Get = 1000;
}
