using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>One block of a file that is read for itself: the lines that begin in it, and what they hold.</summary>
internal sealed class LogBlock
{
    /// <summary>How many bytes of the file one block stands for.</summary>
    public const int Size = 128 * 1024;

    private const int Margin = 2 * 1024;
    private readonly LogFile _log;
    private byte[] _buffer = new byte[1 + Size + Margin];

    /// <summary>Makes a block, to be used for one place after the other.</summary>
    /// <param name="log">The log; it is read at places only.</param>
    /// <param name="options">Which records, and how.</param>
    public LogBlock(LogFile log, ReadOptions options)
    {
        _log = log;
        Findings = new LineFindings(options, log.Path);
    }

    /// <summary>What the lines hold.</summary>
    public LineFindings Findings { get; }

    /// <summary>Where the last of the lines ends.</summary>
    public long End { get; private set; }

    /// <summary>Whether all was found that is there: no line has to wait for its turn, and all could be read.</summary>
    public bool IsWhole { get; private set; }

    /// <summary>Reads the lines that begin at <paramref name="offset"/> or in the <see cref="Size"/> bytes from there.</summary>
    /// <param name="offset">Where the block begins.</param>
    /// <param name="isFirst">Whether a line begins there whatever stands before.</param>
    public void Read(long offset, bool isFirst)
    {
        IsWhole = false;
        try
        {
            ReadLines(offset, isFirst);
        }
        catch (Exception)
        {
            // Who reads the block in its turn meets the same, in the thread that may tell of it.
            IsWhole = false;
        }
    }

    private void ReadLines(long offset, bool isFirst)
    {
        // A line begins behind a line feed: that of the first one is the byte before the block.
        int before = isFirst ? 0 : 1;
        int filled = _log.ReadAt(offset - before, _buffer.AsSpan(0, before + Size + Margin));
        int lastByte = before + Size - 1;
        int end;
        while ((end = Behind(filled, lastByte)) == 0)
        {
            if (filled > before + Size + TextRecordReader.LongestLine)
            {
                return;
            }

            int margin = filled - before - Size;
            if (filled + margin > _buffer.Length)
            {
                Array.Resize(ref _buffer, filled + margin);
            }

            int more = _log.ReadAt(offset - before + filled, _buffer.AsSpan(filled, margin));
            if (more == 0)
            {
                return;
            }

            filled += more;
        }

        int start = isFirst ? 0 : Behind(filled, 0);
        if (start <= lastByte)
        {
            int lastLine = _buffer.AsSpan(start, lastByte - start).LastIndexOf((byte)'\n') + 1 + start;
            if (end - 1 - lastLine > TextRecordReader.LongestLine)
            {
                return;
            }

            Findings.Read(_buffer.AsMemory(start, end - start), offset - before + start);
        }
        else
        {
            Findings.Read(ReadOnlyMemory<byte>.Empty, offset);
        }

        End = offset - before + end;
        IsWhole = !Findings.NeedsOrder;
    }

    // The place behind the first line feed from one on; 0 where there is none.
    private int Behind(int filled, int from) =>
        from < filled && _buffer.AsSpan(from, filled - from).IndexOf((byte)'\n') is >= 0 and var feed ? from + feed + 1 : 0;
}
