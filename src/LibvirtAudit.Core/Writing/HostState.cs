using System.Globalization;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Netlink;
using LibvirtAudit.Records;

namespace LibvirtAudit.Writing;

/// <summary>Finds out what Get-VirtAuditStatus tells.</summary>
internal sealed class HostState
{
    private static readonly string[] States = ["Disabled", "Enabled", "Locked"];
    private static readonly string[] FailureModes = ["Silent", "Printk", "Panic"];
    private readonly List<string> _unknown = [];

    private HostState()
    {
    }

    /// <summary>The state of this host.</summary>
    /// <param name="open">Opens the kernel's audit.</param>
    /// <param name="libvirtFolder">The folder of libvirt's configurations.</param>
    /// <param name="auditdFolder">The folder of auditd's configuration, where the daemon that runs names no other.</param>
    /// <param name="processes">The processes of the host, as proc(5) shows them.</param>
    /// <param name="findsLog">Whether it is looked which log is read where none is named, which may take another program.</param>
    public static VirtAuditStatus Find(
        Func<AuditClient> open,
        string libvirtFolder,
        string auditdFolder,
        string processes = AuditDaemon.DefaultProcesses,
        bool findsLog = true)
    {
        var state = new HostState();
        var status = new VirtAuditStatus();
        FindOwnRights(status);
        bool mayAnswer = state.FindKernelState(status, open);
        state.FindDaemon(status, auditdFolder, processes);
        if (findsLog)
        {
            string configuration = Path.Combine(auditdFolder, "auditd.conf");
            FindLog(status, new HostLogFinder { Configuration = configuration, Daemon = () => AuditDaemon.Find(open, processes) });
        }

        state.FindLibvirt(status, libvirtFolder);
        status.Unknown = [.. state._unknown];
        (status.WouldBeLogged, status.Summary) = StatusSentence.Of(status, mayAnswer);
        return status;
    }

    private static string Named(string[] names, uint value) => value < names.Length ? names[value] : value.ToString(CultureInfo.InvariantCulture);

    /// <summary>Asks the kernel; false where no record would be taken either.</summary>
    private bool FindKernelState(VirtAuditStatus status, Func<AuditClient> open)
    {
        AuditStatus kernel;
        try
        {
            using AuditClient client = open();
            kernel = client.GetStatus();
        }
        catch (FaultException e)
        {
            _unknown.Add(e.Fault.Message);
            return e.Fault.Id == FaultId.AuditPermissionDenied;
        }

        status.State = kernel.Enabled is uint enabled ? Named(States, enabled) : null;
        status.DaemonProcessId = kernel.ProcessId;
        status.FailureMode = kernel.Failure is uint failure ? Named(FailureModes, failure) : null;
        status.Backlog = kernel.Backlog;
        status.BacklogLimit = kernel.BacklogLimit;
        status.BacklogWaitTime = kernel.BacklogWaitTime;
        status.BacklogWaitTimeActual = kernel.BacklogWaitTimeActual;
        status.Lost = kernel.Lost;
        status.RateLimit = kernel.RateLimit;
        status.FeatureBitmap = kernel.FeatureBitmap;
        status.Mask = kernel.Mask;
        return true;
    }

    private static void FindOwnRights(VirtAuditStatus status)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        // Capabilities of another user namespace count for nothing with the kernel's audit.
        bool? isInHost = AuditNamespace.IsHostUser;
        ProcessCapabilities? capabilities = ProcessCapabilities.Parse(ProcText.Read("/proc/self/status") ?? "");
        status.IsInHostUserNamespace = isInHost;
        status.CanWrite = capabilities?.CanWrite & isInHost;
        status.CanControl = capabilities?.CanControl & isInHost;
        status.CanRead = capabilities?.CanRead & isInHost;
    }

    private void FindDaemon(VirtAuditStatus status, string auditdFolder, string processes)
    {
        AuditDaemon? daemon = status.DaemonProcessId is > 0 and uint id ? AuditDaemon.Of(id, processes) : null;
        status.DaemonName = daemon?.Name;
        (AuditdConfiguration configuration, string path) = DaemonConfiguration.Find(daemon, Path.Combine(auditdFolder, "auditd.conf"));
        if (configuration.Problem is null)
        {
            status.LogPath = path;
            status.LogFormat = configuration.LogFormat;
            status.WritesLog = configuration.WriteLogs;
        }
        else if (configuration.Problem.Id != FaultId.PathNotFound)
        {
            _unknown.Add(configuration.Problem.Message);
        }
        else if (daemon is { IsAuditd: true })
        {
            // Where no daemon runs there need be none.
            string reason = configuration.Problem.Message;
            _unknown.Add($"Where auditd (process {daemon.ProcessId}) writes is not known, as its configuration can't be read: {reason}");
        }
    }

    private static void FindLog(VirtAuditStatus status, HostLogFinder finder)
    {
        HostLog log = finder.Find(CancellationToken.None);
        status.DefaultLog = log.Name;
        IEnumerable<string> others = log.Notices.Where(notice => notice.Id == FaultId.OtherLog).Select(notice => notice.Message);
        status.DefaultLogReason = string.Join(' ', others.Prepend(log.Reason));
    }

    private void FindLibvirt(VirtAuditStatus status, string folder)
    {
        LibvirtConfiguration? libvirtd = AuditPolicy.Read(folder, AuditPolicy.Monolithic, _unknown.Add);
        LibvirtConfiguration? virtqemud = AuditPolicy.Read(folder, AuditPolicy.Qemu, _unknown.Add);
        LibvirtConfiguration? virtlxcd = AuditPolicy.Read(folder, AuditPolicy.Containers, _unknown.Add);
        status.LibvirtdAuditLevel = libvirtd?.AuditLevel;
        status.LibvirtdAuditLogging = libvirtd?.AuditLogging;
        status.VirtqemudAuditLevel = virtqemud?.AuditLevel;
        status.VirtqemudAuditLogging = virtqemud?.AuditLogging;
        status.VirtlxcdAuditLevel = virtlxcd?.AuditLevel;
        status.VirtlxcdAuditLogging = virtlxcd?.AuditLogging;
    }
}
