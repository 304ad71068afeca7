using System.Diagnostics;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>
/// Appends records to a file as auditd does. Several processes may append to one file: each takes the file's lock for
/// the lines that it has, goes on from the serial of the file's last record, or where a rotation has left it empty from that of the
/// log before it, and writes the lines in one call at the file's end.
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

    /// <summary>Writes lines: all of them, one behind the other, or none.</summary>
    /// <param name="count">How many lines; each has the serial behind that of the one before.</param>
    /// <param name="compose">Makes the lines, each with its line end, for the serial that the first gets.</param>
    /// <param name="cancellation">Ends the wait for another process's lock.</param>
    /// <returns>The serial of the first.</returns>
    /// <exception cref="FaultException">The file can't be opened or written; nothing of the lines is in it then, unless the message says so.</exception>
    public uint Append(int count, Func<uint, ReadOnlyMemory<byte>> compose, CancellationToken cancellation)
    {
        SafeFileHandle file = OpenLocked(cancellation, out long end);
        try
        {
            if (end != _knownEnd)
            {
                _serial = LastSerial.Find(file, end) is uint last and > 0 ? last
                    : LastSerial.FindRotated(_path, cancellation) is uint rotated and > 0 ? rotated
                    : _serial;
            }

            // As in the kernel, 0 comes after the last number.
            uint first = unchecked(_serial + 1);
            ReadOnlyMemory<byte> lines = compose(first);
            bool isCut = end > 0 && end != _knownEnd && !EndsWithLine(file, end);
            lines = isCut ? (byte[])[(byte)'\n', .. lines.Span] : lines;
            int written = Write(file, lines.Span, out Errno error);
            if (written < lines.Length)
            {
                // Under the lock nobody of ours stands behind it.
                bool isNothingLeft = written == 0 || Truncate(file, end);
                int whole = lines.Span[..written].Count((byte)'\n') - (isCut ? 1 : 0);
                throw new FaultException(isNothingLeft ? AppendFaults.CannotWrite(_path, count, error) : AppendFaults.WrittenInPart(_path, first, count, whole, error));
            }

            _serial = unchecked(_serial + (uint)count);

            // Counted, not asked for: what a writer that takes no lock puts behind it makes the file longer, and is looked at.
            _knownEnd = end + lines.Length;
            return first;
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

            if (FeedingLogs.IsRead(FileIdentity.Of(_identity)))
            {
                throw new FaultException(AppendFaults.FeedsPipeline(_path));
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

    // How much of the text was written: all of it, where there was no error.
    private static int Write(SafeFileHandle file, ReadOnlySpan<byte> text, out Errno error)
    {
        error = default;
        int done = 0;
        while (done < text.Length)
        {
            nint written;
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
                return done;
            }
        }

        return done;
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
