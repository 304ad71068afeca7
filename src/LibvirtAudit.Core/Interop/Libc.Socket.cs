using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

/// <summary>The calls of the C library that .NET has no equal for. Each returns -1 on failure; <see cref="LastError"/> then says why.</summary>
internal static partial class Libc
{
    public const int AF_NETLINK = 16;
    public const int SOCK_RAW = 3;
    public const int SOCK_CLOEXEC = 0x80000;
    public const int NETLINK_AUDIT = 9;
    public const int MSG_DONTWAIT = 0x40;
    public const int MSG_TRUNC = 0x20;
    public const short POLLIN = 1;

    /// <summary>Why the last call of this thread failed.</summary>
    public static Errno LastError => (Errno)Marshal.GetLastPInvokeError();

    [LibraryImport("libc", SetLastError = true)]
    public static partial NetlinkSocketHandle socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint sendto(NetlinkSocketHandle fd, byte* buffer, nuint length, int flags, sockaddr_nl* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint recvfrom(NetlinkSocketHandle fd, byte* buffer, nuint length, int flags, sockaddr_nl* address, uint* addressLength);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial int poll(pollfd* descriptors, nuint count, int timeout);

    [LibraryImport("libc")]
    public static partial int close(nint fd);
}
