using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

/// <summary>The header of every netlink message (<c>linux/netlink.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct nlmsghdr
{
    /// <summary>The length of the message with this header.</summary>
    public uint nlmsg_len;

    /// <summary>What the message is; for audit the number of the request or of the record's type.</summary>
    public ushort nlmsg_type;

    /// <summary><c>NLM_F_*</c></summary>
    public ushort nlmsg_flags;

    /// <summary>The number by which an answer names its request.</summary>
    public uint nlmsg_seq;

    /// <summary>The port of the sender; 0 for the kernel.</summary>
    public uint nlmsg_pid;
}
