using System.Diagnostics;
using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs.Journal;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs;

/// <summary>
/// Logs that are read on as they grow, several together. All is done on the thread that calls, which alone writes to the
/// sink; there is no other. With a bookmark they are read on from where the last reading ended, whichever way it did: what
/// the sink took counts as read, also where it ended the reading in taking it, unless it did so by cancelling.
/// </summary>
public sealed partial class LiveLogs : IEventSink, IDisposable
{
    /// <summary>How long a record waits for the line that says it was refused: libvirt writes both at once.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromMilliseconds(200);

    private readonly List<IFollowedLog> _followers = [];
    private readonly FileAlarm _alarm = new();
    private readonly ReadOptions _options;
    private readonly IEventSink _sink;
    private readonly CancellationToken _cancellation;
    private long _lastGrowth = Stopwatch.GetTimestamp();
    private BookmarkKeeper? _bookmark;
    private bool _isBeginning;

    /// <summary>Makes a reader of no log yet.</summary>
    /// <param name="options">Which records, and how.</param>
    /// <param name="sink">What takes them.</param>
    /// <param name="cancellation">Ends the reading and every wait.</param>
    public LiveLogs(ReadOptions options, IEventSink sink, CancellationToken cancellation)
    {
        _options = options;
        _sink = sink;
        _cancellation = cancellation;
    }

    /// <summary>Only the last so many of the records that are there at the beginning, of each log that no bookmark knows; null for all.</summary>
    public int? Tail { get; init; }

    /// <summary>Called whenever all that is there has been read.</summary>
    public Action? Idle { get; init; }

    /// <summary>Called with the name of the host's log that is read, and why it is that; null where nobody wants to know.</summary>
    public Action<string, string>? Chosen { get; init; }

    /// <summary>Goes on from a bookmark, which is kept up to date. To be called before logs are added.</summary>
    /// <param name="fullPath">The absolute path of its file, which need not be there.</param>
    /// <exception cref="FaultException">BookmarkDamaged, BookmarkForeign, BookmarkInUse, BookmarkAccessDenied, UnsafeLink, PathNotFound, LogReadFailed, LogWriteFailed.</exception>
    public void UseBookmark(string fullPath) => _bookmark = new BookmarkKeeper(fullPath);

    /// <summary>Adds logs by their paths: those of one rotation are one log, if the one that is being written is among them. What fails goes to the sink.</summary>
    /// <param name="paths">The paths, absolute.</param>
    /// <exception cref="FaultException">BookmarkForeign: the bookmark is of other logs.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void Add(IEnumerable<string> paths)
    {
        ILookup<bool, string> given = paths.Distinct().ToLookup(JournalPath.IsJournal);
        IReadOnlyList<Trail> trails = RotationOrder.Trails(given[false]);
        JournalQuery[] journals = [.. JournalPath.Journals(given[true]).Select(files => JournalQuery.For(_options, files))];
        _bookmark?.CheckLogs([.. trails.Select(trail => trail.Path), .. journals.Select(journal => journal.Name)]);
        foreach (Trail trail in trails)
        {
            Begin(trail.Path, [.. trail.Files.Select(file => new Func<LogFile>(() => LogFile.Open(file, _cancellation)))]);
        }

        foreach (JournalQuery journal in journals)
        {
            BeginJournal(journal);
        }

        // Where the first reading began is known, too, if it is killed before it comes to more.
        SaveBookmark();
    }

    /// <summary>Adds this host's log: auditd's from the oldest of its rotated copies and archives on, or the system's journal.</summary>
    /// <param name="finder">Finds which.</param>
    /// <exception cref="FaultException">BookmarkForeign: the bookmark is of other logs.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void AddHost(HostLogFinder finder)
    {
        HostLog host = finder.Find(_cancellation);
        Chosen?.Invoke(host.Name, host.Reason);
        host.Notices.ToList().ForEach(_sink.OnFault);
        if (host.Path is null)
        {
            AddJournal();
            return;
        }

        string path = Path.GetFullPath(host.Path);
        RotationSet set;
        try
        {
            set = RotationSet.Find(path);
        }
        catch (FaultException exception)
        {
            _sink.OnFault(exception.Fault);
            return;
        }

        _bookmark?.CheckLogs([path]);
        Begin(path, [.. Enumerable.Range(0, set.Paths.Count).Select(index => new Func<LogFile>(() => set.Open(index, _cancellation)))]);
        SaveBookmark();
    }

    /// <summary>
    /// Reads all that is there now, and nothing that comes meanwhile. A last line without its line feed, and what else may still
    /// change, is left for another time.
    /// </summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void ReadOn()
    {
        foreach (IFollowedLog follower in _followers)
        {
            try
            {
                follower.EndWherePresent();
            }
            catch (FaultException exception)
            {
                _sink.OnFault(exception.Fault);
            }
        }

        while (!IsAtEnd())
        {
            _alarm.Wait(Settling, _cancellation);
        }
    }

