using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Interop;

internal static partial class Libc
{
    public const int AT_FDCWD = -100;
    public const int AT_SYMLINK_NOFOLLOW = 0x100;
    public const int AT_EMPTY_PATH = 0x1000;
    public const uint STATX_TYPE = 1;
    public const uint STATX_INO = 0x100;
    public const uint STATX_SIZE = 0x200;
    public const uint STATX_BASIC_STATS = 0x7FF;
    public const int O_WRONLY = 1;
    public const int O_RDWR = 2;
    public const int O_CREAT = 0x40;
    public const int O_EXCL = 0x80;
    public const int O_APPEND = 0x400;
    public const int O_NONBLOCK = 0x800;
    public const int O_CLOEXEC = 0x80000;
    public const int O_PATH = 0x200000;
    public const int LOCK_EX = 2;
    public const int LOCK_NB = 4;
    public const int LOCK_UN = 8;

    /// <summary>These two differ between processors: ARM and PowerPC have numbers of their own.</summary>
    public static int O_DIRECTORY { get; } = HasOwnOpenFlags ? 0x4000 : 0x10000;

    public static int O_NOFOLLOW { get; } = HasOwnOpenFlags ? 0x8000 : 0x20000;

    private static bool HasOwnOpenFlags =>
        RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm or Architecture.Armv6 or Architecture.Ppc64le;

    /// <summary><c>openat</c>, tried again where a signal interrupted it: file systems that wait for a server can be.</summary>
    public static SafeFileHandle openat(int folder, ReadOnlySpan<byte> path, int flags, uint mode)
    {
        SafeFileHandle file;
        do
        {
            file = openat_once(folder, path, flags, mode);
        }
        while (file.IsInvalid && LastError == Errno.EINTR);

        return file;
    }

    /// <inheritdoc cref="openat(int, ReadOnlySpan{byte}, int, uint)"/>
    public static SafeFileHandle openat(SafeFileHandle folder, ReadOnlySpan<byte> path, int flags, uint mode)
    {
        SafeFileHandle file;
        do
        {
            file = openat_once(folder, path, flags, mode);
        }
        while (file.IsInvalid && LastError == Errno.EINTR);

        return file;
    }

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial SafeFileHandle openat_once(int folder, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "openat", SetLastError = true)]
    private static partial SafeFileHandle openat_once(SafeFileHandle folder, ReadOnlySpan<byte> path, int flags, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial int statx(SafeFileHandle folder, ReadOnlySpan<byte> path, int flags, uint mask, statx* result);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static unsafe partial int statx_at(int folder, ReadOnlySpan<byte> path, int flags, uint mask, statx* result);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint readlinkat(SafeFileHandle folder, ReadOnlySpan<byte> path, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint readlink(ReadOnlySpan<byte> path, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static unsafe partial nint write(SafeFileHandle fd, byte* buffer, nuint length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int ftruncate(SafeFileHandle fd, long length);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int fchmod(SafeFileHandle fd, uint mode);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int flock(SafeFileHandle fd, int operation);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int renameat(SafeFileHandle oldFolder, ReadOnlySpan<byte> oldPath, SafeFileHandle newFolder, ReadOnlySpan<byte> newPath);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int unlinkat(SafeFileHandle folder, ReadOnlySpan<byte> path, int flags);

    [LibraryImport("libc")]
    public static partial uint geteuid();
}
