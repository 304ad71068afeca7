using LibvirtAudit.Faults;
using LibvirtAudit.Logs.Journal;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>
/// One log, opened: its text as bytes, whatever it is compressed with. Any log can be read from front to end; one that is a
/// plain file on a disk also at any offset, from several threads at once. Offsets count the decompressed bytes from the
/// file's very first. The file may grow, shrink, be renamed or removed meanwhile.
/// </summary>
public sealed class LogFile : IDisposable
{
    private const int HeadSize = 4096;

    private readonly RawFile? _raw;
    private readonly IByteSource _source;
    private readonly TextCheck _check;
    private readonly ReadOnlyMemory<byte> _opening;
    private ReadOnlyMemory<byte> _head;
    private FaultException? _fault;
    private long _reached;
    private long? _end;

    private LogFile(RawFile raw, Compression compression, IByteSource source, ReadOnlyMemory<byte> head, FaultException? fault)
    {
        _raw = raw;
        Path = raw.Path;
        _source = source;
        _fault = fault;
        Compression = compression;
        _check = TextCheck.Of(head.Span);
        _opening = head;
        _head = head[_check.MarkLength..];
        Position = _check.MarkLength;
    }

    private LogFile(JournalSource journal)
    {
        Path = journal.Name;
        _source = journal;
        IsJournal = true;
    }

    /// <summary>The path as it was given; of a journal its name.</summary>
    public string Path { get; }

    /// <summary>Whether it is a journal as <c>journalctl</c> gives it, whose offsets and lines are in no file.</summary>
    public bool IsJournal { get; }

    /// <summary>How the file is compressed.</summary>
    public Compression Compression { get; }

    /// <summary>Which file it is, whatever it is called; null off Linux.</summary>
    public FileIdentity? Identity => _raw?.Identity;

    /// <summary>Whether <see cref="ReadAt"/> can be used: a plain file, not a pipe, not compressed.</summary>
    public bool IsPositional => _raw is { IsRegular: true } && Compression == Compression.None;

    /// <summary>The length of the file on the disk when it was opened, in bytes; 0 for pipes and for files of /proc.</summary>
    public long Length => _raw?.Length ?? 0;

    /// <summary>
    /// Behind the last byte that is read of a log that can be read at any place: its end when it was opened, and that of the line
    /// which was being written then. <see cref="long.MaxValue"/> where the file states no length.
    /// </summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    internal long End => _end ??= _raw is null ? long.MaxValue : EndOfLine(_raw.End);

    /// <summary>How many bytes of the file on the disk were used up so far, to show progress by against <see cref="Length"/>.</summary>
    public long SourcePosition => Math.Max(_source.SourcePosition, Volatile.Read(ref _reached));

    /// <summary>The offset where the text begins: 3 behind a byte order mark of UTF-8, else 0.</summary>
    public long Start => _check.MarkLength;

    /// <summary>The offset of the byte that <see cref="Read"/> gives next.</summary>
    public long Position { get; private set; }

    /// <summary>What the text begins with: 4 KB of it, or what there was when it was opened.</summary>
    internal ReadOnlySpan<byte> Opening => _opening.Span[_check.MarkLength..];

    /// <summary>
    /// LogNotText where the file begins with NULs or other things that are no text, else null. It is still to be read, as
    /// the log of a host that crashed may look so, and is a failure only if no record is found.
    /// </summary>
    public Fault? BinaryHead => _check is { Form: TextForm.Binary, Found: { } found } ? LogFaults.NotText(Path, _check.Offset, found) : null;

    /// <summary>Opens the log at <paramref name="path"/>.</summary>
    /// <param name="path">The path; relative to the process's folder, not to PowerShell's.</param>
    /// <param name="cancellation">Ends waits, for a pipe or a decompressor.</param>
    /// <exception cref="FaultException">
    /// PathNotFound, PathIsDirectory, LogAccessDenied, LogReadFailed, DecompressorMissing; LogNotText for UTF-16 and UTF-32.
    /// </exception>
    /// <exception cref="OperationCanceledException">A wait for a pipe or a decompressor was cancelled.</exception>
    public static LogFile Open(string path, CancellationToken cancellation = default) =>
        Open(path, Environment.GetEnvironmentVariable("PATH"), cancellation);

    /// <summary>The text that a journal is given in, which closes the journal.</summary>
    internal static LogFile Of(JournalSource journal) => new(journal);

    /// <summary>Opens a log as <paramref name="open"/> does; null where that fails, which the sink is told.</summary>
    internal static LogFile? TryOpen(Func<LogFile> open, IEventSink sink)
    {
        try
        {
            return open();
        }
        catch (FaultException exception)
        {
            sink.OnFault(exception.Fault);
            return null;
        }
    }

