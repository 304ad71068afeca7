using System.Diagnostics;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>
/// Keeps a bookmark up to date: from time to time while much is read, and whenever all has been. What was taken since the
/// last time comes again if the process is killed, and nothing else.
/// </summary>
internal sealed class BookmarkKeeper : IDisposable
{
    /// <summary>The most records that come again after a crash.</summary>
    private const int MostRecords = 1000;

    /// <summary>The longest time of work that is done again after a crash.</summary>
    private static readonly TimeSpan LongestTime = TimeSpan.FromSeconds(1);

    private readonly BookmarkFile _file;
    private readonly BookmarkLock _lock;
    private readonly string _path;
    private readonly Dictionary<string, LogPlace> _places;
    private byte[] _saved = [];
    private long _savedAt = Stopwatch.GetTimestamp();
    private int _records;

    /// <summary>Opens the bookmark at <paramref name="fullPath"/>, or begins one.</summary>
    /// <exception cref="FaultException">BookmarkDamaged, BookmarkForeign, BookmarkInUse, BookmarkAccessDenied, UnsafeLink, PathNotFound, LogReadFailed, LogWriteFailed.</exception>
    public BookmarkKeeper(string fullPath)
    {
        _path = fullPath;
        _file = new BookmarkFile(fullPath);
        _lock = _file.Lock();
        try
        {
            _places = _file.Load() ?? [];
            _file.CheckWritable();
        }
        catch
        {
            _lock.Dispose();
            throw;
        }
    }

    /// <summary>Lets others have the bookmark.</summary>
    public void Dispose() => _lock.Dispose();

    /// <summary>Makes sure that the bookmark is of these logs, or of some of them.</summary>
    /// <exception cref="FaultException">BookmarkForeign.</exception>
    public void CheckLogs(IReadOnlyCollection<string> paths)
    {
        if (_places.Count > 0 && paths.Count > 0 && !paths.Any(_places.ContainsKey))
        {
            throw new FaultException(BookmarkFaults.OtherLogs(_path, _places.Keys));
        }
    }

    /// <summary>Up to where the log at <paramref name="path"/> was read; null where nothing is known of it.</summary>
    public LogPlace? PlaceIn(string path) => _places.GetValueOrDefault(path);

    /// <summary>Whether it is time to save, after another record was taken.</summary>
    public bool CountRecord() => ++_records >= MostRecords || Stopwatch.GetElapsedTime(_savedAt) >= LongestTime;

    /// <summary>Writes down up to where logs were read. What can't be told of one is left as it was.</summary>
    /// <exception cref="FaultException">BookmarkAccessDenied, UnsafeLink, PathNotFound, LogWriteFailed.</exception>
    public void Save(IEnumerable<LogFollower> followers)
    {
        foreach (LogFollower follower in followers)
        {
            if (follower.Place is LogPlace place)
            {
                _places[follower.Path] = place;
            }
        }

        _records = 0;
        _savedAt = Stopwatch.GetTimestamp();
        byte[] text = Bookmark.Write(_places);
        if (_places.Count > 0 && !text.AsSpan().SequenceEqual(_saved))
        {
            _file.Save(text);
            _saved = text;
        }
    }

    /// <summary>Opens the file in which a place is, under whatever name, and however it was compressed since; null where there is none any more.</summary>
    /// <exception cref="FaultException">LogReadFailed, LogAccessDenied: a file in which it may be can't be read, and it is in none of the others.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static LogFile? Find(RotationSet set, LogPlace place, CancellationToken cancellation)
    {
        FaultException? unread = null;
        int named = place.Identity is null ? set.Paths.Count - 1 : set.IndexOf(place.Identity);
        foreach (int index in Enumerable.Range(0, set.Paths.Count).Reverse().OrderBy(index => index == named ? 0 : 1))
        {
            try
            {
                using (LogFile log = set.Open(index, cancellation))
                {
                    if (place.Fingerprint is null or { Length: 0 } ? index != named : !place.Fingerprint.IsOf(log, place.Point.Offset, cancellation))
                    {
                        continue;
                    }
                }

                // Anew, since an archive is used up by the comparison.
                return set.Open(index, cancellation);
            }
            catch (FaultException exception)
            {
                // It is in no archive that is damaged, and in no log that was cut; but it may be in what the system won't read.
                bool isRefused = exception.Fault is { Id: FaultId.LogReadFailed or FaultId.LogAccessDenied, Cause: not null };
                unread ??= isRefused ? exception : null;
            }
        }

        return unread is null ? null : throw unread;
    }

    /// <summary>Where to go on when a place is in no file any more: at the oldest that was written to since, and the warning that says so.</summary>
    public static (int Index, Fault Gap) Behind(RotationSet set, LogPlace place, CancellationToken cancellation)
    {
        long? last = place.LastEvent is string name && EventStamp.TryRead(System.Text.Encoding.ASCII.GetBytes(name), out long stamp, out _) ? stamp : null;
        int index = last is null ? 0 : Math.Max(0, set.States.ToList().FindIndex(state => state.Written / 1_000_000 >= last));
        return (index, BookmarkFaults.Gap(set.Paths[^1], place.LastEvent, last, FirstTime(set, index, cancellation)));
    }

    private static long? FirstTime(RotationSet set, int index, CancellationToken cancellation)
    {
        try
        {
            using LogFile log = set.Open(index, cancellation);
            byte[] head = new byte[Fingerprint.LongestText];
            return LastEvent.FirstTime(head.AsSpan(0, log.Read(head)));
        }
        catch (FaultException)
        {
            return null;
        }
    }
}
