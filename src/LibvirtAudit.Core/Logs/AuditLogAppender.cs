using System.Diagnostics;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>
/// Appends records to a file as auditd does. Several processes may append to one file: each takes the file's lock for
/// one line, goes on from the serial of the file's last record, and writes the line in one call at the file's end.
/// </summary>
internal sealed unsafe class AuditLogAppender : IDisposable
{
    private static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LockPause = TimeSpan.FromMilliseconds(1);

    private readonly string _path;
    private readonly byte[] _pathBytes;
    private SafeFileHandle? _file;
    private statx _identity;
    private long _knownEnd = -1;
    private uint _serial;

    /// <summary>Appends to the file at <paramref name="fullPath"/>, which is opened, and made where it is not there, with the first record.</summary>
    public AuditLogAppender(string fullPath)
    {
        _path = fullPath;
        _pathBytes = [.. ByteText.GetBytes(fullPath), 0];
    }

    /// <summary>Writes one line.</summary>
    /// <param name="compose">Makes the line, with its line end, for the serial that it gets.</param>
    /// <param name="cancellation">Ends the wait for another process's lock.</param>
    /// <returns>The serial.</returns>
    /// <exception cref="FaultException">The file can't be opened or written; nothing of the line is in it then, unless the message says so.</exception>
    public uint Append(Func<uint, ReadOnlyMemory<byte>> compose, CancellationToken cancellation)
    {
        SafeFileHandle file = OpenLocked(cancellation, out long end);
        try
        {
            if (end != _knownEnd)
            {
                _serial = LastSerial.Find(file, end);
            }

            // As in the kernel, 0 comes after the last number.
            uint serial = unchecked(_serial + 1);
            ReadOnlyMemory<byte> line = compose(serial);
            bool isCut = end > 0 && end != _knownEnd && !EndsWithLine(file, end);
            line = isCut ? (byte[])[(byte)'\n', .. line.Span] : line;
            Write(file, line.Span, end);
            _serial = serial;

            // Counted, not asked for: what a writer that takes no lock puts behind it makes the file longer, and is looked at.
            _knownEnd = end + line.Length;
            return serial;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new FaultException(AppendFaults.CannotReadEnd(_path, e));
        }
        finally
        {
            _ = Libc.flock(file, Libc.LOCK_UN);
        }
    }

    public void Dispose() => _file?.Dispose();

    private static bool EndsWithLine(SafeFileHandle file, long end)
    {
        Span<byte> last = stackalloc byte[1];
        return RandomAccess.Read(file, last, end - 1) == 1 && last[0] == (byte)'\n';
    }

    /// <summary>The file, locked, and its length; opened anew where a rotation has put another one in its place.</summary>
    private SafeFileHandle OpenLocked(CancellationToken cancellation, out long length)
    {
        while (true)
        {
            if (_file is null)
            {
                _file = SafePath.OpenForAppending(_path);
                _identity = SafePath.Stat(_file, _path);
                _knownEnd = -1;
            }

            Lock(_file, cancellation);
            if (SafePath.TryStat(_pathBytes, _path, out statx now) && now.IsSameFile(_identity))
            {
                length = (long)now.stx_size;
                return _file;
            }

            _file.Dispose();
            _file = null;
        }
    }

    private void Lock(SafeFileHandle file, CancellationToken cancellation)
    {
        long start = 0;
        while (Libc.flock(file, Libc.LOCK_EX | Libc.LOCK_NB) < 0)
        {
            if (Libc.LastError is not (Errno.EAGAIN or Errno.EINTR))
            {
                throw new FaultException(AppendFaults.CannotOpen(_path, Libc.LastError));
            }

            start = start == 0 ? Stopwatch.GetTimestamp() : start;
            if (Stopwatch.GetElapsedTime(start) > LockTimeout)
            {
                throw new FaultException(AppendFaults.Locked(_path, LockTimeout));
            }

            cancellation.ThrowIfCancellationRequested();
            cancellation.WaitHandle.WaitOne(LockPause);
        }
    }

    private void Write(SafeFileHandle file, ReadOnlySpan<byte> text, long end)
    {
        for (int done = 0; done < text.Length;)
        {
            nint written;
            Errno error;
            fixed (byte* bytes = text[done..])
            {
                written = Libc.write(file, bytes, (nuint)(text.Length - done));
                error = Libc.LastError;
            }

            if (written > 0)
            {
                done += (int)written;
            }
            else if (error != Errno.EINTR)
            {
                // Under the lock nobody of ours stands behind it.
                bool isWhole = done == 0 || Truncate(file, end);
                throw new FaultException(isWhole ? AppendFaults.CannotWrite(_path, error) : AppendFaults.WrittenInPart(_path, error));
            }
        }
    }

    private static bool Truncate(SafeFileHandle file, long length)
    {
        int result;
        do
        {
            result = Libc.ftruncate(file, length);
        }
        while (result < 0 && Libc.LastError == Errno.EINTR);

        return result == 0;
    }
}
