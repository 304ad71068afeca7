using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs;

/// <summary>Reads the records of one open log.</summary>
internal sealed class LogReader : IRecordSink
{
    private readonly LogFile _log;
    private readonly ILogSink _sink;
    private readonly ReadOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly LineCounter _lines;
    private BlockReader? _blocks;
    private bool _countsLines = true;

    public LogReader(LogFile log, ReadOptions options, ILogSink sink, CancellationToken cancellation)
    {
        _log = log;
        _options = options;
        _sink = sink;
        _cancellation = cancellation;
        _lines = new LineCounter(log) { Cancellation = cancellation };
    }

    /// <summary>Reads the log from its beginning; its own failures go to the sink, after all that could be read.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void Read() => Read(_log.Start, (buffer, _) => _log.Read(buffer));

    /// <summary>Reads a log that can be read anywhere from <paramref name="start"/>, the beginning of a line.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    /// <remarks>Its faults name no line: to count the lines before would take reading the whole file.</remarks>
    public void ReadFrom(long start)
    {
        _countsLines = start == _log.Start;
        Read(start, (buffer, offset) => _log.ReadAt(offset, buffer));
    }

    void IRecordSink.OnRecord(VirtAuditRecord record) => _sink.OnRecord(record);

    void IRecordSink.OnMalformed(long offset, string defect, ReadOnlySpan<byte> line) =>
        _sink.OnFault(LogFaults.Malformed(_log.Path, LineAt(offset), offset, defect, ByteText.GetString(line)));

    private void Read(long start, BlockReader.ReadBytes read)
    {
        var reader = new TextRecordReader(_options, _log.Path, this);
        _blocks = new BlockReader(reader, start, _cancellation) { BlockDone = EndBlock };
        try
        {
            _blocks.ReadToEnd(read);
            reader.Complete();
        }
        catch (FaultException exception)
        {
            reader.Complete();
            _sink.OnFault(exception.Fault);
            return;
        }

        if (_blocks.OverlongLine is long offset)
        {
            _sink.OnFault(LogFaults.NotText(_log.Path, offset, $"a line of more than {TextRecordReader.LongestLine} bytes"));
        }
        else if (!reader.FoundAny && _log.BinaryHead is Fault fault)
        {
            _sink.OnFault(fault);
        }
    }

    private void EndBlock()
    {
        // What can't be read again is counted as it goes by.
        if (!_log.IsPositional)
        {
            CountTo(_blocks!.Block.Length);
        }

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
                CountTo((int)(offset - _blocks!.Offset));
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
        int counted = (int)(_lines.Position - _blocks!.Offset);
        _lines.Count(_blocks.Block[counted..position]);
    }
}
