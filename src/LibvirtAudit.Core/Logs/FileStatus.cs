using System.Runtime.InteropServices;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>What kind of file it is, how long, and which one.</summary>
/// <param name="Kind">What kind of file it is.</param>
/// <param name="Length">Its length in bytes; 0 where it has none, as a pipe or a file of /proc.</param>
/// <param name="Identity">Which file it is; null off Linux.</param>
/// <param name="Written">When it was last written to, in nanoseconds since 1970; renaming leaves it, and compression programs keep it.</param>
internal readonly record struct FileStatus(FileKind Kind, long Length, FileIdentity? Identity, long Written)
{
    private const long NanosecondsPerTick = 100;

    /// <summary>The state of the file at <paramref name="path"/>, links followed; null where there is none.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    /// <exception cref="UnauthorizedAccessException">It does not tell this user.</exception>
    public static FileStatus? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            return OfLinux(path);
        }

        var file = new FileInfo(path);
        return file.Exists ? new FileStatus(FileKind.Regular, file.Length, null, Nanoseconds(file.LastWriteTimeUtc))
            : Directory.Exists(path) ? new FileStatus(FileKind.Folder, 0, null, 0)
            : null;
    }

    /// <summary>The state of an open file.</summary>
    /// <exception cref="IOException">The system does not tell.</exception>
    public static FileStatus Of(SafeFileHandle handle)
    {
        if (OperatingSystem.IsLinux())
        {
            return OfLinux(handle);
        }

        try
        {
            return new FileStatus(FileKind.Regular, RandomAccess.GetLength(handle), null, Nanoseconds(File.GetLastWriteTimeUtc(handle)));
        }
        catch (NotSupportedException)
        {
            return new FileStatus(FileKind.Stream, 0, null, 0);
        }
    }

    private static unsafe FileStatus? OfLinux(string path)
    {
        statx status;
        if (Libc.statx_at(Libc.AT_FDCWD, Terminated(path), 0, Libc.STATX_BASIC_STATS, &status) == 0)
        {
            return From(status);
        }

        Errno error = Libc.LastError;
        string message = Marshal.GetPInvokeErrorMessage((int)error);
        return error switch
        {
            // A link that leads nowhere, or to itself, is no file either.
            Errno.ENOENT or Errno.ENOTDIR or Errno.ELOOP => null,
            Errno.EACCES or Errno.EPERM => throw new UnauthorizedAccessException(message),
            _ => throw new IOException(message, (int)error),
        };
    }

    private static unsafe FileStatus OfLinux(SafeFileHandle handle)
    {
        statx status;
        return Libc.statx(handle, "\0"u8, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &status) == 0
            ? From(status)
            : throw new IOException(Marshal.GetPInvokeErrorMessage((int)Libc.LastError), (int)Libc.LastError);
    }

    /// <summary>The path as the C library takes it.</summary>
    public static byte[] Terminated(string path) => System.Text.Encoding.UTF8.GetBytes(path + '\0');

    private static FileStatus From(in statx status) => new(
        status.IsRegular ? FileKind.Regular : status.IsFolder ? FileKind.Folder : FileKind.Stream,
        (long)status.stx_size,
        FileIdentity.Of(status),
        (status.stx_mtime.tv_sec * 1_000_000_000) + status.stx_mtime.tv_nsec);

    private static long Nanoseconds(DateTime time) => (time - DateTime.UnixEpoch).Ticks * NanosecondsPerTick;
}
