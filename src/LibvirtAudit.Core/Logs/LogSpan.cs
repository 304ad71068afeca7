using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>A part of a log: whole lines.</summary>
/// <param name="Start">Where its first line begins.</param>
/// <param name="End">Behind its last line; <see cref="long.MaxValue"/> where it goes to the end that the log had when it was opened.</param>
internal readonly record struct LogSpan(long Start, long End)
{
    /// <summary>Whether there is nothing in it.</summary>
    public bool IsEmpty => Start >= End;

    /// <summary>All of a log.</summary>
    public static LogSpan Whole(LogFile log) => new(log.Start, long.MaxValue);

    /// <summary>Reads the part of a log; its own failures go to the sink, after all that could be read.</summary>
    /// <exception cref="OperationCanceledException">The reading was cancelled.</exception>
    public void Read(LogFile log, ReadOptions options, IEventSink sink, CancellationToken cancellation) =>
        new LogReader(log, options, sink, cancellation, Start == log.Start ? null : new ResumePoint(Start, [])) { End = End }.Read();
}
