using LibvirtAudit.Netlink;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>Records sent to the kernel, as by the Write cmdlets.</summary>
internal sealed class SendWork(int count) : IWork
{
    /// <inheritdoc/>
    public void Run() => Writing.Write(count, batch: 1, _ => new KernelDestination(confirm: false, AuditClient.Open, Warn, KernelDestination.DefaultBacklogTimeout));

    /// <inheritdoc/>
    public long GetCount() => count;

    private static void Warn(string text) => throw new InvalidOperationException(text);
}
