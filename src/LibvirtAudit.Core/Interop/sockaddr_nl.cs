using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

/// <summary>A netlink address (<c>linux/netlink.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct sockaddr_nl
{
    /// <summary><c>AF_NETLINK</c></summary>
    public ushort nl_family;

    public ushort nl_pad;

    /// <summary>The port; 0 is the kernel.</summary>
    public uint nl_pid;

    /// <summary>The multicast groups, one bit each.</summary>
    public uint nl_groups;
}
