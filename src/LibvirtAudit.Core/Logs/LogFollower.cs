using LibvirtAudit.Audit;
using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>
/// Reads on in a log that is being written, by its name: through rotation, where the file that was moved aside is read to its
/// end and then those that came after it, in their order; and where it is emptied in place, after a copy was made or not.
/// </summary>
internal sealed class LogFollower : IFollowedLog
{
    /// <summary>As many bytes of audit's logs hold a stamp, whose serial no other record has.</summary>
    private const int FewestCommonBytes = 1024;

    private readonly ReadOptions _options;
    private readonly IEventSink _sink;
    private readonly CancellationToken _cancellation;
    private LogFile? _log;
    private LogReader? _reader;
    private ResumePoint? _start;
    private LogPlace? _before;
    private byte[] _tail = [];
    private FileIdentity? _previous;
    private FileIdentity? _refused;
    private string? _told;
    private bool _wasCut;
    private Dictionary<FileIdentity, long>? _lengths;
    private RotationSet? _set;
    private long _end = long.MaxValue;

    /// <summary>Follows the log at <paramref name="path"/>, which is absolute.</summary>
    public LogFollower(string path, ReadOptions options, IEventSink sink, CancellationToken cancellation)
    {
        Path = path;
        _options = options;
        _sink = sink;
        _cancellation = cancellation;
    }

    /// <summary>The path that the log has while it is written.</summary>
    public string Path { get; }

    /// <summary>Whether records are held back that the next lines may change.</summary>
    public bool HoldsBack => _reader?.HoldsBack == true;

    /// <summary>None: changes of the path tell.</summary>
    public SafeHandle? Readable => null;

    /// <summary>
    /// Up to where the sink took what there was, also while it takes something. Null where nothing was read, or where the
    /// log was cut meanwhile or can't be read, so that the place can't be described.
    /// </summary>
    public LogPlace? Place
    {
        get
        {
            // The end of a file says more of where the reading is than the beginning of the next, which looks like any other.
            if (_log is null || _reader is null || (_reader.ResumePoint.Offset == _start!.Offset && _before is not null))
            {
                return _before;
            }

            ResumePoint point = _reader.ResumePoint;
            if (!_log.IsPositional)
            {
                return new LogPlace(_log.Identity, point, null, null);
            }

            return TextBefore(_log, point.Offset) is byte[] text
                ? new LogPlace(_log.Identity, point, Fingerprint.Of(text), LastEvent.In(text))
                : null;
        }
    }