    /// <summary>Opens a log with decompressors from the folders of <paramref name="searchPath"/>.</summary>
    internal static LogFile Open(string path, string? searchPath, CancellationToken cancellation)
    {
        RawFile raw = RawFile.Open(path, cancellation);
        IByteSource? source = null;
        try
        {
            byte[] rawHead = ReadRawHead(raw);
            Compression compression = CompressionDetector.Detect(rawHead);
            source = compression switch
            {
                Compression.None => new RawStream(raw, rawHead),
                Compression.Gzip => new GzipSource(raw, rawHead),
                _ => ProgramSource.Start(raw, rawHead, compression, searchPath, cancellation),
            };
            (byte[] head, FaultException? fault) = ReadHead(source, compression == Compression.None ? rawHead.Length : HeadSize);
            var log = new LogFile(raw, compression, source, head, fault);
            return log._check is { Form: TextForm.WideCharacters, Found: { } found }
                ? throw new FaultException(LogFaults.NotText(path, 0, found))
                : log.Noted();
        }
        catch
        {
            source?.Dispose();
            raw.Dispose();
            throw;
        }
    }

    /// <summary>Reads on: at least one byte, and fewer than asked for at will; 0 at the end.</summary>
    /// <param name="buffer">Where the bytes go.</param>
    /// <exception cref="FaultException">LogReadFailed, ArchiveDamaged: nothing more can be read. All bytes before it were given.</exception>
    /// <exception cref="OperationCanceledException">A wait was cancelled.</exception>
    public int Read(Span<byte> buffer)
    {
        int read = Math.Min(_head.Length, buffer.Length);
        if (read > 0)
        {
            _head.Span[..read].CopyTo(buffer);
            _head = _head[read..];
        }
        else
        {
            read = _fault is null ? ReadSource(buffer) : throw _fault;
        }

        Position += read;
        return read;
    }

    /// <summary>
    /// Reads what stands at <paramref name="offset"/>: fewer bytes than asked for only at the end or before a fault, 0 at the
    /// end. Does not move <see cref="Position"/>; several threads may read at once.
    /// </summary>
    /// <param name="offset">The offset in the file.</param>
    /// <param name="buffer">Where the bytes go.</param>
    /// <exception cref="FaultException">LogReadFailed, also where the file has become shorter than <see cref="Length"/>.</exception>
    /// <exception cref="InvalidOperationException">The log is not <see cref="IsPositional"/>.</exception>
    public int ReadAt(long offset, Span<byte> buffer) => IsPositional
        ? _raw!.ReadAt(offset, buffer)
        : throw new InvalidOperationException("A pipe or a compressed file can only be read from front to end.");

    /// <summary>As <see cref="ReadAt"/>, but what the file has lost since it was opened is no failure.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    internal int ReadPresent(long offset, Span<byte> buffer) => _raw!.ReadPresent(offset, buffer);

    /// <summary>The address of the entry at an offset of a journal's text that is being read; null in other logs.</summary>
    internal string? EntryAt(long offset) => (_source as JournalSource)?.EntryBefore(offset + 1);

    /// <summary>Tells that all before <paramref name="offset"/> was read with <see cref="ReadAt"/>.</summary>
    internal void Reach(long offset) => Volatile.Write(ref _reached, offset);

    /// <summary>Whether the file still begins as it did when it was opened.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    internal bool HasSameHead()
    {
        byte[] head = new byte[_opening.Length];
        return ReadPresent(0, head) == head.Length && _opening.Span.SequenceEqual(head);
    }

    /// <summary>What the file is like by now: it may have grown or been cut since it was opened.</summary>
    /// <exception cref="FaultException">LogReadFailed.</exception>
    internal FileStatus GetStatus() => _raw!.GetStatus();

    /// <summary>Closes the file and ends the decompressor.</summary>
    public void Dispose()
    {
        FeedingLogs.Remove(this);
        _source.Dispose();
        _raw?.Dispose();
    }

    private LogFile Noted()
    {
        FeedingLogs.Add(this);
        return this;
    }

    // A line whose beginning was there is read whole: half of it would be told as damage.
    private long EndOfLine(long end)
    {
        if (end is 0 or long.MaxValue)
        {
            return end;
        }

        byte[] text = new byte[1 + Parsing.TextRecordReader.LongestLine];
        ReadOnlySpan<byte> line = text.AsSpan(0, ReadPresent(end - 1, text));
        return line.IndexOf((byte)'\n') is > 0 and var feed ? end + feed : end;
    }

    private int ReadSource(Span<byte> buffer)
    {
        try
        {
            return _source.Read(buffer);
        }
        catch (FaultException e)
        {
            _fault = e;
            throw;
        }
    }

    private static byte[] ReadRawHead(RawFile raw)
    {
        var head = new byte[HeadSize];
        int count = 0;
        if (raw.IsRegular)
        {
            count = raw.ReadHead(head);
        }
        else
        {
            // What a pipe has is enough if it tells the kind of the file: the rest may be long in coming.
            for (int read; count < CompressionDetector.NeededBytes && (read = raw.ReadOn(count, head.AsSpan(count))) > 0; count += read)
            {
            }
        }

        return head[..count];
    }

    private static (byte[] Head, FaultException? Fault) ReadHead(IByteSource source, int size)
    {
        var head = new byte[size];
        int count = 0;
        try
        {
            for (int read; count < size && (read = source.Read(head.AsSpan(count))) > 0; count += read)
            {
            }
        }
        catch (FaultException e)
        {
            return (head[..count], e);
        }

        return (head[..count], null);
    }
}
