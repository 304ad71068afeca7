using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>
/// Opens a file to write it without being led astray: the path is walked folder by folder, each held open while the
/// next is looked at, and a link in a folder that everybody may write to is refused.
/// </summary>
internal static unsafe class SafePath
{
    /// <summary>As many links as the kernel itself follows in one path.</summary>
    private const int MostLinks = 40;
    private const int LongestLink = 4096;
    private const uint OwnerOnly = 0x180; // 0600

    /// <summary>Opens the file, and makes it with rights for its owner only where it is not there.</summary>
    /// <param name="fullPath">The absolute path.</param>
    /// <exception cref="FaultException">The path leads over an unsafe link, or the file can't be opened.</exception>
    public static SafeFileHandle OpenForAppending(string fullPath) => Resolve(fullPath, (folder, name) => OpenFile(folder, name, fullPath));

    /// <summary>Walks a path, and does something with its last part, which is no link, in the folder that it is in.</summary>
    /// <param name="fullPath">The absolute path.</param>
    /// <param name="act">What is done with the folder and the zero-terminated name in it.</param>
    /// <exception cref="FaultException">The path leads over an unsafe link, or a folder of it can't be opened.</exception>
    public static T Resolve<T>(string fullPath, Func<SafeFileHandle, byte[], T> act)
    {
        if (fullPath.Contains('\0', StringComparison.Ordinal))
        {
            // The kernel would end the path there, and another file be written.
            throw new FaultException(AppendFaults.CannotOpen(fullPath, Errno.ENOENT));
        }

        var ahead = new Stack<string>(Parts(fullPath).Reverse());
        var folders = new Stack<SafeFileHandle>();
        int links = 0;
        try
        {
            folders.Push(OpenRoot(fullPath));
            while (ahead.TryPop(out string? part))
            {
                SafeFileHandle folder = folders.Peek();
                if (part == "..")
                {
                    // As the kernel does: above the root is the root.
                    if (folders.Count > 1)
                    {
                        folders.Pop().Dispose();
                    }

                    continue;
                }

                byte[] name = [.. ByteText.GetBytes(part), 0];
                if (TryStat(folder, name, fullPath, out statx found) && found.IsLink)
                {
                    RefuseUnsafeLink(folder, fullPath, part);
                    string target = ++links <= MostLinks ? ReadLink(folder, name, fullPath) : throw new FaultException(AppendFaults.CannotOpen(fullPath, Errno.ELOOP));
                    if (target.StartsWith('/'))
                    {
                        CloseAllButRoot(folders);
                    }

                    foreach (string step in Parts(target).Reverse())
                    {
                        ahead.Push(step);
                    }
                }
                else if (ahead.Count > 0)
                {
                    folders.Push(Checked(Libc.openat(folder, name, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0), fullPath));
                }
                else
                {
                    return act(folder, name);
                }
            }

            throw new FaultException(LogFaults.PathIsDirectory(fullPath));
        }
        finally
        {
            while (folders.TryPop(out SafeFileHandle? folder))
            {
                folder.Dispose();
            }
        }
    }

    /// <summary>What an open file is.</summary>
    public static statx Stat(SafeFileHandle file, string path)
    {
        statx found;
        return Libc.statx(file, "\0"u8, Libc.AT_EMPTY_PATH, Libc.STATX_BASIC_STATS, &found) == 0
            ? found
            : throw new FaultException(AppendFaults.CannotOpen(path, Libc.LastError));
    }

    /// <summary>Which file a path leads to now, and its length; false where it leads nowhere.</summary>
    /// <remarks>No times are asked for: a kernel that was asked stamps the next write anew to the nanosecond, which costs that write twice its time.</remarks>
    /// <param name="pathBytes">The path, zero-terminated.</param>
    /// <param name="path">The same path, for messages.</param>
    /// <param name="found">What is there.</param>
    /// <exception cref="FaultException">The system does not tell.</exception>
    public static bool TryStat(ReadOnlySpan<byte> pathBytes, string path, out statx found)
    {
        fixed (statx* result = &found)
        {
            if (Libc.statx_at(Libc.AT_FDCWD, pathBytes, 0, Libc.STATX_TYPE | Libc.STATX_INO | Libc.STATX_SIZE, result) == 0)
            {
                return true;
            }
        }

        return Libc.LastError is Errno.ENOENT or Errno.ENOTDIR ? false : throw new FaultException(AppendFaults.CannotOpen(path, Libc.LastError));
    }