    /// <summary>Begins with a log, which the follower closes, also where it can't.</summary>
    /// <param name="log">The log: the one at the path, or one that was moved aside.</param>
    /// <param name="start">Where in it; null for its beginning.</param>
    /// <exception cref="FaultException">LogReadFailed, ArchiveDamaged.</exception>
    public void Begin(LogFile log, ResumePoint? start = null)
    {
        try
        {
            BeginAt(log, start ?? new ResumePoint(log.Start, []));
        }
        catch (FaultException)
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Reads no farther from now on than to where the logs end at present: a log may grow faster than it is read.</summary>
    /// <exception cref="FaultException">LogAccessDenied, LogReadFailed.</exception>
    public void EndWherePresent()
    {
        _lengths = [];
        foreach (FileStatus status in TryFind()?.States ?? [])
        {
            if (status.Identity is FileIdentity identity)
            {
                _lengths[identity] = status.Length;
            }
        }

        _end = _log is null ? 0 : EndOf(_log);
    }

    /// <summary>Reads on without end, from where <see cref="EndWherePresent"/> has ended it.</summary>
    public void Follow() => (_lengths, _end) = (null, long.MaxValue);

    /// <summary>Reads what has come since the last time. What fails is told once, and tried again the next time.</summary>
    /// <returns>Whether anything has.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public bool Advance()
    {
        // The number of a file that is gone may be another's by now.
        _set = null;
        bool any = false;
        try
        {
            while (true)
            {
                any |= ReadCurrent();
                if (OpenNext() is not LogFile next)
                {
                    return any;
                }

                any |= MoveOnTo(next);
            }
        }
        catch (FaultException exception)
        {
            Tell(exception.Fault);
            return any;
        }
    }

    /// <summary>Gives out the records that wait for a line which may be long in coming.</summary>
    public void Flush() => _reader?.Flush();

    public void Dispose() => _log?.Dispose();

    private void BeginAt(LogFile log, ResumePoint start)
    {
        Begin(log, start, log.IsPositional ? Fingerprint.TextBefore(log, start.Offset) ?? [] : []);
        _end = EndOf(log);
    }

    // A file that was not there has no part in it. Where the system does not tell files apart it is read to its end.
    private long EndOf(LogFile log) =>
        _lengths is null ? long.MaxValue : log.Identity is FileIdentity identity ? _lengths.GetValueOrDefault(identity) : log.Length;

    // All that can fail comes before anything is changed.
    private void Begin(LogFile log, ResumePoint start, byte[] tail)
    {
        _reader = new LogReader(log, _options, _sink, _cancellation, start, ReadIntact);
        _log?.Dispose();
        _log = log;
        _start = start;
        _tail = tail;
        _wasCut = false;
    }

    // Begins with a copy of what was read up to a place.
    private void BeginOrClose(LogFile copy, ResumePoint start)
    {
        try
        {
            Begin(copy, start, TailAt(start.Offset));
        }
        catch (FaultException)
        {
            copy.Dispose();
            throw;
        }
    }

    private bool ReadCurrent()
    {
        bool any = false;
        bool hasFailed = false;
        while (_log is not null)
        {
            try
            {
                any |= _reader!.ReadOn();
            }
            catch (FaultException exception) when (hasFailed)
            {
                // It does not pass: what comes behind this log is read, where there is something.
                Tell(exception.Fault);
                return any;
            }
            catch (FaultException)
            {
                hasFailed = true;
                continue;
            }

            if (!_wasCut)
            {
                return any;
            }

            ResumeBehindCut(_log);
        }

        return any;
    }

    private void Tell(Fault fault)
    {
        if (fault.Message != _told)
        {
            _told = fault.Message;
            _sink.OnFault(fault);
        }
    }

    // Reads on, if the log is still the same text: one that was emptied may have grown again to where it was. Asked behind
    // the reading, since it may happen at any time.
    private int ReadIntact(Span<byte> buffer, long offset)
    {
        int read = _log!.ReadPresent(offset, buffer[..(int)Math.Min(buffer.Length, Math.Max(0, _end - offset))]);
        _wasCut = IsCut();
        if (_wasCut)
        {
            return 0;
        }

        _tail = Fingerprint.Extend(_tail, buffer[..read]);
        _told = read > 0 ? null : _told;
        return read;
    }

    private bool IsCut() => _tail.Length == 0
        ? !_log!.HasSameHead()
        : Fingerprint.TextBefore(_log!, _reader!.Position) is not byte[] text || !text.AsSpan().EndsWith(_tail);

    // What stands before a place; where that can't be read now, what was read there, if enough of it is kept.
    private byte[]? TextBefore(LogFile log, long offset)
    {
        try
        {
            return Fingerprint.TextBefore(log, offset);
        }
        catch (FaultException)
        {
            return TailAt(offset) is { Length: >= FewestCommonBytes } text ? text : null;
        }
    }

    // What stood before a place that is not behind the last byte read.
    private byte[] TailAt(long offset) => _tail[..^(int)Math.Min(_tail.Length, _reader!.Position - offset)];

    private void ResumeBehindCut(LogFile log)
    {
        ResumePoint point = _reader!.ResumePoint;
        _set = null;
        if (_tail.Length == 0)
        {
            // Nothing was read of it: what it held is in the copy that now comes behind the log before it.
            Close();
            return;
        }

        _before = null;
        if (FindCopy(log.Identity) is LogFile copy)
        {
            BeginOrClose(copy, point);
            return;
        }

        long position = _reader.Position;
        if (FindBeginning(log.Identity) is (LogFile beginning, long end))
        {
            ResumePoint start = point.Offset < end ? point : new ResumePoint(end, []);
            BeginOrClose(beginning, start);
            _sink.OnFault(LiveFaults.Cut(Path, position));
            return;
        }

        _reader.Finish();
        Close();
        _previous = null;
        _sink.OnFault(LiveFaults.Cut(Path, position));
        if (TryOpen(OpenWritten, log.Identity) is LogFile anew)
        {
            Begin(anew);
        }
    }

    // The copy that was made of a log before it was emptied.
    private LogFile? FindCopy(FileIdentity? cut)
    {
        RotationSet? set = TryFind();
        var wanted = Fingerprint.Of(_tail);
        for (int i = (set?.Paths.Count ?? 0) - 1; i >= 0 && _tail.Length > 0; i--)
        {
            int index = i;
            LogFile? Open() => TryOpen(() => set!.Open(index, _cancellation), null);
            LogFile? log = cut is not null && set!.IndexOf(cut) == i ? null : Open();
            bool isCopy = log is not null && IsSameText(log, wanted);
            if (isCopy && log!.IsPositional)
            {
                return log;
            }

            log?.Dispose();
            if (isCopy)
            {
                // An archive is used up by the comparison.
                return Open();
            }
        }

        return null;
    }

    // The copy where the log was written, and read, after it was made: the copy ends within what was read.
    private (LogFile Log, long End)? FindBeginning(FileIdentity? cut)
    {
        RotationSet? set = TryFind();
        for (int i = (set?.Paths.Count ?? 0) - 1; i >= 0; i--)
        {
            int index = i;
            FileStatus status = set!.States[i];
            long common = status.Length - (_reader!.Position - _tail.Length);
            if ((cut is not null && status.Identity == cut) || common < FewestCommonBytes || common > _tail.Length)
            {
                continue;
            }

            LogFile? log = TryOpen(() => set.Open(index, _cancellation), status.Identity);
            if (log is { IsPositional: true } && HasBefore(log, status.Length, _tail.AsSpan(0, (int)common)))
            {
                return (log, status.Length);
            }

            log?.Dispose();
        }

        return null;
    }

    private static bool HasBefore(LogFile log, long offset, ReadOnlySpan<byte> wanted)
    {
        byte[] before = wanted.ToArray();
        return Holds(() => Fingerprint.TextBefore(log, offset) is byte[] text && text.AsSpan().EndsWith(before));
    }

    // What can't be read does not hold; but what fails once may not the second time.
    private static bool Holds(Func<bool> isSo)
    {
        for (bool hasFailed = false; ; hasFailed = true)
        {
            try
            {
                return isSo();
            }
            catch (FaultException) when (!hasFailed)
            {
            }
            catch (FaultException)
            {
                return false;
            }
        }
    }

    private LogFile? OpenNext()
    {
        if (_lengths is not null && _log is { IsPositional: true } && _log.GetStatus().Length > _end)
        {
            // What has come since is left to the next reading, and with it all that is behind.
            return null;
        }

        if (_log is not null && StatusOfWritten() is FileStatus now && now.Identity == _log.Identity)
        {
            return null;
        }

        // Among those that were moved aside nothing comes in between, so that of many each need not be looked for anew.
        bool isKnown = IsAmongMovedAside(_log?.Identity);
        _set = isKnown ? _set : TryFind();

        if (_set is not RotationSet set)
        {
            return null;
        }

        IReadOnlyList<FileStatus> states = set.States;
        int index = _log is not null ? set.IndexOf(_log.Identity) + 1 : set.IndexOf(_previous) is >= 0 and var previous ? previous + 1 : IndexOfWritten(set);
        bool isGone = index == 0 && _log is not null;
        if (isGone && IndexOfArchive(set) is int archive)
        {
            (index, isGone) = (archive + 1, false);
        }
        else if (isGone)
        {
            index = FirstNewer(set, states);
        }

        for (int i = index; i < states.Count; i++)
        {
            // Its writer has moved on when it has begun the next.
            int at = i;
            Func<LogFile> open = i == IndexOfWritten(set) ? OpenWritten : () => set.Open(at, _cancellation);
            LogFile? next = states[i].Length > 0 ? TryOpen(open, states[i].Identity) : null;
            if (next is null && isKnown)
            {
                // Written since, removed or compressed.
                _set = null;
                return OpenNext();
            }

            if (next is not null)
            {
                if (EndOf(next) == 0)
                {
                    next.Dispose();
                    return null;
                }

                if (!IsStillNext(set, i, next))
                {
                    next.Dispose();
                    _set = null;
                    return OpenNext();
                }

                if (isGone && i < IndexOfWritten(set))
                {
                    _sink.OnFault(LiveFaults.RotatedAway(Path));
                }

                return next;
            }
        }

        return null;
    }

    // Whether a log and the one behind it were moved aside when the logs were last looked for.
    private bool IsAmongMovedAside(FileIdentity? identity) =>
        _set is not null && _set.IndexOf(identity) is >= 0 and var index && index + 1 < IndexOfWritten(_set);

    // Where the log that was read is by now, compressed: an archive has a time of its own, but holds what was read.
    private int? IndexOfArchive(RotationSet set)
    {
        var wanted = Fingerprint.Of(_tail);
        for (int i = IndexOfWritten(set) - 1; i >= 0 && _tail.Length > 0; i--)
        {
            int index = i;
            using LogFile? log = TryOpen(() => set.Open(index, _cancellation), set.States[i].Identity);
            if (log is { IsPositional: false } && IsSameText(log, wanted))
            {
                return i;
            }
        }

        return null;
    }

    // A copy that was made since the files were listed comes before the log, whose beginning is known only now.
    private bool IsStillNext(RotationSet set, int index, LogFile next)
    {
        try
        {
            return index < IndexOfWritten(set)
                || (TryFind() is RotationSet now && now.Paths.Count == set.Paths.Count && now.States.Select(state => state.Identity).SequenceEqual(set.States.Select(state => state.Identity)));
        }
        catch (FaultException)
        {
            next.Dispose();
            throw;
        }
    }

    private FileStatus? StatusOfWritten()
    {
        try
        {
            return FileStatus.Of(Path);
        }
        catch (UnauthorizedAccessException e)
        {
            throw new FaultException(LogFaults.AccessDenied(Path, e));
        }
        catch (IOException e)
        {
            throw new FaultException(LogFaults.ReadFailed(Path, 0, e));
        }
    }

    // The log that has the path itself may be emptied at any time, which is no failure.
    private LogFile OpenWritten() => LogFile.Open(Path, _cancellation);

    // Where the log is that has the path itself; behind all where none has.
    private int IndexOfWritten(RotationSet set) => set.Paths[^1] == Path ? set.Paths.Count - 1 : set.Paths.Count;

    // The log that was read is none of the set any more: it was removed, or compressed. What is newer was written later.
    private int FirstNewer(RotationSet set, IReadOnlyList<FileStatus> states)
    {
        long written = _log!.GetStatus().Written;
        int newest = IndexOfWritten(set);
        var wanted = Fingerprint.Of(_tail);
        string? lastEvent = LastEvent.In(_tail);
        for (int i = 0; i < newest; i++)
        {
            int index = i;
            if (states[i].Written > written)
            {
                using LogFile? later = TryOpen(() => set.Open(index, _cancellation), states[i].Identity);
                if (later is null or { IsPositional: true } || !BeginsBefore(later, lastEvent))
                {
                    return i;
                }

                continue;
            }

            if (states[i].Written == written && _tail.Length > 0)
            {
                using LogFile? log = TryOpen(() => set.Open(index, _cancellation), states[i].Identity);
                if (log is not null && !IsSameText(log, wanted))
                {
                    return i;
                }
            }
        }

        return newest;
    }

    // Whether an archive, whenever it was made, is of a time before the last event that was read.
    private static bool BeginsBefore(LogFile archive, string? lastEvent) =>
        lastEvent is not null && EventStamp.TryRead(System.Text.Encoding.ASCII.GetBytes(lastEvent), out long read, out _)
        && LastEvent.FirstTime(archive.Opening) is long first && first < read;

    // Closes the log if it is not switched to; tells whether something came meanwhile, which has to be looked at first.
    private bool MoveOnTo(LogFile next)
    {
        bool isTaken = false;
        try
        {
            // What was written to the old one before its writer moved on, or its copy was whole, comes first.
            bool isSameText = _tail.Length > 0 && next.IsPositional && IsSameText(next, Fingerprint.Of(_tail));
            if (ReadCurrent())
            {
                return true;
            }

            SwitchTo(next, isSameText);
            isTaken = true;
            return false;
        }
        finally
        {
            if (!isTaken)
            {
                next.Dispose();
            }
        }
    }

    private void SwitchTo(LogFile next, bool isSameText)
    {
        if (isSameText)
        {
            // A copy of the log that was read, or the one that it is a copy of.
            ResumePoint point = _reader!.ResumePoint;
            Begin(next, point, TailAt(point.Offset));
            return;
        }

        _reader?.Finish();
        _before = Place;
        _previous = _log?.Identity ?? _previous;
        BeginAt(next, new ResumePoint(next.Start, []));
    }

    private bool IsSameText(LogFile log, Fingerprint wanted) => Holds(() => wanted.IsOf(log, _reader!.Position, _cancellation));

    private RotationSet? TryFind()
    {
        try
        {
            return RotationSet.Find(Path);
        }
        catch (FaultException exception) when (exception.Fault.Id == FaultId.PathNotFound)
        {
            // The log is away: it may come back.
            return null;
        }
    }

    // A log that can't be opened is told once.
    private LogFile? TryOpen(Func<LogFile> open, FileIdentity? identity)
    {
        try
        {
            return open();
        }
        catch (FaultException exception)
        {
            if (exception.Fault.Id != FaultId.PathNotFound && (identity is null || identity != _refused))
            {
                _refused = identity;
                _sink.OnFault(exception.Fault);
            }

            return null;
        }
    }

    private void Close()
    {
        _log?.Dispose();
        _log = null;
        _reader = null;
    }
}
