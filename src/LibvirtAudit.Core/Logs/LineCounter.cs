namespace LibvirtAudit.Logs;

/// <summary>
/// Line numbers for messages. Reading records needs none, so lines are counted only when a number is asked for, by reading
/// the file once more up to there, and from there on the next time: any number of rising offsets costs one pass together.
/// </summary>
public sealed class LineCounter
{
    private const int BlockSize = 64 * 1024;

    private readonly LogFile _log;
    private byte[]? _block;
    private long _lines;

    /// <summary>Counts the lines of <paramref name="log"/>.</summary>
    public LineCounter(LogFile log)
    {
        _log = log;
        Position = log.Start;
    }

    /// <summary>Ends the counting.</summary>
    public CancellationToken Cancellation { get; init; }

    /// <summary>Up to which offset the lines are counted.</summary>
    public long Position { get; private set; }

    /// <summary>
    /// The number, from 1 on, of the line that the byte at <paramref name="offset"/> belongs to; a newline belongs to the line
    /// that it ends.
    /// </summary>
    /// <param name="offset">The offset in the log. One before <see cref="Position"/> has the count begin anew.</param>
    /// <exception cref="Faults.FaultException">LogReadFailed.</exception>
    /// <exception cref="InvalidOperationException">
    /// The log is not <see cref="LogFile.IsPositional"/>, and <see cref="Count"/> was not given exactly the bytes before <paramref name="offset"/>.
    /// </exception>
    /// <exception cref="OperationCanceledException">The counting was cancelled.</exception>
    public long LineAt(long offset)
    {
        if (offset < Position)
        {
            (Position, _lines) = (_log.Start, 0);
        }

        while (Position < offset)
        {
            Cancellation.ThrowIfCancellationRequested();
            _block ??= new byte[BlockSize];
            int read = _log.ReadAt(Position, _block.AsSpan(0, (int)Math.Min(BlockSize, offset - Position)));
            if (read == 0)
            {
                break;
            }

            Count(_block.AsSpan(0, read));
        }

        return _lines + 1;
    }

    /// <summary>
    /// Counts the lines of bytes that were read from <see cref="Position"/> on: the only way for a pipe or a compressed log,
    /// which can't be read again.
    /// </summary>
    public void Count(ReadOnlySpan<byte> bytes)
    {
        _lines += bytes.Count((byte)'\n');
        Position += bytes.Length;
    }
}
