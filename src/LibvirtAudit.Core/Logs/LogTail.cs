using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Parsing.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs;

/// <summary>
/// The last records of a log, with the reports of malformed lines among them. A log that can be read anywhere is read from a
/// place near its end, and from one farther back as long as too few records lie behind it, so that the cost is that of the
/// part which holds them, not of the file.
/// </summary>
internal sealed class LogTail : ILogSink
{
    private const int FirstWindow = 256 * 1024;
    private const int WindowGrowth = 4;
    private const int MostFaults = 1000;
    private readonly LinkedList<object> _items = new();
    private readonly ILogSink _progress;
    private readonly int _count;
    private int _records;
    private int _faults;
    private bool _isOverfull;

    private LogTail(int count, ILogSink progress)
    {
        _count = count;
        _progress = progress;
    }

    /// <summary>The last <paramref name="count"/> records that pass the filter, and the faults among and behind them: <see cref="VirtAuditRecord"/> and <see cref="Fault"/> in the order of the log.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public static IReadOnlyCollection<object> Read(LogFile log, int count, ReadOptions options, ILogSink progress, CancellationToken cancellation)
    {
        if (!log.IsPositional)
        {
            var all = new LogTail(count, progress);
            new LogReader(log, options, all, cancellation).Read();
            return all._items;
        }

        for (long window = FirstWindow; ; window *= WindowGrowth)
        {
            var tail = new LogTail(count, progress);
            long start;
            try
            {
                // The export form of the journal can only be read from its beginning: in the middle nothing tells an
                // entry's lines from the bytes of a value.
                start = BeginsWithEntry(log) || window >= log.Length - log.Start ? log.Start : LineBehind(log, log.Length - window);
            }
            catch (FaultException exception)
            {
                tail.OnFault(exception.Fault);
                return tail._items;
            }

            new LogReader(log, options, tail, cancellation).ReadFrom(start);

            // One more than wanted: the first of a window may lack what stands before it, an entry of the journal's its
            // beginning, a line of libvirt's log the other half of a refusal.
            if (tail._isOverfull || start == log.Start)
            {
                return tail._items;
            }
        }
    }

    public void OnRecord(VirtAuditRecord record)
    {
        _items.AddLast(record);
        _records++;
        while (_records > _count)
        {
            _isOverfull = true;
            bool isRecord = _items.First!.Value is VirtAuditRecord;
            _records -= isRecord ? 1 : 0;
            _faults -= isRecord ? 0 : 1;
            _items.RemoveFirst();
        }
    }

    public void OnFault(Fault fault)
    {
        _items.AddLast(fault);
        if (++_faults > MostFaults)
        {
            // The oldest goes; of a log that holds nothing but damage the last thousand lines tell as much as all.
            LinkedListNode<object>? oldest = _items.First;
            while (oldest is { Value: VirtAuditRecord })
            {
                oldest = oldest.Next;
            }

            _items.Remove(oldest!);
            _faults--;
        }
    }

    public void OnProgress(LogFile log) => _progress.OnProgress(log);

    private static bool BeginsWithEntry(LogFile log)
    {
        byte[] head = new byte[16];
        return JournalExport.Begins(head.AsSpan(0, log.ReadAt(log.Start, head)));
    }

    // The beginning of the first line behind an offset; the offset itself where the line is too long to be one.
    private static long LineBehind(LogFile log, long offset)
    {
        byte[] block = new byte[TextRecordReader.LongestLine];
        int read = log.ReadAt(offset, block);
        return offset + block.AsSpan(0, read).IndexOf((byte)'\n') + 1;
    }
}
