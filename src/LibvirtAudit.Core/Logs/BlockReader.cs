using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>
/// Feeds a text to a record reader: in large blocks that end with a line, of which only the lines that can hold a record are
/// looked at. A line longer than any record can be is passed over and told.
/// </summary>
internal sealed class BlockReader
{
    private const int FirstBufferSize = 256 * 1024;
    private readonly CandidateScanner _scanner;
    private readonly TextRecordReader _reader;
    private readonly CancellationToken _cancellation;
    private byte[] _buffer = new byte[FirstBufferSize];
    private int _length;
    private int _pending;
    private long? _skipped;

    /// <summary>Makes a reader of the text from <paramref name="start"/> on.</summary>
    /// <param name="reader">What takes the lines.</param>
    /// <param name="start">The offset of the first byte that will be read.</param>
    /// <param name="cancellation">Ends the reading between two blocks.</param>
    public BlockReader(TextRecordReader reader, long start, CancellationToken cancellation)
    {
        _reader = reader;
        _scanner = LineReader.ScannerFor(reader.Options);
        _cancellation = cancellation;
        Offset = start;
    }

    /// <summary>Reads bytes on; 0 at the end.</summary>
    public delegate int ReadBytes(Span<byte> buffer, long offset);

    /// <summary>The offset of the block that is being looked at.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the line begins whose end was not read yet.</summary>
    public long LineStart => _skipped ?? Offset;

    /// <summary>The offset of the byte that is read next.</summary>
    public long Position => Offset + _pending;

    /// <summary>Where the first overlong line begins; null where there was none.</summary>
    public long? OverlongLine { get; private set; }

    /// <summary>The block's bytes, for who counts lines.</summary>
    public ReadOnlySpan<byte> Block => _buffer.AsSpan(0, _length);

    /// <summary>Called after each block, before its bytes are given up.</summary>
    public Action? BlockDone { get; init; }

    /// <summary>Goes on at <paramref name="offset"/>, the beginning of a line: what is before was read by others.</summary>
    public void SkipTo(long offset)
    {
        Offset = offset;
        _reader.Pass(offset);
    }

    /// <summary>Reads what there is. A last line without its line feed waits for more; so does what stood before a fault that <paramref name="read"/> throws.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool ReadOn(ReadBytes read)
    {
        for (bool any = false; ; any = true)
        {
            _cancellation.ThrowIfCancellationRequested();
            int count = read(_buffer.AsSpan(_pending), Position);
            if (count == 0)
            {
                return any;
            }

            FeedLines(_pending + count);
        }
    }

    /// <summary>Ends the text: a last line without its line feed is a line.</summary>
    public void Finish()
    {
        int last = _pending;
        _pending = 0;
        if (_skipped is null)
        {
            Feed(0, last);
        }

        _skipped = null;
        Give(last);
    }

    // Feeds the whole lines of the buffer and keeps the beginning of the next.
    private void FeedLines(int filled)
    {
        int end = _buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
        int start = 0;
        _pending = 0;
        if (_skipped is not null)
        {
            start = _buffer.AsSpan(0, filled).IndexOf((byte)'\n') + 1;
            if (start == 0)
            {
                Give(filled);
                return;
            }

            _skipped = null;
        }

        TellOverlong(_buffer.AsSpan(start, end - start), Offset + start);
        Feed(start, end);
        int rest = filled - end;
        bool isOverlong = rest > TextRecordReader.LongestLine;
        if (isOverlong)
        {
            _skipped = Offset + end;
            OverlongLine ??= _skipped;
        }

        Give(isOverlong ? filled : end);
        if (isOverlong)
        {
            return;
        }

        _buffer.AsSpan(end, rest).CopyTo(_buffer);
        _pending = rest;
        if (rest > _buffer.Length / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }
    }

    // Only a block longer than a line may be has such a line whole.
    private void TellOverlong(ReadOnlySpan<byte> lines, long offset)
    {
        for (int start = 0; OverlongLine is null && lines.Length - start > TextRecordReader.LongestLine + 1;)
        {
            int feed = lines.Slice(start, TextRecordReader.LongestLine + 1).LastIndexOf((byte)'\n');
            OverlongLine = feed < 0 ? offset + start : null;
            start += feed + 1;
        }
    }

    private void Feed(int start, int end)
    {
        _length = end;
        ReadOnlySpan<byte> block = Block;
        int position = start;
        while (position < end)
        {
            int lineStart = position, lineEnd;
            if (_reader.WantsEveryLine)
            {
                int length = block[position..].IndexOf((byte)'\n');
                lineEnd = length < 0 ? end : position + length;
                position = lineEnd + 1;
            }
            else if (!_scanner.TryNext(block, ref position, out lineStart, out lineEnd))
            {
                return;
            }

            _reader.Feed(block[lineStart..lineEnd], Offset + lineStart);
        }
    }

    private void Give(int count)
    {
        _length = count;
        BlockDone?.Invoke();
        Offset += count;
        _reader.Pass(LineStart);
    }
}
