namespace LibvirtAudit.Logs;

/// <summary>
/// Reads a log from its end to its front in blocks of whole lines, so that its last records are found without reading the
/// rest. Within a block the lines stand in the file's order. Time is linear in what is read, memory is bounded by the
/// longest line that is wanted.
/// </summary>
public sealed class ReverseBlockReader
{
    private const int DefaultBlockSize = 256 * 1024;

    private readonly LogFile _log;
    private readonly int _blockSize;
    private readonly int _maxLineLength;
    private byte[] _buffer;
    private int _first;
    private int _length;
    private long _end;

    /// <summary>Begins at the end that <paramref name="log"/> had when it was opened.</summary>
    /// <param name="log">The log; it must be <see cref="LogFile.IsPositional"/>.</param>
    /// <param name="maxLineLength">Lines of more bytes, the newline not counted, are passed over.</param>
    /// <param name="blockSize">How many bytes a block has at most, unless one line needs more.</param>
    public ReverseBlockReader(LogFile log, int maxLineLength, int blockSize = DefaultBlockSize)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(maxLineLength);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(blockSize);
        _log = log;
        _maxLineLength = maxLineLength;

        // A block that could hold a line longer than wanted would let it through.
        _blockSize = Math.Min(blockSize, maxLineLength);
        _buffer = new byte[_blockSize];
        _end = Math.Max(log.Start, log.Length);
    }

    /// <summary>Whole lines with their newlines; the last line of the file may have none. Empty where <see cref="SkippedLength"/> is not 0. Valid until the next move.</summary>
    public ReadOnlySpan<byte> Block => _buffer.AsSpan(_first, _length);

    /// <summary>The offset of the first byte of <see cref="Block"/>, or of the line that was passed over.</summary>
    public long Offset => _end;

    /// <summary>How many bytes, newline included, the line has that was passed over since it is too long; 0 where <see cref="Block"/> holds lines.</summary>
    public long SkippedLength { get; private set; }

    /// <summary>Moves to the block before the present one; the first time, to the last of the log. False at the front of the log.</summary>
    /// <exception cref="Faults.FaultException">LogReadFailed, also where the file has become shorter.</exception>
    /// <exception cref="InvalidOperationException">The log is not <see cref="LogFile.IsPositional"/>.</exception>
    public bool MoveBack()
    {
        (_length, SkippedLength) = (0, 0);
        if (_end == _log.Start)
        {
            return false;
        }

        // The bytes read so far are the last of the buffer: more of them go in front.
        long from = _end;
        long limit = _maxLineLength + 2L;
        for (long wanted = _blockSize; ; wanted = Math.Min(2 * wanted, limit))
        {
            int known = (int)(_end - from);
            int more = (int)(Math.Min(wanted, _end - _log.Start) - known);
            Grow(known, known + more);
            from -= more;
            ReadExactly(from, _buffer.AsSpan(_buffer.Length - known - more, more));
            int begin = from == _log.Start ? 0 : LineBegin(_buffer.AsSpan(_buffer.Length - known - more), more);
            if (begin >= 0)
            {
                Give(known + more - begin);
                return true;
            }

            if (wanted == limit)
            {
                Skip(from);
                return true;
            }
        }
    }

    /// <summary>Where the first line begins whose newline before it is among the first <paramref name="searched"/> bytes; -1 if none. A newline at the very end only ends a line.</summary>
    private static int LineBegin(ReadOnlySpan<byte> bytes, int searched)
    {
        int newline = bytes[..searched].IndexOf((byte)'\n');
        return newline >= 0 && newline + 1 < bytes.Length ? newline + 1 : -1;
    }

    /// <summary>Makes the last bytes of the buffer the block; without its last line where that is too long, which shows only when the front of a line that needed more than a block is found.</summary>
    private void Give(int length)
    {
        _first = _buffer.Length - length;
        _length = length;
        if (length > _maxLineLength)
        {
            ReadOnlySpan<byte> block = Block;
            int last = block[..^1].LastIndexOf((byte)'\n') + 1;
            int lineLength = length - last - (block[^1] == (byte)'\n' ? 1 : 0);
            if (lineLength > _maxLineLength)
            {
                SkippedLength = length - last;
                (length, _length) = (length - last, 0);
            }
        }

        _end -= length;
    }

    private void Grow(int known, int needed)
    {
        if (needed > _buffer.Length)
        {
            var larger = new byte[needed];
            _buffer.AsSpan(_buffer.Length - known).CopyTo(larger.AsSpan(needed - known));
            _buffer = larger;
        }
    }

    /// <summary>Finds the front of a line that is too long, of which everything from <paramref name="from"/> on is known to hold none.</summary>
    private void Skip(long from)
    {
        long begin = _log.Start;
        while (from > _log.Start)
        {
            Span<byte> block = _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, from - _log.Start));
            from -= block.Length;
            ReadExactly(from, block);
            int newline = block.LastIndexOf((byte)'\n');
            if (newline >= 0)
            {
                begin = from + newline + 1;
                break;
            }
        }

        SkippedLength = _end - begin;
        _end = begin;
    }

    private void ReadExactly(long offset, Span<byte> buffer)
    {
        // A file that was cut meanwhile gives its last bytes first and the fault then.
        for (int read; !buffer.IsEmpty; buffer = buffer[read..], offset += read)
        {
            read = _log.ReadAt(offset, buffer);
        }
    }
}
