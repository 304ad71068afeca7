using System.Collections.Concurrent;

namespace LibvirtAudit.Logs;

/// <summary>
/// The logs that each thread has open for reading. What a pipeline writes while it is fed it writes on the thread that reads: a record
/// that goes back into the log which it came from would be read once more.
/// </summary>
internal static class FeedingLogs
{
    private static readonly ConcurrentDictionary<LogFile, (FileIdentity Identity, int Thread)> Logs = new();

    /// <summary>Takes note of a log that this thread has opened.</summary>
    public static void Add(LogFile log)
    {
        if (log.Identity is FileIdentity identity)
        {
            Logs[log] = (identity, Environment.CurrentManagedThreadId);
        }
    }

    /// <summary>Forgets a log that is closed, on whatever thread.</summary>
    public static void Remove(LogFile log) => Logs.TryRemove(log, out _);

    /// <summary>Whether this thread is reading the file.</summary>
    public static bool IsRead(FileIdentity identity) => !Logs.IsEmpty && Logs.Values.Contains((identity, Environment.CurrentManagedThreadId));
}
