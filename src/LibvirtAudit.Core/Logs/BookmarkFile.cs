using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>
/// The file of a bookmark. It is written beside the old one, for its owner only, forced to the disk and put in its place: at any
/// moment there is a whole one. On Linux no link that anybody could have planted is followed.
/// </summary>
internal sealed class BookmarkFile
{
    private const long LongestText = 1 << 20;
    private readonly string _path;

    /// <summary>Names the file at <paramref name="fullPath"/>.</summary>
    public BookmarkFile(string fullPath) => _path = fullPath;

    /// <summary>Reads the file; null where there is none.</summary>
    /// <exception cref="FaultException">BookmarkDamaged, BookmarkForeign, BookmarkAccessDenied, UnsafeLink, PathNotFound, LogReadFailed.</exception>
    public Dictionary<string, LogPlace>? Load() => Guarded(BookmarkFaults.ReadFailed, () =>
    {
        using SafeFileHandle? file = OperatingSystem.IsLinux()
            ? SafePath.Resolve(_path, OpenLinux)
            : File.Exists(_path) ? File.OpenHandle(_path) : null;
        if (file is null)
        {
            return null;
        }

        long length = RandomAccess.GetLength(file);
        byte[] text = length <= LongestText ? new byte[length] : throw new FaultException(BookmarkFaults.Damaged(_path, "it is too long"));
        int read = WholeRead.At(file, text, 0);
        return Bookmark.Read(_path, text.AsMemory(0, read));
    });

    /// <summary>Keeps others from reading with the bookmark until the lock is disposed of, or the process ends.</summary>
    /// <exception cref="FaultException">BookmarkInUse, BookmarkAccessDenied, UnsafeLink, PathNotFound, LogWriteFailed.</exception>
    public BookmarkLock Lock() => Guarded(BookmarkFaults.WriteFailed, () =>
        OperatingSystem.IsLinux() ? SafePath.Resolve(_path, (folder, name) => BookmarkLock.Take(_path, folder, Beside(name, ".lock\0"u8))) : BookmarkLock.TakeElsewhere(_path, Beside(".lock")));

    /// <summary>Makes sure that the file can be written, before anything is read.</summary>
    /// <exception cref="FaultException">BookmarkAccessDenied, UnsafeLink, PathNotFound, LogWriteFailed.</exception>
    public void CheckWritable() => Guarded(BookmarkFaults.WriteFailed, () => OperatingSystem.IsLinux() && SafePath.Resolve(_path, (folder, name) =>
    {
        byte[] temporary = Beside(name, Temporary);
        Create(folder, temporary).Dispose();
        return Libc.unlinkat(folder, temporary, 0) == 0;
    }));

    /// <summary>Puts a text in the place of what the file holds.</summary>
    /// <exception cref="FaultException">BookmarkAccessDenied, UnsafeLink, PathNotFound, LogWriteFailed.</exception>
    public void Save(byte[] text) => Guarded(BookmarkFaults.WriteFailed, () =>
        OperatingSystem.IsLinux() ? SafePath.Resolve(_path, (folder, name) => WriteLinux(folder, name, text)) : WriteElsewhere(text));

    private static ReadOnlySpan<byte> Temporary => ".tmp\0"u8;

    // A hidden name in the same folder; both ends with a zero byte.
    private static byte[] Beside(byte[] name, ReadOnlySpan<byte> ending) => [(byte)'.', .. name.AsSpan(0, name.Length - 1), .. ending];

    private string Beside(string ending) => Path.Combine(Path.GetDirectoryName(_path) ?? "", "." + Path.GetFileName(_path) + ending);

    private SafeFileHandle? OpenLinux(SafeFileHandle folder, byte[] name)
    {
        SafeFileHandle file = Libc.openat(folder, name, Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_NOFOLLOW | Libc.O_CLOEXEC, 0);
        if (file.IsInvalid && Libc.LastError == Errno.ENOENT)
        {
            file.Dispose();
            return null;
        }

        SafePath.Checked(file, _path);
        try
        {
            statx found = SafePath.Stat(file, _path);
            uint user = Libc.geteuid();
            return !found.IsRegular
                ? throw new FaultException(BookmarkFaults.Damaged(_path, "it is no regular file"))
                : found.stx_uid != user && SafePath.Stat(folder, _path).IsWorldWritable
                    ? throw new FaultException(BookmarkFaults.OtherOwner(_path, found.stx_uid))
                    : file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private SafeFileHandle Create(SafeFileHandle folder, byte[] temporary)
    {
        // One that a killed process left.
        _ = Libc.unlinkat(folder, temporary, 0);
        return SafePath.Checked(SafePath.Make(folder, temporary, Libc.O_WRONLY), _path);
    }

    private bool WriteLinux(SafeFileHandle folder, byte[] name, byte[] text)
    {
        byte[] temporary = Beside(name, Temporary);
        bool isInPlace = false;
        try
        {
            using (SafeFileHandle file = Create(folder, temporary))
            {
                RandomAccess.Write(file, text, 0);
                RandomAccess.FlushToDisk(file);
            }

            isInPlace = Libc.renameat(folder, temporary, folder, name) == 0;
            return isInPlace ? true : throw new IOException(Marshal.GetPInvokeErrorMessage((int)Libc.LastError));
        }
        finally
        {
            if (!isInPlace)
            {
                // On a disk that is full it would be in the way.
                _ = Libc.unlinkat(folder, temporary, 0);
            }
        }
    }

    private bool WriteElsewhere(byte[] text)
    {
        string temporary = Beside(".tmp");
        using (SafeFileHandle file = File.OpenHandle(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            RandomAccess.Write(file, text, 0);
            RandomAccess.FlushToDisk(file);
        }

        File.Move(temporary, _path, overwrite: true);
        return true;
    }

    private T Guarded<T>(Func<string, Exception, Fault> failed, Func<T> act)
    {
        try
        {
            return act();
        }
        catch (FaultException e) when (e.Fault.Id == FaultId.LogAccessDenied)
        {
            throw new FaultException(BookmarkFaults.AccessDenied(_path, e));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new FaultException(BookmarkFaults.AccessDenied(_path, e));
        }
        catch (IOException e)
        {
            throw new FaultException(failed(_path, e));
        }
    }
}
