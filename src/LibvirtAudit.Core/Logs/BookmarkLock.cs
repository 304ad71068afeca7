using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>
/// What keeps two readings from going on from the same bookmark at once, and giving the same records twice: a lock on a file
/// beside it. The bookmark itself can't carry it, since each time it is written it is another file.
/// </summary>
internal sealed class BookmarkLock : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly Action _remove;

    private BookmarkLock(SafeFileHandle file, Action remove) => (_file, _remove) = (file, remove);

    /// <summary>Takes the lock.</summary>
    /// <param name="path">The bookmark's path, for messages.</param>
    /// <param name="folder">The folder in which it is.</param>
    /// <param name="name">The name of the lock's file, zero-terminated.</param>
    /// <exception cref="FaultException">BookmarkInUse, LogAccessDenied, PathNotFound, LogWriteFailed, UnsafeLink.</exception>
    public static BookmarkLock Take(string path, SafeFileHandle folder, byte[] name)
    {
        while (true)
        {
            SafeFileHandle file = SafePath.OpenOrMake(folder, name, Libc.O_RDWR | Libc.O_NONBLOCK, path);
            try
            {
                Lock(file, path);

                // Its last owner may have removed it before the lock was free.
                if (SafePath.TryStat(folder, name, path, out statx now) && now.IsSameFile(SafePath.Stat(file, path)))
                {
                    return new BookmarkLock(file, Removal(path, name));
                }
            }
            catch
            {
                file.Dispose();
                throw;
            }

            file.Dispose();
        }
    }

    /// <summary>Takes the lock where the system does it by itself.</summary>
    /// <exception cref="FaultException">BookmarkInUse.</exception>
    public static BookmarkLock TakeElsewhere(string path, string lockPath)
    {
        try
        {
            return new BookmarkLock(File.OpenHandle(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose), () => { });
        }
        catch (IOException) when (File.Exists(lockPath))
        {
            throw new FaultException(BookmarkFaults.InUse(path));
        }
    }

    /// <summary>Gives the lock back and removes its file.</summary>
    public void Dispose()
    {
        _remove();
        _file.Dispose();
    }

    private static void Lock(SafeFileHandle file, string path)
    {
        while (Libc.flock(file, Libc.LOCK_EX | Libc.LOCK_NB) < 0)
        {
            Errno error = Libc.LastError;
            if (error != Errno.EINTR)
            {
                throw error == Errno.EAGAIN ? new FaultException(BookmarkFaults.InUse(path)) : new IOException("it could not be locked: " + Marshal.GetPInvokeErrorMessage((int)error));
            }
        }
    }

    // By its path once more: to hold the folder open all the time would keep a file system from being unmounted.
    private static Action Removal(string path, byte[] name) => () =>
    {
        try
        {
            SafePath.Resolve(path, (folder, _) => Libc.unlinkat(folder, name, 0));
        }
        catch (FaultException)
        {
            // The folder is gone, or closed by now. A file without a lock on it is in nobody's way.
        }
    };
}
