using System.Globalization;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Format;
using LibvirtAudit.Parsing;
using LibvirtAudit.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs;

/// <summary>
/// The guests and values that one log names, as far as it was read: from its end backwards, piece by piece, until its
/// beginning or a depth is reached. When the log has grown, only what was added is read. A log that can't be read
/// anywhere is read from its front. A limited number is kept, of which the youngest come first.
/// </summary>
internal sealed class LogVocabulary
{
    private const int Piece = 1024 * 1024;
    private const int MostGuests = 4096;
    private const int MostValues = 16 * 1024;

    /// <summary>What is longer nobody looks for by its beginning.</summary>
    private const int LongestText = 256;

    private static readonly ReadOptions AllRecords = new(RecordFilter.All);

    private static readonly RecordField[] Fields =
    [
        .. Grammar.Shapes.SelectMany(shape => shape.Fields).Where(field => field.IsResourceValue).Select(field => field.Property).Distinct(),
        RecordField.Cgroup, RecordField.Major, RecordField.VMContext, RecordField.ImageContext,
    ];

    private readonly HashSet<KnownGuest> _guests = [];
    private readonly HashSet<KnownValue> _values = [];
    private readonly long _depth;
    private FileStatus _seen;
    private bool _isWhole;

    // The part of the log that was read, and what stands before its end.
    private long _start;
    private long _end;
    private Fingerprint? _mark;

    /// <summary>Makes a vocabulary in which nothing is known yet.</summary>
    /// <param name="depth">How many bytes from the log's end are enough.</param>
    public LogVocabulary(long depth) => _depth = depth;

    /// <summary>The guests.</summary>
    public IReadOnlyCollection<KnownGuest> Guests => _guests;

    /// <summary>The values.</summary>
    public IReadOnlyCollection<KnownValue> Values => _values;

    /// <summary>How many words are kept.</summary>
    public int Count => _guests.Count + _values.Count;

    /// <summary>Whether there is nothing to be read, now that the log is so.</summary>
    public bool IsSettled(FileStatus status) => _isWhole && status == _seen;

    /// <summary>Reads what was added to the log since, or its last piece where nothing of it is known.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    public void CatchUp(LogFile log, ReadBudget budget)
    {
        _seen = log.GetStatus();
        _isWhole = false;
        if (IsReadFromFront(log))
        {
            Clear();
            return;
        }

        // A full one would have no place for the youngest.
        bool isFull = _guests.Count >= MostGuests || _values.Count >= MostValues;
        long added = log.Length - _end;
        if (_mark is null || added < 0 || added > (isFull ? 0 : _depth) || !_mark.IsOf(log, _end, CancellationToken.None))
        {
            Clear();
            _start = _end = LineAt(log, log.Length - Math.Min(Piece, _depth));
        }

        ReadForwards(log, budget);
        _mark = Fingerprint.TextBefore(log, _end) is byte[] text ? Fingerprint.Of(text) : null;
    }

    /// <summary>Reads one piece more.</summary>
    /// <returns>Whether there may be another to read.</returns>
    /// <exception cref="FaultException">LogReadFailed, ArchiveDamaged.</exception>
    public bool ReadOn(LogFile log, ReadBudget budget)
    {
        if (IsReadFromFront(log))
        {
            ReadFront(log, budget);
        }
        else if (PieceBefore(log) is long start && start < _start)
        {
            ReadBackwards(log, start, budget);
            return !budget.IsSpent;
        }
        else
        {
            _isWhole = true;
        }

        return false;
    }

    private static bool IsReadFromFront(LogFile log) => !log.IsPositional || CarrierTable.IsSequential(log.Opening);

    private static long LineAt(LogFile log, long offset) => offset <= log.Start ? log.Start : LogTail.LineBehind(log, offset);

    // A piece begins with a line, and does not when the depth allows for less than one.
    private long PieceBefore(LogFile log) => LineAt(log, _start - Math.Min(Piece, _depth - (_end - _start)));

    private void Clear()
    {
        _guests.Clear();
        _values.Clear();
        _mark = null;
    }

    private void ReadForwards(LogFile log, ReadBudget budget)
    {
        using var sink = new Sink(this, budget);
        var reader = new LogReader(log, AllRecords, sink, sink.Stopped, new ResumePoint(_end, []), (buffer, offset) => Counted(log.ReadAt(offset, buffer), budget));
        try
        {
            reader.ReadOn();
        }
        catch (OperationCanceledException)
        {
            // The time is over: what is left is added another time.
        }

        // A last line that is not whole is looked at, and read again when it is.
        _end = reader.ResumePoint.Offset;
        reader.Finish();
    }

    private void ReadBackwards(LogFile log, long start, ReadBudget budget)
    {
        long end = _start;
        using var sink = new Sink(this, budget);
        var reader = new LogReader(log, AllRecords, sink, sink.Stopped, new ResumePoint(start, []),
            (buffer, offset) => Counted(log.ReadAt(offset, buffer[..(int)Math.Min(buffer.Length, end - offset)]), budget));
        try
        {
            reader.ReadOn();
            reader.Finish();
            _start = start;
        }
        catch (OperationCanceledException)
        {
            // The time is over: the piece is read again.
        }
    }

    private void ReadFront(LogFile log, ReadBudget budget)
    {
        using var sink = new Sink(this, budget);
        try
        {
            new LogReader(log, AllRecords, sink, sink.Stopped).Read();
            _isWhole = true;
        }
        catch (OperationCanceledException)
        {
            // The time is over, or the depth is reached; only more time would find more.
            _isWhole = log.Position >= _depth;
        }
    }

    private static int Counted(int read, ReadBudget budget)
    {
        budget.Take(read);
        return read;
    }

    private void Add(VirtAuditRecord record)
    {
        if (_guests.Count < MostGuests && IsShort(record.VMName) && IsShort(record.Node) && IsShort(record.Driver))
        {
            _guests.Add(new KnownGuest(record.Node, record.VMName, record.Uuid, record.Driver));
        }

        foreach (RecordField field in Fields)
        {
            if (_values.Count < MostValues && RecordProperties.Get(record, field) is object value
                && Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text && IsShort(text) && IsShort(record.VMName))
            {
                _values.Add(new KnownValue(field, text, record.ResourceType, record.VMName));
            }
        }
    }

    private static bool IsShort(string? text) => text is null || text.Length <= LongestText;

    private sealed class Sink(LogVocabulary vocabulary, ReadBudget budget) : IEventSink, IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private long _position;

        public CancellationToken Stopped => _stop.Token;

        public void OnRecord(VirtAuditRecord record) => vocabulary.Add(record);

        public void OnFault(Fault fault)
        {
            // Who reads the log is told; who completes a word is not disturbed.
        }

        public void OnProgress(LogFile log)
        {
            budget.Take(log.Position - _position);
            _position = log.Position;
            if (budget.IsSpent || log.Position >= vocabulary._depth)
            {
                _stop.Cancel();
            }
        }

        public void Dispose() => _stop.Dispose();
    }
}
