using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>The failures of reading logs, each with the one text that it has.</summary>
public static class LogFaults
{
    /// <summary>How much of an offending line a message quotes, in characters.</summary>
    private const int Excerpt = 160;

    /// <summary>No file has that path.</summary>
    public static Fault PathNotFound(string path) => New(FaultId.PathNotFound, path, $"There is no file '{Show(path)}'.");

    /// <summary>The path is of another provider.</summary>
    public static Fault PathNotFileSystem(string path) => New(FaultId.PathNotFileSystem, path, $"'{Show(path)}' is not a path of the file system.");

    /// <summary>The path is a folder.</summary>
    public static Fault PathIsDirectory(string path) => New(FaultId.PathIsDirectory, path, $"'{Show(path)}' is a folder; a log file is wanted.");

    /// <summary>The log may not be read.</summary>
    public static Fault AccessDenied(string path, Exception cause) => New(FaultId.LogAccessDenied, path, $"'{Show(path)}' may not be read by this user.", cause);

    /// <summary>Reading failed at <paramref name="offset"/>.</summary>
    public static Fault ReadFailed(string path, long offset, Exception cause) =>
        New(FaultId.LogReadFailed, path, string.Create(CultureInfo.InvariantCulture, $"Reading '{Show(path)}' failed at offset {offset}: {Show(cause.Message)}"), cause);

    /// <summary>auditd's configuration can't be read, and its default for the log's path is taken.</summary>
    public static Fault ConfigurationUnread(Fault problem, string log) =>
        problem with { Message = $"{problem.Message} Where auditd writes its log is not known; its default, '{Show(log)}', is read.", IsWarning = true };

    /// <summary>The file shrank while it was read.</summary>
    public static Fault Shrank(string path, long expected, long offset) =>
        New(FaultId.LogReadFailed, path, string.Create(CultureInfo.InvariantCulture, $"'{Show(path)}' was cut while it was read: it had {expected} bytes and ended at offset {offset}."));

    /// <summary>The file is not text; <paramref name="found"/> says what it looks like.</summary>
    public static Fault NotText(string path, long offset, string found) =>
        New(FaultId.LogNotText, path, string.Create(CultureInfo.InvariantCulture, $"'{Show(path)}' is not a text log: {found} at offset {offset}."));

    /// <summary>A compressed file is damaged or cut off.</summary>
    public static Fault ArchiveDamaged(string path, long offset, string detail, Exception? cause = null) =>
        New(FaultId.ArchiveDamaged, path, string.Create(CultureInfo.InvariantCulture, $"The compressed file '{Show(path)}' is damaged or cut off: {Show(detail)} after {offset} decompressed bytes. What came before was read."), cause);

    /// <summary>The program that decompresses the file is not installed.</summary>
    public static Fault DecompressorMissing(string path, string program) =>
        New(FaultId.DecompressorMissing, path, $"'{Show(path)}' is compressed with {program}, and the program '{program}' is not installed.");

    /// <summary>A line says that it is a virtualization record, but does not parse as one.</summary>
    /// <param name="place">Where it is.</param>
    /// <param name="found">What is wrong with it.</param>
    /// <param name="text">The line.</param>
    public static Fault Malformed(FaultPlace place, string found, string text) =>
        New(FaultId.MalformedRecord, text, $"{Show(place)}: {found}: {Show(Cut(text))}") with { Place = place };

    /// <summary>Lines have the marks of records, in a form that is not read.</summary>
    /// <param name="first">Where the first of them is.</param>
    /// <param name="count">How many there are.</param>
    /// <param name="text">The first of them.</param>
    public static Fault Unread(FaultPlace first, long count, string text) =>
        New(FaultId.UnreadLines, text, string.Create(CultureInfo.InvariantCulture,
            $"{count} {(count == 1 ? "line has" : "lines have")} the marks of a libvirt record in a form that is not read; the first, {Show(first)}: {Show(Cut(text))}")) with { Place = first, IsWarning = true };

    private static string Show(FaultPlace place)
    {
        string number = place.Line is null ? "a line" : string.Create(CultureInfo.InvariantCulture, $"line {place.Line}");
        return place.Source is null ? number : string.Create(CultureInfo.InvariantCulture, $"'{Show(place.Source)}' {number}, offset {place.Offset}");
    }

    private static string Cut(string text) => text.Length <= Excerpt ? text : string.Concat(text.AsSpan(0, Excerpt), "…");

    private static string Show(string text) => PrintableText.Escape(text)!;

    private static Fault New(FaultId id, object target, string message, Exception? cause = null) => new(id, message) { Target = target, Cause = cause };
}
