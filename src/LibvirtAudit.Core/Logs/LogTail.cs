using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs;

/// <summary>
/// The last records of a log, with the reports of malformed lines among them. A log that can be read anywhere is read from a
/// place near its end, and from one farther back as long as too few records lie behind it, so that the cost is that of the
/// part which holds them, not of the file.
/// </summary>
internal sealed class LogTail : IEventSink
{
    private const int FirstWindow = 256 * 1024;
    private const int WindowGrowth = 4;
    private const int MostFaults = 1000;

    private readonly LinkedList<TailItem> _items = new();
    private readonly IEventSink _progress;
    private readonly int _wanted;
    private int _faults;
    private bool _isOverfull;

    private LogTail(int count, IEventSink progress)
    {
        _wanted = count;
        _progress = progress;
    }

    /// <summary>How many records there are.</summary>
    public int Count { get; private set; }

    /// <summary>Where the log goes on; null for its end.</summary>
    public ResumePoint? End { get; private set; }

    /// <summary>The last <paramref name="count"/> records that pass the filter, with the faults among and behind them.</summary>
    /// <param name="log">The log.</param>
    /// <param name="count">How many records.</param>
    /// <param name="options">Which records, and how.</param>
    /// <param name="progress">What is told how far the reading is.</param>
    /// <param name="isLive">Whether the log may go on: what is not whole yet is left to who reads on from <see cref="End"/>.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <param name="part">The part of the log that counts; null for all of it.</param>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static LogTail Read(LogFile log, int count, ReadOptions options, IEventSink progress, bool isLive, CancellationToken cancellation, LogSpan? part = null)
    {
        LogSpan span = part ?? LogSpan.Whole(log);
        if (span.IsEmpty)
        {
            return new LogTail(count, progress);
        }

        if (!log.IsPositional)
        {
            var all = new LogTail(count, progress);
            new LogReader(log, options, all, cancellation).Read();
            return all;
        }

        long end = Math.Min(span.End, log.Length);

        for (long window = FirstWindow; ; window *= WindowGrowth)
        {
            var tail = new LogTail(count, progress);
            long start;
            try
            {
                start = CarrierTable.IsSequential(log.Opening) || window >= end - span.Start ? span.Start : LineBehind(log, end - window);
            }
            catch (FaultException exception)
            {
                tail.OnFault(exception.Fault);
                return tail;
            }

            if (isLive)
            {
                tail.ReadOn(new LogReader(log, options, tail, cancellation, new ResumePoint(start, [])));
            }
            else
            {
                (span with { Start = start }).Read(log, options, tail, cancellation);
            }

            // One more than wanted: the first of a window may lack what stands before it, an entry of the journal's its
            // beginning, a line of libvirt's log the other half of a refusal.
            if (tail._isOverfull || start == span.Start)
            {
                return tail;
            }
        }
    }

    /// <summary>Gives the items to a sink.</summary>
    public void GiveTo(IEventSink sink)
    {
        foreach (TailItem item in _items)
        {
            if (item.Record is not null)
            {
                sink.OnRecord(item.Record);
            }
            else
            {
                sink.OnFault(item.Fault!);
            }
        }
    }

    public void OnRecord(VirtAuditRecord record)
    {
        _items.AddLast(new TailItem(record, null));
        Count++;
        while (Count > _wanted)
        {
            _isOverfull = true;
            bool isRecord = _items.First!.Value.Record is not null;
            Count -= isRecord ? 1 : 0;
            _faults -= isRecord ? 0 : 1;
            _items.RemoveFirst();
        }
    }

    public void OnFault(Fault fault)
    {
        _items.AddLast(new TailItem(null, fault));
        if (++_faults > MostFaults)
        {
            // The oldest goes; of a log that holds nothing but damage the last thousand lines tell as much as all.
            LinkedListNode<TailItem>? oldest = _items.First;
            while (oldest is { Value.Record: not null })
            {
                oldest = oldest.Next;
            }

            _items.Remove(oldest!);
            _faults--;
        }
    }

    public void OnProgress(LogFile log) => _progress.OnProgress(log);

    private void ReadOn(LogReader reader)
    {
        try
        {
            reader.ReadOn();
        }
        catch (FaultException exception)
        {
            OnFault(exception.Fault);
        }

        End = reader.ResumePoint;
    }

    /// <summary>The beginning of the first line behind an offset; the offset itself where the line is too long to be one.</summary>
    internal static long LineBehind(LogFile log, long offset)
    {
        byte[] block = new byte[TextRecordReader.LongestLine];
        int read = log.ReadAt(offset, block);
        return offset + block.AsSpan(0, read).IndexOf((byte)'\n') + 1;
    }

    // In the order of the log: one of the two.
    private readonly record struct TailItem(VirtAuditRecord? Record, Fault? Fault);
}
