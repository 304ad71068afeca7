using LibvirtAudit.Faults;
using LibvirtAudit.Logs.Journal;
using LibvirtAudit.Netlink;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs;

/// <summary>
/// Finds the log of this host that is read where none is named: that of the auditd which runs, else a journal that holds
/// audit records, else an audit.log that is there.
/// </summary>
public sealed class HostLogFinder
{
    /// <summary>Where auditd's configuration is, where the daemon that runs names no other.</summary>
    public string Configuration { get; init; } = AuditdConfiguration.DefaultPath;

    /// <summary>Where <c>journalctl</c> is looked for, as the variable PATH says it.</summary>
    internal string? SearchPath { get; init; } = Environment.GetEnvironmentVariable("PATH");

    /// <summary>Finds the daemon that gets the kernel's records; null where none runs.</summary>
    internal Func<AuditDaemon?> Daemon { get; init; } = () => OperatingSystem.IsLinux() ? AuditDaemon.Find(AuditClient.Open) : null;

    /// <summary>Finds the log.</summary>
    /// <exception cref="OperationCanceledException">The search was cancelled.</exception>
    internal HostLog Find(CancellationToken cancellation)
    {
        AuditDaemon? daemon = Daemon();
        (AuditdConfiguration configuration, string path) = DaemonConfiguration.Find(daemon, Configuration);
        Fault? problem = configuration.Problem;
        bool isUnread = problem is not null && (problem.Id != FaultId.PathNotFound || daemon is { IsAuditd: true });
        IEnumerable<Fault> notices = isUnread ? [LogFaults.ConfigurationUnread(problem!, path)] : [];
        if (daemon is { IsAuditd: true } && configuration.WriteLogs)
        {
            (bool isInJournal, _) = JournalProbe.HoldsRecords(SearchPath, cancellation);
            return new HostLog(path, $"auditd runs (process {daemon.ProcessId}) and writes '{PrintableText.Escape(path)}'.",
                [.. notices, .. isInJournal ? [LogFaults.OtherLog(JournalQuery.SystemName, path)] : Array.Empty<Fault>()]);
        }

        string writer = daemon switch
        {
            null => "No audit daemon runs",
            { IsAuditd: true } => $"auditd (process {daemon.ProcessId}) writes no log of its own",
            _ => $"The audit daemon (process {daemon.ProcessId}) is not auditd",
        };
        (bool holds, string journal) = JournalProbe.HoldsRecords(SearchPath, cancellation);
        return holds
            ? new HostLog(null, $"{writer}, and {journal}.", HoldsAnything(path) ? [LogFaults.OtherLog(path, JournalQuery.SystemName)] : [])
            : new HostLog(path, $"{writer}, and {journal}.", [.. notices]);
    }

    private static bool HoldsAnything(string path)
    {
        try
        {
            return RotationSet.Find(path).States.Any(state => state.Length > 0);
        }
        catch (FaultException)
        {
            return false;
        }
    }
}
