using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

internal static partial class Libc
{
    /// <summary>Returns the error number itself, 0 on success.</summary>
    [LibraryImport("libc")]
    public static unsafe partial int ttyname_r(int fd, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial int gethostname(byte* buffer, nuint length);
}