    /// <summary>Reads all that is there and what comes.</summary>
    /// <param name="longest">How long.</param>
    /// <param name="isEnough">Asked now and then, on the same thread, whether it is enough.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void Follow(TimeSpan longest, Func<bool> isEnough)
    {
        long start = Stopwatch.GetTimestamp();
        _followers.ForEach(follower => follower.Follow());
        while (_followers.Count > 0)
        {
            bool isAtEnd = IsAtEnd();
            TimeSpan left = longest - Stopwatch.GetElapsedTime(start);
            if (left <= TimeSpan.Zero || isEnough())
            {
                return;
            }

            _alarm.Wait(isAtEnd || left < Settling ? left : Settling, _cancellation);
        }
    }

    /// <summary>Writes the bookmark, if there is one.</summary>
    /// <exception cref="FaultException">BookmarkAccessDenied, UnsafeLink, PathNotFound, LogWriteFailed.</exception>
    public void SaveBookmark()
    {
        // The last records of a log are given when it has been read behind them.
        if (!_isBeginning)
        {
            _bookmark?.Save(_followers);
        }
    }

    /// <summary>Writes the bookmark and closes all logs.</summary>
    public void Dispose()
    {
        try
        {
            SaveBookmark();
        }
        catch (FaultException)
        {
            // Nobody is left to tell. What came since the bookmark was last written comes again.
        }

        foreach (IFollowedLog follower in _followers)
        {
            follower.Dispose();
        }

        _bookmark?.Dispose();
        _alarm.Dispose();
    }

    /// <inheritdoc/>
    void IEventSink.OnRecord(VirtAuditRecord record)
    {
        _sink.OnRecord(record);
        if (_bookmark?.CountRecord() != true)
        {
            return;
        }

        try
        {
            SaveBookmark();
        }
        catch (FaultException)
        {
            // Thrown from here it would be taken for a failure of the log, of which the same is read once more. What is there
            // is read to its end; the bookmark is written then, or its failure told.
        }
    }

    /// <inheritdoc/>
    void IEventSink.OnFault(Fault fault) => _sink.OnFault(fault);

    /// <inheritdoc/>
    void IEventSink.OnProgress(LogFile log) => _sink.OnProgress(log);

    // Reads until nothing comes any more; false where records still wait for lines that may come.
    private bool IsAtEnd()
    {
        foreach (IFollowedLog follower in _followers)
        {
            // Before the look: what happens behind it ends the wait.
            _alarm.Mind(follower.Path);
        }

        for (bool any = true; any;)
        {
            any = false;
            foreach (IFollowedLog follower in _followers)
            {
                any |= follower.Advance();
            }

            _lastGrowth = any ? Stopwatch.GetTimestamp() : _lastGrowth;
        }

        _alarm.MindReadable(_followers.Select(follower => follower.Readable).OfType<SafeHandle>());
        if (_followers.Exists(follower => follower.HoldsBack))
        {
            if (Stopwatch.GetElapsedTime(_lastGrowth) < Settling)
            {
                return false;
            }

            _followers.ForEach(follower => follower.Flush());
        }

        SaveBookmark();
        Idle?.Invoke();
        return true;
    }

    private void Begin(string path, IReadOnlyList<Func<LogFile>> files)
    {
        if (_bookmark?.PlaceIn(path) is LogPlace place)
        {
            BeginAtPlace(path, place);
            return;
        }

        if (Tail is int count)
        {
            _isBeginning = true;
            BeginAtTail(path, files, count);
            _isBeginning = false;
            return;
        }

        foreach (Func<LogFile> open in files)
        {
            if (LogFile.TryOpen(open, _sink) is LogFile log && TryFollow(path, log, null))
            {
                return;
            }
        }
    }

    private void BeginAtTail(string path, IReadOnlyList<Func<LogFile>> files, int count)
    {
        var tails = new Stack<LogTail>();
        for (int i = files.Count - 1; i >= 0 && (count > 0 || i == files.Count - 1); i--)
        {
            bool isLive = i == files.Count - 1;
            LogFile? log = LogFile.TryOpen(files[i], _sink);
            if (log is not null)
            {
                var tail = LogTail.Read(log, count, _options, _sink, isLive, _cancellation);
                count -= tail.Count;
                tails.Push(tail);
                if (tail.End is ResumePoint end)
                {
                    TryFollow(path, log, end);
                    continue;
                }
            }

            log?.Dispose();
        }

        foreach (LogTail tail in tails)
        {
            tail.GiveTo(_sink);
        }
    }

    private void BeginAtPlace(string path, LogPlace place)
    {
        try
        {
            var set = RotationSet.Find(path);
            if (BookmarkKeeper.Find(set, place, _cancellation) is LogFile log)
            {
                Follow(path, log, place.Point);
                return;
            }

            (int index, Fault gap) = BookmarkKeeper.Behind(set, place, _cancellation);
            LogFile oldest = set.Open(index, _cancellation);
            Follow(path, oldest, null);
            _sink.OnFault(gap);
        }
        catch (FaultException exception)
        {
            _sink.OnFault(exception.Fault);
        }
    }

    // A log that can't be begun with is none that is followed: from its path alone it would be read from the front.
    private void Follow(string path, LogFile log, ResumePoint? start)
    {
        var follower = new LogFollower(path, _options, this, _cancellation);
        follower.Begin(log, start);
        _followers.Add(follower);
    }

    private bool TryFollow(string path, LogFile log, ResumePoint? start)
    {
        try
        {
            Follow(path, log, start);
            return true;
        }
        catch (FaultException exception)
        {
            _sink.OnFault(exception.Fault);
            return false;
        }
    }
}