    private static SafeFileHandle OpenFile(SafeFileHandle folder, byte[] name, string fullPath)
    {
        // Without O_NONBLOCK a pipe planted there would hold the caller until somebody reads it.
        const int Flags = Libc.O_RDWR | Libc.O_APPEND | Libc.O_NONBLOCK;
        SafeFileHandle file = OpenOrMake(folder, name, Flags, fullPath);
        try
        {
            statx found = Stat(file, fullPath);
            if (!found.IsRegular)
            {
                throw new FaultException(AppendFaults.NotAFile(fullPath));
            }

            bool isOthers = found.stx_uid != Libc.geteuid();
            return (found.stx_nlink <= 1 && !isOthers) || !Stat(folder, fullPath).IsWorldWritable ? file
                : throw new FaultException(isOthers ? AppendFaults.OtherOwner(fullPath, found.stx_uid) : AppendFaults.UnsafeHardLink(fullPath));
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file, and makes it where it is not there: for its owner only, whatever the process's umask.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">The name in it, zero-terminated.</param>
    /// <param name="flags">How it is opened. No link is followed.</param>
    /// <param name="fullPath">The path, for messages.</param>
    /// <exception cref="FaultException">The file can't be opened or made.</exception>
    public static SafeFileHandle OpenOrMake(SafeFileHandle folder, ReadOnlySpan<byte> name, int flags, string fullPath)
    {
        while (true)
        {
            SafeFileHandle file = Libc.openat(folder, name, flags | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
            if (!file.IsInvalid || Libc.LastError != Errno.ENOENT)
            {
                return Checked(file, fullPath);
            }

            file.Dispose();
            file = Make(folder, name, flags);
            if (!file.IsInvalid || Libc.LastError != Errno.EEXIST)
            {
                return Checked(file, fullPath);
            }

            // Another process has made it in between.
            file.Dispose();
        }
    }

    /// <summary>Makes a file that must not be there, for its owner only, whatever the process's umask; invalid where that failed.</summary>
    public static SafeFileHandle Make(SafeFileHandle folder, ReadOnlySpan<byte> name, int flags)
    {
        SafeFileHandle file = Libc.openat(folder, name, flags | Libc.O_CREAT | Libc.O_EXCL | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, OwnerOnly);
        if (!file.IsInvalid)
        {
            // A file system without rights refuses, and has nothing to guard.
            _ = Libc.fchmod(file, OwnerOnly);
        }

        return file;
    }

    private static SafeFileHandle OpenRoot(string fullPath) =>
        Checked(Libc.openat(Libc.AT_FDCWD, "/\0"u8, Libc.O_PATH | Libc.O_DIRECTORY | Libc.O_CLOEXEC, 0), fullPath);

    /// <summary>The file that a call opened.</summary>
    /// <exception cref="FaultException">It opened none.</exception>
    public static SafeFileHandle Checked(SafeFileHandle handle, string fullPath)
    {
        Errno error = Libc.LastError;
        if (!handle.IsInvalid)
        {
            return handle;
        }

        handle.Dispose();
        throw new FaultException(error == Errno.ENXIO ? AppendFaults.NotAFile(fullPath) : AppendFaults.CannotOpen(fullPath, error));
    }

    /// <summary>What stands under a name in a folder, a link itself; false where nothing does.</summary>
    /// <exception cref="FaultException">The system does not tell.</exception>
    public static bool TryStat(SafeFileHandle folder, ReadOnlySpan<byte> name, string fullPath, out statx found)
    {
        fixed (statx* result = &found)
        {
            if (Libc.statx(folder, name, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, result) == 0)
            {
                return true;
            }
        }

        Errno error = Libc.LastError;
        return error == Errno.ENOENT ? false : throw new FaultException(AppendFaults.CannotOpen(fullPath, error));
    }

    private static void RefuseUnsafeLink(SafeFileHandle folder, string fullPath, string name)
    {
        if (Stat(folder, fullPath).IsWorldWritable)
        {
            throw new FaultException(AppendFaults.UnsafeLink(fullPath, name));
        }
    }

    private static string ReadLink(SafeFileHandle folder, ReadOnlySpan<byte> name, string fullPath)
    {
        byte[] target = new byte[LongestLink];
        fixed (byte* bytes = target)
        {
            nint length = Libc.readlinkat(folder, name, bytes, LongestLink);
            return length >= 0 ? ByteText.GetString(target.AsSpan(0, (int)length)) : throw new FaultException(AppendFaults.CannotOpen(fullPath, Libc.LastError));
        }
    }

    private static void CloseAllButRoot(Stack<SafeFileHandle> folders)
    {
        while (folders.Count > 1)
        {
            folders.Pop().Dispose();
        }
    }

    private static IEnumerable<string> Parts(string path) => path.Split('/').Where(part => part is not ("" or "."));
}
