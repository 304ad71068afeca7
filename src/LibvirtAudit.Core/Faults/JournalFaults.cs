using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>The failures of reading the systemd journal, each with the one text that it has.</summary>
internal static class JournalFaults
{
    /// <summary>The program that reads journals is not installed.</summary>
    public static Fault NoProgram(string name) =>
        New(FaultId.JournalUnavailable, name, $"{Name(name)} can't be read: the program 'journalctl' is not installed.");

    /// <summary>There is no journal.</summary>
    public static Fault NoJournal(string name) =>
        New(FaultId.JournalUnavailable, name, $"{Name(name)} can't be read: there are no journal files.");

    /// <summary>This user may not read the journal, or only the part of it that is his own.</summary>
    public static Fault AccessDenied(string name) => New(FaultId.JournalAccessDenied, name, $"{Name(name)} may not be read by this user.");

    /// <summary>journalctl failed, or passed something over.</summary>
    public static Fault ReadFailed(string name, string detail, Exception? cause = null) =>
        New(FaultId.JournalReadFailed, name, $"Reading {ShortName(name)} failed: {Show(detail)}.", cause);

    /// <summary>The entry that a bookmark names is gone.</summary>
    /// <param name="name">The journal.</param>
    /// <param name="from">When the journal got that entry, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="to">When it got the first that is left; null where none is left.</param>
    public static Fault Gap(string name, long from, long? to)
    {
        string missing = to is long first
            ? $"The time from {Time(from)} to {Time(first)} may be missing: {TimeSpan.FromMilliseconds(Math.Max(0, first - from)):c}."
            : $"Nothing is left that came after {Time(from)}.";
        string message = $"{Name(name)} no longer holds the entry that the bookmark names: its limits of size or time removed it. {missing}";
        return New(FaultId.BookmarkGap, name, message) with { IsWarning = true };
    }

    private static string Name(string name) =>
        name == Logs.Journal.JournalQuery.SystemName ? "The system's journal" : $"The journal '{Show(name)}'";

    private static string ShortName(string name) =>
        name == Logs.Journal.JournalQuery.SystemName ? "the system's journal" : $"the journal '{Show(name)}'";

    private static string Time(long milliseconds) =>
        VirtAuditRecord.ToLocalTime(milliseconds).ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);

    private static string Show(string text) => PrintableText.Escape(text)!;

    private static Fault New(FaultId id, string target, string message, Exception? cause = null) =>
        new(id, message) { Target = target, Cause = cause };
}
