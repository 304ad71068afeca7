using System.Runtime.InteropServices;
using LibvirtAudit.Interop;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>The failures of opening and writing the file of -LogPath, each with the one text that it has.</summary>
internal static class AppendFaults
{
    /// <summary>A part of the path is a link that anybody could have put there.</summary>
    public static Fault UnsafeLink(string path, string link) => New(FaultId.UnsafeLink, path,
        $"'{Show(path)}' is not written: '{Show(link)}' is a link in a folder where everybody can put one.");

    /// <summary>The file has other names, and stands where anybody could have given it this one.</summary>
    public static Fault UnsafeHardLink(string path) => New(FaultId.UnsafeLink, path,
        $"'{Show(path)}' is not written: the file has another name, and its folder is one where everybody can give it one.");

    /// <summary>The file is another user's, and stands where anybody could have put it.</summary>
    public static Fault OtherOwner(string path, uint owner) => New(FaultId.UnsafeLink, path,
        FormattableString.Invariant($"'{Show(path)}' is not written: it belongs to user {owner}, and its folder is one where everybody can put files."));

    /// <summary>The file is no regular file.</summary>
    public static Fault NotAFile(string path) => New(FaultId.LogWriteFailed, path, $"'{Show(path)}' is not a regular file; a log is wanted.");

    /// <summary>The file could not be opened.</summary>
    public static Fault CannotOpen(string path, Errno error) => error switch
    {
        Errno.EACCES or Errno.EPERM or Errno.EROFS => New(FaultId.LogAccessDenied, path, $"'{Show(path)}' may not be written by this user ({Describe(error)})."),
        Errno.ENOENT or Errno.ENOTDIR => New(FaultId.PathNotFound, path, $"There is no folder for '{Show(path)}'."),
        Errno.EISDIR => LogFaults.PathIsDirectory(path),
        Errno.ELOOP => New(FaultId.UnsafeLink, path, $"'{Show(path)}' leads through too many links, or became one while it was opened."),
        _ => New(FaultId.LogWriteFailed, path, $"'{Show(path)}' could not be opened: {Describe(error)}."),
    };

    /// <summary>Lines could not be written whole, and what was written of them was taken back.</summary>
    public static Fault CannotWrite(string path, int count, Errno error) => New(FaultId.LogWriteFailed, path, count == 1
        ? $"The record could not be written to '{Show(path)}': {Describe(error)}. Nothing of it is in the file."
        : FormattableString.Invariant($"The {count} records could not be written to '{Show(path)}': {Describe(error)}. Nothing of them is in the file."));

    /// <summary>Lines could be written in part only, and not be taken back.</summary>
    /// <param name="path">The file.</param>
    /// <param name="first">The serial of the first line.</param>
    /// <param name="count">How many they are.</param>
    /// <param name="whole">How many of them are whole in the file.</param>
    /// <param name="error">What the system said.</param>
    public static Fault WrittenInPart(string path, uint first, int count, int whole, Errno error)
    {
        string records = count == 1 ? "record" : FormattableString.Invariant($"records with the serials {first} to {unchecked(first + (uint)count - 1)}");
        string left = whole > 0 ? FormattableString.Invariant($"The first {whole} of them are in the file, perhaps with a part of the next,")
            : count == 1 ? "A part of it is in the file"
            : "A part of the first is in the file";
        return New(FaultId.LogWriteFailed, path,
            $"The {records} could not be written whole to '{Show(path)}': {Describe(error)}. {left} and could not be taken back; what is written next begins a line of its own.");
    }

    /// <summary>The end of the file, with the serial of its last record, could not be read.</summary>
    public static Fault CannotReadEnd(string path, Exception cause) => New(FaultId.LogWriteFailed, path,
        $"The record could not be written to '{Show(path)}', whose end could not be read: {Show(cause.Message)}. Nothing of it is in the file.") with { Cause = cause };

    /// <summary>The pipeline that writes the file reads it.</summary>
    public static Fault FeedsPipeline(string path) => New(FaultId.LogFeedsPipeline, path,
        $"'{Show(path)}' is not written: the pipeline is reading it, and would read what it writes.");

    /// <summary>Another process keeps the file locked.</summary>
    public static Fault Locked(string path, TimeSpan waited) => New(FaultId.LogWriteFailed, path,
        FormattableString.Invariant($"'{Show(path)}' was kept locked by another process for {waited.TotalSeconds:0.###} s; nothing was written."));

    private static Fault New(FaultId id, string path, string message) => new(id, message) { Target = path };

    private static string Describe(Errno error) => FormattableString.Invariant($"{Marshal.GetPInvokeErrorMessage((int)error)}, errno {(int)error}");

    private static string Show(string text) => PrintableText.Escape(text)!;
}
