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
    public static VirtAuditStatus Find(Func<AuditClient> open, string libvirtFolder, string auditdFolder)
    {
        var state = new HostState();
        var status = new VirtAuditStatus();
        FindOwnRights(status);
        bool mayAnswer = state.FindKernelState(status, open);
        state.FindDaemon(status, auditdFolder);
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

    private void FindDaemon(VirtAuditStatus status, string auditdFolder)
    {
        string? folder = null;
        if (status.DaemonProcessId is > 0 and uint id)
        {
            string process = string.Create(CultureInfo.InvariantCulture, $"/proc/{id}");
            status.DaemonName = ProcText.Read(process + "/comm");
            folder = FolderOption(ProcText.Read(process + "/cmdline"));
        }

        AuditdConfiguration configuration = AuditdConfiguration.Read(Path.Combine(folder ?? auditdFolder, "auditd.conf"));
        if (configuration.Problem is null)
        {
            status.LogPath = configuration.LogPath;
            status.LogFormat = configuration.LogFormat;
            status.WritesLog = configuration.WriteLogs;
        }
        else if (configuration.Problem.Id != FaultId.PathNotFound)
        {
            _unknown.Add(configuration.Problem.Message);
        }
    }

    /// <summary>auditd's option -c, which names the folder of its configuration.</summary>
    private static string? FolderOption(string? commandLine)
    {
        string[] arguments = commandLine?.Split('\0') ?? [];
        int option = Array.IndexOf(arguments, "-c");
        return option > 0 && option + 1 < arguments.Length ? arguments[option + 1] : null;
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
