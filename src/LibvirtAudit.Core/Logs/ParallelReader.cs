using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>
/// Reads a plain file with several processors: each takes the next block that nobody has, and what they found is given out
/// in the order of the file, on the caller's thread, which reads blocks itself while it waits. It only ever hurries: at the
/// first block in which not everything is plain it stops, and the reading goes on from there as without it.
/// </summary>
internal sealed class ParallelReader
{
    /// <summary>How many threads read one log at most: more than the bytes come in for.</summary>
    public static readonly int MostThreads = Math.Min(Environment.ProcessorCount, 8);

    private const int BlocksEach = 2;
    private static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(50);

    private readonly object _gate = new();
    private readonly Place[] _places;
    private readonly long _start;
    private readonly long _count;
    private readonly int _threads;
    private readonly CancellationToken _cancellation;
    private long _next;
    private long _given;
    private bool _isDone;

    private ParallelReader(LogFile log, ReadOptions options, long start, long count, int threads, CancellationToken cancellation)
    {
        _start = start;
        _count = count;
        _threads = threads;
        _cancellation = cancellation;
        _places = [.. Enumerable.Range(0, threads * BlocksEach).Select(_ => new Place(new LogBlock(log, options)))];
    }

    /// <summary>Reads a part of a log as far as it goes.</summary>
    /// <param name="log">The log; one that can be read at any place.</param>
    /// <param name="span">The part: whole lines.</param>
    /// <param name="reader">What takes what is found.</param>
    /// <param name="blockDone">Called behind each block, with the offset up to which all was given out.</param>
    /// <param name="threads">How many threads read, the caller's with them.</param>
    /// <param name="cancellation">Ends the reading between two blocks.</param>
    /// <returns>The beginning of the first line that was not read.</returns>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static long Read(LogFile log, LogSpan span, TextRecordReader reader, Action<long> blockDone, int threads, CancellationToken cancellation)
    {
        long count = (Math.Min(span.End, log.Length) - span.Start) / LogBlock.Size;
        threads = (int)Math.Min(threads, count / BlocksEach);
        return threads < 2 ? span.Start : new ParallelReader(log, reader.Options, span.Start, count, threads, cancellation).Read(reader, blockDone);
    }

    private long Read(TextRecordReader reader, Action<long> blockDone)
    {
        Thread[] helpers = [.. Enumerable.Range(1, _threads - 1).Select(_ => new Thread(Help) { IsBackground = true, Name = "LibvirtAudit reader" })];
        try
        {
            foreach (Thread helper in helpers)
            {
                helper.Start();
            }

            long end = _start;
            for (; _given < _count; Free())
            {
                LogBlock block = WaitFor(_given);
                if (!block.IsWhole)
                {
                    break;
                }

                reader.FeedFindings(block.Findings);
                end = block.End;
                blockDone(end);
            }

            return end;
        }
        finally
        {
            lock (_gate)
            {
                _isDone = true;
                Monitor.PulseAll(_gate);
            }

            foreach (Thread helper in helpers)
            {
                helper.Join();
            }
        }
    }

    // The caller's thread is no worse than another: it waits only when every block before the reach is being read.
    private LogBlock WaitFor(long index)
    {
        Place place = _places[index % _places.Length];
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            long free;
            lock (_gate)
            {
                if (place.Index == index && place.IsRead)
                {
                    return place.Block;
                }

                free = TryTake();
                if (free < 0)
                {
                    Monitor.Wait(_gate, Wait);
                }
            }

            if (free >= 0)
            {
                ReadBlock(free);
            }
        }
    }

    private void Help()
    {
        while (true)
        {
            long index;
            lock (_gate)
            {
                while ((index = TryTake()) < 0 && !_isDone)
                {
                    Monitor.Wait(_gate);
                }

                if (_isDone)
                {
                    return;
                }
            }

            ReadBlock(index);
        }
    }

    private long TryTake()
    {
        if (_next == _count || _next >= _given + _places.Length)
        {
            return -1;
        }

        Place place = _places[_next % _places.Length];
        place.Index = _next;
        place.IsRead = false;
        return _next++;
    }

    private void ReadBlock(long index)
    {
        Place place = _places[index % _places.Length];
        place.Block.Read(_start + (index * LogBlock.Size), isFirst: index == 0);
        lock (_gate)
        {
            place.IsRead = true;
            Monitor.PulseAll(_gate);
        }
    }

    private void Free()
    {
        lock (_gate)
        {
            _given++;
            Monitor.PulseAll(_gate);
        }
    }

    private sealed class Place(LogBlock block)
    {
        public LogBlock Block { get; } = block;

        public long Index { get; set; } = -1;

        public bool IsRead { get; set; }
    }
}
