using LibvirtAudit.Carriers;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs.Journal;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>Reads the records of one open log, at once or as it grows.</summary>
internal sealed class LogReader
{
    private const int SkipSize = 64 * 1024;
    private readonly LogFile _log;
    private readonly IEventSink _sink;
    private readonly LineCounter _lines;
    private readonly TextRecordReader _reader;
    private readonly BlockReader _blocks;
    private readonly BlockReader.ReadBytes _read;
    private readonly bool _countsLines;
    private readonly CancellationToken _cancellation;
    private long? _toldOverlong;

    /// <summary>Makes a reader.</summary>
    /// <param name="log">The log.</param>
    /// <param name="options">Which records, and how.</param>
    /// <param name="sink">What takes them.</param>
    /// <param name="cancellation">Ends the reading between two blocks.</param>
    /// <param name="start">Where another reader of the log was; null for its beginning.</param>
    /// <param name="read">How a log that can be read anywhere is read from a start; null for the plain way.</param>
    public LogReader(LogFile log, ReadOptions options, IEventSink sink, CancellationToken cancellation, ResumePoint? start = null, BlockReader.ReadBytes? read = null)
    {
        _log = log;
        _sink = sink;
        _cancellation = cancellation;
        _lines = new LineCounter(log) { Cancellation = cancellation };

        // To count the lines before would take reading the whole file.
        _countsLines = !log.IsJournal && (start is null || start.Offset == log.Start || !log.IsPositional);
        _reader = new TextRecordReader(options, log.Path, log.IsJournal ? new JournalSink(sink, log) : sink)
        {
            IsLineByLine = CarrierTable.WantsEveryLine(log.Opening),
            At = offset => new FaultPlace(log.Path, LineAt(offset), offset),
        };
        _reader.Resume(start ?? new ResumePoint(log.Start, []));
        _blocks = new BlockReader(_reader, start?.Offset ?? log.Start, cancellation) { BlockDone = EndBlock };
        _read = log.IsPositional ? read ?? ReadPlace : (buffer, _) => log.Read(buffer);
        if (start is not null && !log.IsPositional)
        {
            SkipTo(start.Offset);
        }
    }

    /// <summary>How many threads read a log that can be read at any place.</summary>
    public int Threads { get; init; } = ParallelReader.MostThreads;

    /// <summary>Behind the last line that is read; <see cref="long.MaxValue"/> for the end that the log had when it was opened.</summary>
    public long End { get; init; } = long.MaxValue;

    /// <summary>The offset of the byte that is read next.</summary>
    public long Position => _blocks.Position;

    /// <summary>Whether records are held back that the next lines may change.</summary>
    public bool HoldsBack => _reader.HoldsBack;

    /// <summary>Where to begin another time: what the sink took is behind, all else before. True also while the sink takes something.</summary>
    public ResumePoint ResumePoint
    {
        get
        {
            // A last line without its line feed has no byte behind it.
            ResumePoint point = _reader.ResumePoint;
            return point with { Offset = Math.Min(point.Offset, _blocks.Offset + _blocks.Block.Length) };
        }
    }

    /// <summary>Reads the log, or the part of it that is wanted, to its end, with all processors where it can be read at any place; its own failures go to the sink, after all that could be read.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void Read()
    {
        bool isWhole = Position == _log.Start && End == long.MaxValue;
        try
        {
            if (_log.IsPositional && _reader.IsAtRest)
            {
                _blocks.SkipTo(ParallelReader.Read(_log, new LogSpan(Position, End), _reader, TellProgress, Threads, _cancellation));
            }

            _blocks.ReadOn(_read);
        }
        catch (FaultException exception)
        {
            // The line in whose middle it failed is not the writer's doing, and is not told as a cut one.
            _reader.Complete();
            TellOverlong();
            _sink.OnFault(exception.Fault);
            return;
        }

        Finish();

        // A log whose beginning is no text is only that where nothing else is in it, which a part can't tell.
        if (isWhole && !_reader.FoundAny && _toldOverlong is null && _log.BinaryHead is Fault fault)
        {
            _sink.OnFault(fault);
        }
    }

    /// <summary>Reads what there is; a last line without its line feed waits for more.</summary>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="FaultException">LogReadFailed, ArchiveDamaged.</exception>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public bool ReadOn()
    {
        bool any = _blocks.ReadOn(_read);
        TellOverlong();
        return any;
    }

    /// <summary>Gives out the records that wait for a line which may be long in coming.</summary>
    public void Flush() => _reader.Flush();

    /// <summary>Ends the log: what was held back comes out, also a last line without its line feed.</summary>
    public void Finish()
    {
        _blocks.Finish();
        _reader.Complete();
        TellOverlong();
    }

    private void TellOverlong()
    {
        if (_blocks.OverlongLine is long offset && _toldOverlong is null)
        {
            _toldOverlong = offset;
            _sink.OnFault(LogFaults.NotText(_log.Path, offset, $"a line of more than {TextRecordReader.LongestLine} bytes"));
        }
    }

    private void SkipTo(long offset)
    {
        byte[] buffer = new byte[SkipSize];
        for (int read; _lines.Position < offset && (read = _log.Read(buffer.AsSpan(0, (int)Math.Min(SkipSize, offset - _lines.Position)))) > 0;)
        {
            _lines.Count(buffer.AsSpan(0, read));
        }
    }

    private int ReadPlace(Span<byte> buffer, long offset) => _log.ReadAt(offset, buffer[..(int)Math.Min(buffer.Length, Math.Max(0, Math.Min(End, _log.End) - offset))]);

    private void EndBlock()
    {
        // What can't be read again is counted as it goes by.
        if (!_log.IsPositional)
        {
            CountTo(_blocks.Block.Length);
        }

        TellProgress(_blocks.Offset + _blocks.Block.Length);
    }

    private void TellProgress(long offset)
    {
        _log.Reach(offset);
        _sink.OnProgress(_log);
    }

    private long? LineAt(long offset)
    {
        if (!_countsLines)
        {
            return null;
        }

        try
        {
            if (!_log.IsPositional)
            {
                CountTo((int)(offset - _blocks.Offset));
            }

            return _lines.LineAt(offset);
        }
        catch (FaultException)
        {
            // The file went away meanwhile, which the reading itself will tell.
            return null;
        }
    }

    private void CountTo(int position)
    {
        int counted = (int)(_lines.Position - _blocks.Offset);
        _lines.Count(_blocks.Block[counted..position]);
    }
}
