namespace LibvirtAudit.Logs;

/// <summary>A part of a log: whole lines.</summary>
/// <param name="Start">Where its first line begins.</param>
/// <param name="End">Behind its last line; <see cref="long.MaxValue"/> where it goes to the log's end, wherever that will be by then.</param>
internal readonly record struct LogSpan(long Start, long End)
{
    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Start >= End;

    /// <summary>All of a log.</summary>
    public static LogSpan Whole(LogFile log) => new(log.Start, long.MaxValue);

    /// <summary>How a log is read so that it ends where the span does.</summary>
    public BlockReader.ReadBytes Reader(LogFile log)
    {
        long end = End;
        return (buffer, offset) => log.ReadAt(offset, buffer[..(int)Math.Min(buffer.Length, Math.Max(0, end - offset))]);
    }
}
