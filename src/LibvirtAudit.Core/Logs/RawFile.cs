using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>
/// An open file and its bytes as they stand on the disk. On Linux reading takes no lock and minds none: .NET's own way to
/// open a file takes a shared lock, which keeps out whoever wants to append under an exclusive one, and fails beside one.
/// </summary>
internal sealed class RawFile : IDisposable
{
    /// <summary>How long a wait for a pipe may go on before it looks whether it is still wanted, in milliseconds.</summary>
    private const int WaitSlice = 50;

    private const string NothingNow =
        "the kernel has nothing to give at present, and each reader takes it from the others; pipe what 'dmesg' or 'journalctl -k' prints into ConvertFrom-VirtAuditText.";

    private readonly SafeFileHandle _handle;
    private readonly CancellationTokenSource _stop;
    private readonly CancellationToken _stopped;

    private RawFile(string path, SafeFileHandle handle, FileStatus status, CancellationToken cancellation)
    {
        Path = path;
        _handle = handle;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        _stopped = _stop.Token;
        IsRegular = status.Kind == FileKind.Regular;
        Length = IsRegular ? status.Length : 0;
        Identity = status.Identity;
        End = Length > 0 ? Length : long.MaxValue;
    }

    /// <summary>The path as it was given.</summary>
    public string Path { get; }

    /// <summary>Whether the file can be read at any offset; a pipe can only be read on.</summary>
    public bool IsRegular { get; }

    /// <summary>The length when the file was opened, in bytes; 0 where it has none.</summary>
    public long Length { get; }

    /// <summary>
    /// Where the file ended when it was opened; <see cref="long.MaxValue"/> where it states no length and has bytes all the same,
    /// as a pipe or a file of /proc.
    /// </summary>
    public long End { get; private set; }

    /// <summary>Which file it is; null off Linux.</summary>
    public FileIdentity? Identity { get; }

    /// <summary>Reads the beginning of a regular file; one without any ends there.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    public int ReadHead(Span<byte> buffer)
    {
        int count = ReadAt(0, buffer);
        End = count == 0 ? 0 : End;
        return count;
    }

    /// <summary>What the file is like by now.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    public FileStatus GetStatus()
    {
        try
        {
            return FileStatus.Of(_handle);
        }
        catch (IOException e)
        {
            throw new FaultException(LogFaults.ReadFailed(Path, 0, e));
        }
    }

    /// <summary>Opens the file at <paramref name="path"/>.</summary>
    /// <param name="path">The path.</param>
    /// <param name="cancellation">Ends waits for a pipe, and what reads on for long without giving anything.</param>
    /// <exception cref="FaultException">PathNotFound, PathIsDirectory, LogAccessDenied, LogReadFailed.</exception>
    public static RawFile Open(string path, CancellationToken cancellation)
    {
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            throw new FaultException(LogFaults.PathNotFound(path));
        }

