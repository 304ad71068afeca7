using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;

namespace LibvirtAudit.Logs;

/// <summary>
/// Finds the part of a log that holds the records of a time, by halves, where the log's lines are in the order of their
/// stamps. Lines without a stamp (<c>[node=NAME ]type=TYPE msg=audit(SEC.MMM:SERIAL)</c>) count to the stamps around them.
/// </summary>
internal static class StampSearch
{
    /// <summary>
    /// By how much stamps may step back all the same, in milliseconds: events are stamped when they begin and logged when they
    /// end, and the kernel's clock ticks. In the captures of tests/data it is 5 at most.
    /// </summary>
    public const long Slack = 10_000;

    /// <summary>Halves of less than this are read, not halved again.</summary>
    private const int Precision = 64 * 1024;
    private const int BlockSize = 16 * 1024;

    /// <summary>Longer than what stands before a record's text: node, type and stamp.</summary>
    private const int HeadLength = 512;

    /// <summary>
    /// Where the records from <paramref name="from"/> to <paramref name="to"/> are. Of a log that can only be read from its
    /// beginning that is all, or nothing where it begins behind <paramref name="to"/>.
    /// </summary>
    /// <param name="log">The log.</param>
    /// <param name="from">The first moment, in milliseconds since 1970-01-01 UTC; null for no limit.</param>
    /// <param name="to">The last moment, in milliseconds since 1970-01-01 UTC; null for no limit.</param>
    /// <param name="cancellation">Ends the search.</param>
    /// <param name="precision">How much more may be found than there is, in bytes at either end.</param>
    /// <exception cref="Faults.FaultException">LogReadFailed.</exception>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    public static LogSpan Find(LogFile log, long? from, long? to, CancellationToken cancellation, int precision = Precision)
    {
        LogSpan span = LogSpan.Whole(log);
        if (!log.IsPositional && FirstStamp(log.Opening) > to + Slack)
        {
            return new LogSpan(span.Start, span.Start);
        }

        if (!log.IsPositional || CarrierTable.IsSequential(log.Opening))
        {
            return span;
        }

        var buffer = new byte[BlockSize];
        if (from is long first)
        {
            span = span with { Start = Halve(stamp => stamp >= first - Slack).Before };
        }

        if (to is long last)
        {
            span = span with { End = Halve(stamp => stamp > last + Slack).Behind };
        }

        return span;

        // The last line that was looked at and is not behind a moment, and the first that is.
        (long Before, long Behind) Halve(Func<long, bool> isBehind)
        {
            (long before, long behind) = (span.Start, long.MaxValue);
            for (long low = span.Start, high = log.Length; high - low > precision;)
            {
                cancellation.ThrowIfCancellationRequested();
                long middle = low + ((high - low) / 2);
                if (FirstStamped(log, middle, high, buffer) is not (long line, long stamp))
                {
                    high = middle;
                }
                else if (isBehind(stamp))
                {
                    (behind, high) = (line, middle);
                }
                else
                {
                    before = low = line;
                }
            }

            return (before, behind);
        }
    }

    private static long? FirstStamp(ReadOnlySpan<byte> text)
    {
        while (!text.IsEmpty)
        {
            if (TryReadStamp(text, out long stamp))
            {
                return stamp;
            }

            int feed = text.IndexOf((byte)'\n');
            text = feed < 0 ? default : text[(feed + 1)..];
        }

        return null;
    }

    // The first line with a stamp that begins at or behind an offset, the file's first byte excepted, and before a limit.
    private static (long Line, long Stamp)? FirstStamped(LogFile log, long offset, long limit, byte[] buffer)
    {
        // A line begins behind a line feed.
        bool isLineStart = false;
        for (long position = offset - 1; position < limit;)
        {
            ReadOnlySpan<byte> block = buffer.AsSpan(0, log.ReadAt(position, buffer));
            bool isEnd = block.Length < buffer.Length;
            int at = 0;
            while (at < block.Length)
            {
                ReadOnlySpan<byte> rest = block[at..];
                int feed = rest.IndexOf((byte)'\n');
                if (isLineStart)
                {
                    if (position + at >= limit)
                    {
                        return null;
                    }

                    if (feed < 0 && rest.Length < HeadLength && !isEnd)
                    {
                        break;
                    }

                    if (TryReadStamp(rest, out long stamp))
                    {
                        return (position + at, stamp);
                    }
                }

                isLineStart = feed >= 0;
                at = feed < 0 ? block.Length : at + feed + 1;
            }

            if (isEnd)
            {
                return null;
            }

            position += at;
        }

        return null;
    }

    private static bool TryReadStamp(ReadOnlySpan<byte> line, out long stamp)
    {
        line = line[..Math.Min(line.Length, HeadLength)];
        line = line.IndexOf((byte)'\n') is >= 0 and var feed ? line[..feed] : line;
        bool isStamped = EventHeader.TryRead(line, 0, out EventHeader header) && header is { IsInterpreted: false, UnixMilliseconds: not null };
        stamp = isStamped ? header.UnixMilliseconds!.Value : 0;
        return isStamped;
    }
}
