using LibvirtAudit.Faults;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Logs;

/// <summary>The configuration of the auditd that runs, with its paths as this process sees them.</summary>
internal static class DaemonConfiguration
{
    private const string FileName = "auditd.conf";

    /// <summary>Reads the configuration of a daemon.</summary>
    /// <param name="daemon">The daemon; null where none runs.</param>
    /// <param name="path">Where the configuration is, if the daemon names no other.</param>
    /// <returns>The configuration, and the path of the log here.</returns>
    public static (AuditdConfiguration Configuration, string LogPath) Find(AuditDaemon? daemon, string path)
    {
        if (daemon is not { IsAuditd: true })
        {
            var own = AuditdConfiguration.Read(path);
            return (own, own.LogPath);
        }

        string named = daemon.ConfigurationFolder is string folder ? Path.Combine(folder, FileName) : path;
        AuditdConfiguration configuration = daemon.PathHere(named) is string here
            ? AuditdConfiguration.Read(here)
            : AuditdConfiguration.Unread(LogFaults.PathNotFound(named));
        return (configuration, daemon.PathHere(configuration.LogPath)!);
    }
}
