using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>
/// A host's logs: the current one, those that auditd or logrotate moved aside, and their archives, oldest first, as they
/// stood at one moment. A rotation that happens while they are read neither repeats nor drops one, where the system tells
/// files apart.
/// </summary>
public sealed class RotationSet
{
    /// <summary>What a rotation disturbs, a listing or an opening, is tried again; but not forever.</summary>
    private const int MaxAttempts = 10;

    private readonly string _basePath;
    private readonly Member[] _members;

    private RotationSet(string basePath, Member[] members)
    {
        _basePath = basePath;
        _members = members;
        Paths = [.. members.Select(member => member.Path)];
        States = [.. members.Select(member => member.Status)];
    }

    /// <summary>Where the logs were at that moment, oldest first.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>What the logs were like at that moment, in the same order.</summary>
    internal IReadOnlyList<FileStatus> States { get; }

    /// <summary>Where in the order the file of that identity stands; -1 where it is none of them.</summary>
    internal int IndexOf(FileIdentity? identity) => identity is null ? -1 : Array.FindIndex(_members, member => member.Identity == identity);

    /// <summary>Finds the logs that belong to the one at <paramref name="basePath"/>, which itself may be missing.</summary>
    /// <exception cref="FaultException">PathNotFound where there is none at all; LogAccessDenied, LogReadFailed for the folder.</exception>
    public static RotationSet Find(string basePath)
    {
        // A rotation between the names and the files behind them would give one file twice and another not at all.
        Member[] members = List(basePath);
        for (int i = 1; i < MaxAttempts; i++)
        {
            Member[] again = List(basePath);
            bool same = again.Select(member => member.Key).SequenceEqual(members.Select(member => member.Key));
            members = again;
            if (same)
            {
                break;
            }
        }

        return members.Length > 0 ? new RotationSet(basePath, members) : throw new FaultException(LogFaults.PathNotFound(basePath));
    }

    /// <summary>Opens the log at <paramref name="index"/> of <see cref="Paths"/>, under the name that it has by now.</summary>
    /// <param name="index">The index in <see cref="Paths"/>.</param>
    /// <param name="cancellation">Ends waits for a decompressor.</param>
    /// <exception cref="FaultException">
    /// As of <see cref="LogFile.Open(string, CancellationToken)"/>; PathNotFound also where the log was removed meanwhile,
    /// LogReadFailed where it was cut.
    /// </exception>
    public LogFile Open(int index, CancellationToken cancellation = default)
    {
        Member wanted = _members[index];
        for (int i = 0; i < MaxAttempts; i++)
        {
            string path = i == 0 ? wanted.Path : Locate(wanted);
            LogFile? log = null;
            try
            {
                log = LogFile.Open(path, cancellation);
            }
            catch (FaultException e) when (e.Fault.Id == FaultId.PathNotFound && wanted.Identity is not null)
            {
                // Renamed since it was listed.
            }

            if (log is not null && (wanted.Identity is null || IsSame(wanted, log.Identity, log.Length)))
            {
                return log;
            }

            log?.Dispose();
            if (log is not null && i == 0 && log.Identity == wanted.Identity)
            {
                throw new FaultException(LogFaults.Shrank(path, wanted.Length, log.Length));
            }
        }

        throw new FaultException(LogFaults.PathNotFound(wanted.Path));
    }

    private static Member[] List(string basePath)
    {
        string full = Path.GetFullPath(basePath);
        string folder = Path.GetDirectoryName(full) ?? full;
        string baseName = Path.GetFileName(full);
        try
        {
            return [..
                from path in Directory.EnumerateFileSystemEntries(folder)
                let name = RotatedName.Parse(baseName, Path.GetFileName(path))
                where name is not null
                let status = FileStatus.Of(path)
                where status is { Kind: FileKind.Regular }
                group new Member(path, name, status.Value) by name.Log into sameLog
                orderby sameLog.Key
                select sameLog.MinBy(member => member.Name.Preference)];
        }
        catch (DirectoryNotFoundException)
        {
            throw new FaultException(LogFaults.PathNotFound(basePath));
        }
        catch (UnauthorizedAccessException e)
        {
            throw new FaultException(LogFaults.AccessDenied(folder, e));
        }
        catch (IOException e)
        {
            throw new FaultException(LogFaults.ReadFailed(folder, 0, e));
        }
    }

    /// <summary>A removed log's number may be given to the new one: that one is shorter.</summary>
    private static bool IsSame(Member wanted, FileIdentity? identity, long length) => wanted.Identity == identity && length >= wanted.Length;

    private string Locate(Member wanted)
    {
        Member? found = List(_basePath).FirstOrDefault(member => IsSame(wanted, member.Identity, member.Length));
        return found?.Path ?? throw new FaultException(LogFaults.PathNotFound(wanted.Path));
    }

    private sealed record Member(string Path, RotatedName Name, FileStatus Status)
    {
        public FileIdentity? Identity => Status.Identity;

        public long Length => Status.Length;

        /// <summary>What stays the same while nothing is rotated; the length does not.</summary>
        public (string Path, FileIdentity? Identity) Key => (Path, Identity);
    }
}
