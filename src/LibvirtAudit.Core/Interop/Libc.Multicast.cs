using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

internal static partial class Libc
{
    public const int SOL_SOCKET = 1;
    public const int SO_RCVBUF = 8;
    public const int SO_RCVBUFFORCE = 33;

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial int bind(NetlinkSocketHandle fd, sockaddr_nl* address, uint addressLength);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial int setsockopt(NetlinkSocketHandle fd, int level, int option, int* value, uint length);
}
