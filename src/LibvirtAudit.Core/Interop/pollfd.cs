using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

/// <summary>What <c>poll</c> waits for (<c>poll.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct pollfd
{
    public int fd;

    /// <summary>What is asked for.</summary>
    public short events;

    /// <summary>What happened.</summary>
    public short revents;
}