        SafeFileHandle handle = OperatingSystem.IsLinux() ? OpenLinux(path) : OpenElsewhere(path);
        try
        {
            FileStatus status = FileStatus.Of(handle);
            return status.Kind == FileKind.Folder
                ? throw new FaultException(LogFaults.PathIsDirectory(path))
                : new RawFile(path, handle, status, cancellation);
        }
        catch (IOException e)
        {
            handle.Dispose();
            throw new FaultException(LogFaults.ReadFailed(path, 0, e));
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Reads what stands at <paramref name="offset"/> of a regular file; fewer bytes than asked for only at the end or
    /// before a fault, 0 at the end. Several threads may read at once.
    /// </summary>
    /// <exception cref="FaultException">LogReadFailed, also where the file has become shorter than it was.</exception>
    public int ReadAt(long offset, Span<byte> buffer)
    {
        int count = ReadPresent(offset, buffer);
        return count > 0 || buffer.IsEmpty || offset >= Length
            ? count
            : throw new FaultException(LogFaults.Shrank(Path, Length, Math.Min(offset, GetStatus().Length)));
    }

    /// <summary>As <see cref="ReadAt"/>, but what a file has lost since it was opened is no failure.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    public int ReadPresent(long offset, Span<byte> buffer)
    {
        int count = 0;
        while (count < buffer.Length)
        {
            int read;
            try
            {
                read = RandomAccess.Read(_handle, buffer[count..], offset + count);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // .NET calls it a file that another process uses.
                Exception cause = OperatingSystem.IsLinux() && e.HResult == (int)Errno.EAGAIN ? new IOException(NothingNow, e) : e;
                return count > 0 ? count : throw new FaultException(LogFaults.ReadFailed(Path, offset, cause));
            }

            if (read == 0)
            {
                break;
            }

            count += read;
        }

        return count;
    }

    /// <summary>Waits until a pipe or device has bytes and reads what there is; 0 at the end.</summary>
    /// <param name="offset">How many bytes were read before, for messages.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    /// <exception cref="OperationCanceledException">The wait was cancelled, or reading was stopped.</exception>
    public int ReadOn(long offset, Span<byte> buffer)
    {
        try
        {
            return OperatingSystem.IsLinux() ? ReadWhenReady(buffer) : RandomAccess.Read(_handle, buffer, offset);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(LogFaults.ReadFailed(Path, offset, e));
        }
    }

    /// <summary>Ends a wait that goes on in another thread.</summary>
    public void StopReading() => _stop.Cancel();

    /// <summary>Ends what would go on reading though nobody waits for it any more.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled or stopped.</exception>
    public void ThrowIfStopped() => _stopped.ThrowIfCancellationRequested();

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle.Dispose();
        _stop.Dispose();
    }

    private static SafeFileHandle OpenLinux(string path)
    {
        // Without O_NONBLOCK a pipe that nobody writes to yet would hold the caller in open itself, beyond any cancellation.
        SafeFileHandle handle = Libc.openat(Libc.AT_FDCWD, FileStatus.Terminated(path), Libc.O_RDONLY | Libc.O_NONBLOCK | Libc.O_CLOEXEC, 0);
        if (!handle.IsInvalid)
        {
            return handle;
        }

        Errno error = Libc.LastError;
        handle.Dispose();
        string message = Marshal.GetPInvokeErrorMessage((int)error);
        throw new FaultException(error switch
        {
            Errno.ENOENT or Errno.ENOTDIR => LogFaults.PathNotFound(path),
            Errno.EACCES or Errno.EPERM => LogFaults.AccessDenied(path, new UnauthorizedAccessException(message)),
            _ => LogFaults.ReadFailed(path, 0, new IOException(message, (int)error)),
        });
    }

    private static SafeFileHandle OpenElsewhere(string path)
    {
        try
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new FaultException(LogFaults.PathNotFound(path));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new FaultException(Directory.Exists(path) ? LogFaults.PathIsDirectory(path) : LogFaults.AccessDenied(path, e));
        }
        catch (IOException e)
        {
            throw new FaultException(LogFaults.ReadFailed(path, 0, e));
        }
    }

    private unsafe int ReadWhenReady(Span<byte> buffer)
    {
        while (true)
        {
            _stopped.ThrowIfCancellationRequested();
            var ready = new pollfd { fd = (int)_handle.DangerousGetHandle(), events = Libc.POLLIN };
            int count = Libc.poll(&ready, 1, WaitSlice);
            Errno error = Libc.LastError;
            if (count < 0 && error != Errno.EINTR)
            {
                // To read without knowing would take a pipe that nobody has opened yet for one that has ended.
                throw new IOException(Marshal.GetPInvokeErrorMessage((int)error), (int)error);
            }

            if (count <= 0)
            {
                continue;
            }

            fixed (byte* start = buffer)
            {
                nint read = Libc.read(_handle, start, (nuint)buffer.Length);
                if (read >= 0)
                {
                    return (int)read;
                }
            }

            error = Libc.LastError;
            if (error is not (Errno.EAGAIN or Errno.EINTR))
            {
                throw new IOException(Marshal.GetPInvokeErrorMessage((int)error), (int)error);
            }
        }
    }
}
