using System.Runtime.InteropServices;
using LibvirtAudit.Interop;
using Microsoft.Win32.SafeHandles;

namespace LibvirtAudit.Logs;

/// <summary>
/// Waits until something happens to files: by inotify on Linux. It only says that it is worth a look, and a look is due now
/// and then without it: network file systems tell nothing, other systems aren't asked. It has no thread of its own.
/// </summary>
internal sealed class FileAlarm : IDisposable
{
    /// <summary>How long a wait goes on before it looks whether it is still wanted.</summary>
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);

    /// <summary>How often a look is due where the system tells of changes, in case it does not of all.</summary>
    private static readonly TimeSpan SlowPoll = TimeSpan.FromMilliseconds(500);

    /// <summary>How often where it tells nothing.</summary>
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(100);

    private const int EventBufferSize = 16 * 1024;
    private readonly HashSet<SafeHandle> _readable = [];
    private readonly byte[] _events = new byte[EventBufferSize];
    private readonly SafeFileHandle? _handle;

    public FileAlarm()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        _handle = Libc.inotify_init1(Libc.IN_NONBLOCK | Libc.IN_CLOEXEC);
        if (_handle.IsInvalid)
        {
            // The user has as many as he may have.
            _handle.Dispose();
            _handle = null;
        }
    }

    /// <summary>Minds the file that has the path now, and what comes to the path or goes from it. Again for the same path it costs little; it is to be called before each look at the file.</summary>
    public void Mind(string path)
    {
        if (_handle is not null)
        {
            // Where this fails the look that is due anyhow stands in.
            _ = Libc.inotify_add_watch(_handle, FileStatus.Terminated(Path.GetDirectoryName(path) ?? "/"), Libc.IN_CREATE | Libc.IN_DELETE | Libc.IN_MOVED_FROM | Libc.IN_MOVED_TO);
            _ = Libc.inotify_add_watch(_handle, FileStatus.Terminated(path), Libc.IN_MODIFY | Libc.IN_ATTRIB);
        }
    }

    /// <summary>Minds what can be read from, in place of what was given the last time. What has ended is not to be among it.</summary>
    public void MindReadable(IEnumerable<SafeHandle> handles)
    {
        _readable.Clear();
        _readable.UnionWith(handles);
    }

    /// <summary>Returns when something happened, when a look is due, or after <paramref name="longest"/>.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public void Wait(TimeSpan longest, CancellationToken cancellation)
    {
        TimeSpan left = _handle is null ? Poll : SlowPoll;
        left = longest < left ? longest : left;
        for (; left > TimeSpan.Zero; left -= Slice)
        {
            cancellation.ThrowIfCancellationRequested();
            TimeSpan slice = left < Slice ? left : Slice;
            if (_handle is null)
            {
                cancellation.WaitHandle.WaitOne(slice);
            }
            else if (HasEvents(_handle, slice))
            {
                return;
            }
        }

        cancellation.ThrowIfCancellationRequested();
    }

    public void Dispose() => _handle?.Dispose();

    private unsafe bool HasEvents(SafeFileHandle handle, TimeSpan wait)
    {
        IEnumerable<SafeHandle> handles = _readable.Prepend(handle);
        pollfd[] ready = [.. handles.Select(minded => new pollfd { fd = (int)minded.DangerousGetHandle(), events = Libc.POLLIN })];
        fixed (pollfd* descriptors = ready)
        {
            if (Libc.poll(descriptors, (nuint)ready.Length, (int)Math.Ceiling(wait.TotalMilliseconds)) <= 0)
            {
                return false;
            }
        }

        // What happened is of no interest: the look tells.
        fixed (byte* events = _events)
        {
            while (Libc.read(handle, events, EventBufferSize) > 0)
            {
            }
        }

        return true;
    }
}
