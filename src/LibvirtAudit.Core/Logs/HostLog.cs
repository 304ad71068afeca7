using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>Finds the log that auditd writes on this host.</summary>
internal static class HostLog
{
    /// <summary>
    /// The path that auditd's configuration names. Where there is none auditd's default; so, too, where it can't be read, but
    /// then the log may be elsewhere, which is told.
    /// </summary>
    public static string PathFor(string configuration, IEventSink sink)
    {
        var read = AuditdConfiguration.Read(configuration);
        if (read.Problem is Fault problem && problem.Id != FaultId.PathNotFound)
        {
            sink.OnFault(LogFaults.ConfigurationUnread(problem, read.LogPath));
        }

        return read.LogPath;
    }
}
