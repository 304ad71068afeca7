using LibvirtAudit.Faults;
using LibvirtAudit.Netlink;
using LibvirtAudit.Records;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Failures;

/// <summary>Asking the kernel for the state of its audit, which changes nothing.</summary>
internal sealed class AskKernel : FaultOperation
{
    public override FaultId[] Denied => [FaultId.AuditPermissionDenied];

    public override FaultId[] Broken => [FaultId.AuditUnsupported, FaultId.AuditRefused, FaultId.AuditBufferFull, FaultId.AuditTimeout];

    public override bool IsOfOwnThread => true;

    public override string? Obstacle => Environment.IsPrivilegedProcess ? null : "asking the kernel for its state needs root";

    public override void Act(Trial trial)
    {
        using var client = new AuditClient(NetlinkSocket.Open(), TimeSpan.FromMilliseconds(500));
        trial.Kept.Add(client.GetStatus());
    }

    public override IEnumerable<string> Judge(Trial trial)
    {
        if ((trial.Kept.Count == 0) == (trial.Failures.Count == 0) || (trial.Kept is [AuditStatus { BacklogLimit: null }]))
        {
            yield return $"{trial.Kept.Count} answers and {trial.Failures.Count} failures";
        }
    }

    // Half a message is another message, and half an answer none.
    public override bool MayTell(Injection injection) => injection.Call is "sendto" or "recvfrom";
}

/// <summary>Listening to the kernel for a moment in which nothing need come.</summary>
internal sealed class ListenToKernel : FaultOperation
{
    public override FaultId[] Denied => [FaultId.WatchPermissionDenied, FaultId.WatchNamespace, FaultId.AuditPermissionDenied, FaultId.AuditRefused, FaultId.AuditUnsupported];

    public override FaultId[] Broken => [FaultId.AuditRefused, FaultId.AuditBufferFull, FaultId.AuditUnsupported];

    public override string? Obstacle => Environment.IsPrivilegedProcess ? null : "listening to the kernel needs root";

    public override void Act(Trial trial)
    {
        using AuditListener listener = AuditListener.Open();
        while (listener.TryTake(out LiveItem item, TimeSpan.FromMilliseconds(130), trial.Cancellation) && item.Fault is not { IsWarning: false })
        {
            // Whatever the host logs just now.
        }

        if (listener.TryTake(out LiveItem last, TimeSpan.Zero, trial.Cancellation) && last.Fault is Fault fault)
        {
            trial.Sink.OnFault(fault);
        }
    }

    public override IEnumerable<string> Judge(Trial trial) => [];
}

/// <summary>What Get-VirtAuditStatus tells: what can't be found out is null, with the reason; it never fails.</summary>
internal sealed class FindHostState : FaultOperation
{
    public override FaultId[] Denied => [];

    public override FaultId[] Broken => [];

    public override bool IsOfOwnThread => true;

    public override void Prepare(Trial trial)
    {
        File.WriteAllText(trial.PathOf("auditd.conf"), $"log_file = {trial.PathOf("audit.log")}\n");
        File.WriteAllText(trial.PathOf("libvirtd.conf"), "audit_level = 2\n");
    }

    public override void Act(Trial trial) => trial.Kept.Add(HostState.Find(() => new AuditClient(NetlinkSocket.Open(), TimeSpan.FromMilliseconds(300)), trial.Folder, trial.Folder, processes: trial.Folder, findsLog: false));

    public override IEnumerable<string> Judge(Trial trial)
    {
        if (trial.Kept is not [VirtAuditStatus status])
        {
            yield return "no status";
            yield break;
        }

        if (status.State is null && status.Unknown.Length == 0)
        {
            yield return "the kernel's state is missing without a reason";
        }

        if ((status.LogPath is null || status.LibvirtdAuditLevel is null) && status.Unknown.Length == 0)
        {
            yield return "a configuration is missing without a reason";
        }

        if (status.LibvirtdAuditLevel is not (2 or null) || (status.LogPath is string path && path != trial.PathOf("audit.log")))
        {
            yield return $"not what the configurations say: {status.LibvirtdAuditLevel}, {status.LogPath}";
        }
    }
}
