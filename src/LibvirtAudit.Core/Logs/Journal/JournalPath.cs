namespace LibvirtAudit.Logs.Journal;

/// <summary>Tells a journal that was copied from other logs, by what is in it.</summary>
internal static class JournalPath
{
    // The folders of a host's journals are called by its machine id (systemd-journald.service(8)).
    private const int MachineIdLength = 32;

    /// <summary>What a journal's file begins with (systemd's <c>JOURNAL_FILE_FORMAT</c>).</summary>
    private static ReadOnlySpan<byte> Signature => "LPKSHHRH"u8;

    /// <summary>Whether the file at <paramref name="path"/> is a journal, or the folder there holds one; false where that is not known.</summary>
    public static bool IsJournal(string path)
    {
        try
        {
            return FileStatus.Of(path) switch
            {
                { Kind: FileKind.Regular } => HasSignature(path),
                { Kind: FileKind.Folder } => HoldsJournals(path),
                _ => false,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>The journals among paths; the files of one folder are one.</summary>
    public static IEnumerable<IReadOnlyList<string>> Journals(IEnumerable<string> paths) =>
        from path in paths
        group path by Directory.Exists(path) ? path : Path.GetDirectoryName(path) ?? "" into journal
        select (IReadOnlyList<string>)[.. journal];

    private static bool HasSignature(string path)
    {
        using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        Span<byte> head = stackalloc byte[Signature.Length];
        return file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length && head.SequenceEqual(Signature);
    }

    private static bool HoldsJournals(string folder)
    {
        try
        {
            return HoldsAny(folder);
        }
        catch (UnauthorizedAccessException)
        {
            // Of a folder nothing else is read, and journalctl says the same of it.
            return true;
        }
    }

    private static bool HoldsAny(string folder) =>
        Holds(folder) || Directory.EnumerateDirectories(folder).Any(host => IsOfMachine(Path.GetFileName(host)) && Holds(host));

    private static bool IsOfMachine(string name) => name.Length >= MachineIdLength && name.Take(MachineIdLength).All(char.IsAsciiHexDigit);

    // A journal that was not closed well ends in '~'.
    private static bool Holds(string folder) => Directory.EnumerateFiles(folder, "*.journal*")
        .Any(file => (file.EndsWith(".journal", StringComparison.Ordinal) || file.EndsWith('~')) && HasSignature(file));
}
