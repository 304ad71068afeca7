using System.Globalization;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Netlink;

/// <summary>A daemon that gets the kernel's audit records, and where its files are.</summary>
/// <param name="ProcessId">Its process.</param>
/// <param name="Name">Its name; null where the process can't be seen.</param>
/// <param name="Root">What stands before its paths to make them ours: a folder where it runs in a chroot or container, else empty.</param>
/// <param name="ConfigurationFolder">The folder that its option <c>-c</c> names (auditd(8)), as it sees it; null without.</param>
internal sealed record AuditDaemon(uint ProcessId, string? Name, string Root, string? ConfigurationFolder)
{
    /// <summary>The processes of the host, as proc(5) shows them.</summary>
    public const string DefaultProcesses = "/proc";

    private const string Auditd = "auditd";

    /// <summary>Whether it is auditd.</summary>
    public bool IsAuditd => Name == Auditd;

    /// <summary>The daemon of the kernel's audit, or root's auditd that runs, where the kernel may not be asked. Null for none.</summary>
    /// <param name="open">Opens the kernel's audit.</param>
    /// <param name="processes">The folder of the processes.</param>
    public static AuditDaemon? Find(Func<AuditClient> open, string processes = DefaultProcesses)
    {
        try
        {
            using AuditClient client = open();
            if (client.GetStatus().ProcessId is uint id)
            {
                return id == 0 ? null : Of(id, processes);
            }
        }
        catch (FaultException)
        {
            // The processes tell, if less surely.
        }

        return Running(processes);
    }

    /// <summary>What is to be known of a process.</summary>
    public static AuditDaemon Of(uint id, string processes = DefaultProcesses)
    {
        string process = Path.Combine(processes, id.ToString(CultureInfo.InvariantCulture));
        string? folder = FolderOption(ProcText.Read(process + "/cmdline"));
        return new AuditDaemon(id, ProcText.Read(process + "/comm"), RootOf(process, processes), folder);
    }

    /// <summary>A path of the daemon's, as this process sees it; null where it is relative, to a folder that is not known.</summary>
    public string? PathHere(string path) => Path.IsPathRooted(path) ? Root + path : null;

    private static AuditDaemon? Running(string processes)
    {
        try
        {
            return Directory.EnumerateDirectories(processes)
                .Where(process => char.IsAsciiDigit(Path.GetFileName(process)[0]))
                .Where(process => ProcText.Read(process + "/comm") == Auditd && IsOfRoot(process))
                .Select(process => Of(uint.Parse(Path.GetFileName(process), CultureInfo.InvariantCulture), processes))
                .OrderBy(daemon => daemon.Root.Length == 0 ? 0 : 1)
                .FirstOrDefault();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Anybody may call a program so.
    private static bool IsOfRoot(string process) =>
        ProcText.Read(process + "/status") is string status && ProcText.Field(status, "Uid:")?.Split('\t')[0] == "0";

    // A folder of the same mounts is named as it is; those of other mounts are reached through the process.
    private static string RootOf(string process, string processes)
    {
        string? mounts = Link(process + "/ns/mnt"), own = Link(Path.Combine(processes, "self/ns/mnt"));
        return mounts is not null && own is not null && mounts != own ? process + "/root"
            : Link(process + "/root") is string root && root != "/" ? root
            : "";
    }

    private static string? Link(string path)
    {
        try
        {
            return new FileInfo(path).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? FolderOption(string? commandLine)
    {
        string[] arguments = commandLine?.Split('\0') ?? [];
        int option = Array.IndexOf(arguments, "-c");
        return option > 0 && option + 1 < arguments.Length ? arguments[option + 1] : null;
    }
}
