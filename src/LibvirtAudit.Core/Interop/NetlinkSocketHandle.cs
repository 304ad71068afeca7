using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

/// <summary>The descriptor of a netlink socket, closed in every ending.</summary>
internal sealed class NetlinkSocketHandle : SafeHandle
{
    public NetlinkSocketHandle()
        : base(invalidHandleValue: -1, ownsHandle: true)
    {
    }

    /// <summary>In C it is an int: what stands in the upper half of the word in which a function gives -1 back is undefined.</summary>
    public override bool IsInvalid => (int)handle < 0;

    protected override bool ReleaseHandle() => Libc.close(handle) == 0;
}
