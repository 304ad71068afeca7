using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Interop;

/// <summary>The descriptor of a netlink socket, closed in every ending.</summary>
internal sealed class NetlinkSocketHandle : SafeHandleMinusOneIsInvalid
{
    public NetlinkSocketHandle()
        : base(ownsHandle: true)
    {
    }

    protected override bool ReleaseHandle() => Libc.close(handle) == 0;
}
