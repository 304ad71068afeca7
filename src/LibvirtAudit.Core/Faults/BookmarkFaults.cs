using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>The failures of bookmarks, each with the one text that it has.</summary>
internal static class BookmarkFaults
{
    /// <summary>The file is no bookmark.</summary>
    public static Fault Damaged(string path, string found) => New(FaultId.BookmarkDamaged, path, $"'{Show(path)}' is not a whole bookmark: {Show(found)}.");

    /// <summary>A later version of the module wrote it.</summary>
    public static Fault Newer(string path, int version) =>
        New(FaultId.BookmarkForeign, path, string.Create(CultureInfo.InvariantCulture, $"'{Show(path)}' is a bookmark of version {version}, which this version of the module does not know."));

    /// <summary>It is of other logs.</summary>
    public static Fault OtherLogs(string path, IEnumerable<string> logs) =>
        New(FaultId.BookmarkForeign, path, $"'{Show(path)}' is a bookmark of other logs: {Show(string.Join(", ", logs))}.");

    /// <summary>Somebody else put it there.</summary>
    public static Fault OtherOwner(string path, uint owner) =>
        New(FaultId.BookmarkForeign, path, string.Create(CultureInfo.InvariantCulture, $"'{Show(path)}' belongs to user {owner}, in a folder where everybody can put files."));

    /// <summary>It may not be read or written.</summary>
    public static Fault AccessDenied(string path, Exception cause) => New(FaultId.BookmarkAccessDenied, path, $"The bookmark '{Show(path)}' can't be kept by this user: {Show(cause.Message)}", cause);

    /// <summary>It could not be read.</summary>
    public static Fault ReadFailed(string path, Exception cause) => New(FaultId.LogReadFailed, path, $"The bookmark '{Show(path)}' could not be read: {Show(cause.Message)}", cause);

    /// <summary>Another reading goes on from it.</summary>
    public static Fault InUse(string path) =>
        New(FaultId.BookmarkInUse, path, $"The bookmark '{Show(path)}' is in use: another command reads with it. Nothing was read.");

    /// <summary>It could not be written.</summary>
    public static Fault WriteFailed(string path, Exception cause) => New(FaultId.LogWriteFailed, path, $"The bookmark '{Show(path)}' could not be written: {Show(cause.Message)}", cause);

    /// <summary>The place is gone.</summary>
    /// <param name="log">The log.</param>
    /// <param name="lastEvent">The last event that was read; null where it is not known.</param>
    /// <param name="from">When that was, in milliseconds since 1970-01-01 UTC; null where it is not known.</param>
    /// <param name="to">When the first event was that is left; null where it is not known.</param>
    public static Fault Gap(string log, string? lastEvent, long? from, long? to)
    {
        string missing = from is long last && to is long first
            ? string.Create(CultureInfo.InvariantCulture, $"The time from {Time(last)} (event {lastEvent}) to {Time(first)} is missing: {TimeSpan.FromMilliseconds(Math.Max(0, first - last))}.")
            : "How much time is missing is not known.";
        return New(FaultId.BookmarkGap, log, $"'{Show(log)}': what the bookmark names is in none of the files any more. {missing} The oldest that is left is read on.") with { IsWarning = true };
    }

    private static string Time(long milliseconds) => VirtAuditRecord.ToLocalTime(milliseconds).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static Fault New(FaultId id, string path, string message, Exception? cause = null) => new(id, message) { Target = path, Cause = cause };

    private static string Show(string text) => PrintableText.Escape(text)!;
}
