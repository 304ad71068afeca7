using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Interop;

internal static partial class Libc
{
    public const int O_RDONLY = 0;

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint read(SafeFileHandle fd, byte* buffer, nuint length);
}
