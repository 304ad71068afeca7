using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Interop;

internal static partial class Libc
{
    public const int IN_NONBLOCK = O_NONBLOCK;
    public const int IN_CLOEXEC = O_CLOEXEC;
    public const uint IN_MODIFY = 0x2;
    public const uint IN_ATTRIB = 0x4;
    public const uint IN_MOVED_FROM = 0x40;
    public const uint IN_MOVED_TO = 0x80;
    public const uint IN_CREATE = 0x100;
    public const uint IN_DELETE = 0x200;

    [LibraryImport("libc", SetLastError = true)]
    public static partial SafeFileHandle inotify_init1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int inotify_add_watch(SafeFileHandle fd, ReadOnlySpan<byte> path, uint mask);
}
