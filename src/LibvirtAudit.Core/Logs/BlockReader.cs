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

    /// <summary>Makes a reader of the text from <paramref name="start"/> on.</summary>
    /// <param name="reader">What takes the lines.</param>
    /// <param name="start">The offset of the first byte that will be read.</param>
    /// <param name="cancellation">Ends the reading between two blocks.</param>
    public BlockReader(TextRecordReader reader, long start, CancellationToken cancellation)
    {
        _reader = reader;
        _scanner = new CandidateScanner(reader.Words);
        _cancellation = cancellation;
        Offset = start;
    }

    /// <summary>Reads bytes on; 0 at the end.</summary>
    public delegate int ReadBytes(Span<byte> buffer, long offset);

    /// <summary>The offset of the block that is being looked at.</summary>
    public long Offset { get; private set; }

    /// <summary>Where the first overlong line begins; null where there was none.</summary>
    public long? OverlongLine { get; private set; }

    /// <summary>The block's bytes, for who counts lines.</summary>
    public ReadOnlySpan<byte> Block => _buffer.AsSpan(0, _length);

    /// <summary>Called after each block, before its bytes are given up.</summary>
    public Action? BlockDone { get; init; }

    /// <summary>Reads to the end. Whatever <paramref name="read"/> throws comes through after all that was read before is fed.</summary>
    public void ReadToEnd(ReadBytes read)
    {
        int pending = 0;
        bool isSkipping = false;
        while (true)
        {
            _cancellation.ThrowIfCancellationRequested();
            int count;
            try
            {
                count = read(_buffer.AsSpan(pending), Offset + pending);
            }
            catch (Faults.FaultException)
            {
                FeedLast(pending, isSkipping);
                throw;
            }

            if (count == 0)
            {
                FeedLast(pending, isSkipping);
                return;
            }

            pending = FeedLines(pending + count, ref isSkipping);
        }
    }

    // Feeds the whole lines of the buffer and keeps the beginning of the next; returns its length.
    private int FeedLines(int filled, ref bool isSkipping)
    {
        int end = _buffer.AsSpan(0, filled).LastIndexOf((byte)'\n') + 1;
        int start = 0;
        if (isSkipping)
        {
            start = _buffer.AsSpan(0, filled).IndexOf((byte)'\n') + 1;
            if (start == 0)
            {
                Give(filled);
                return 0;
            }

            isSkipping = false;
        }

        Feed(start, end);
        Give(end);
        int rest = filled - end;
        if (rest > TextRecordReader.LongestLine)
        {
            OverlongLine ??= Offset;
            Give(rest);
            isSkipping = true;
            return 0;
        }

        _buffer.AsSpan(end, rest).CopyTo(_buffer);
        if (rest > _buffer.Length / 2)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        return rest;
    }

    private void FeedLast(int pending, bool isSkipping)
    {
        if (!isSkipping)
        {
            Feed(0, pending);
        }

        Give(pending);
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
    }
}
