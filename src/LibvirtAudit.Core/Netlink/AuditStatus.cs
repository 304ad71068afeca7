using System.Runtime.InteropServices;

namespace LibvirtAudit.Netlink;

/// <summary>
/// The state of the kernel's audit: <c>struct audit_status</c> of <c>linux/audit.h</c>, whose fields are 32-bit numbers in
/// this order. Older kernels send fewer of them; what they do not send is null.
/// </summary>
/// <param name="Mask">Which fields a request sets; of no meaning in an answer.</param>
/// <param name="Enabled">0 off, 1 on, 2 on and locked until the next boot.</param>
/// <param name="Failure">What the kernel does when a record is lost: 0 nothing, 1 a line in its log, 2 panic.</param>
/// <param name="ProcessId">The audit daemon; 0 where there is none.</param>
/// <param name="RateLimit">Records a second that the kernel lets pass; 0 is no limit.</param>
/// <param name="BacklogLimit">Records that may wait for the daemon; 0 is no limit.</param>
/// <param name="Lost">Records lost since the boot, or since the count was reset.</param>
/// <param name="Backlog">Records that wait for the daemon.</param>
/// <param name="FeatureBitmap">The abilities of the kernel's audit (the version number in kernels before 4.0).</param>
/// <param name="BacklogWaitTime">How long a sender is made to wait when the backlog is full, in ticks of the kernel's clock.</param>
/// <param name="BacklogWaitTimeActual">How long senders did wait, in ticks.</param>
internal sealed record AuditStatus(
    uint? Mask,
    uint? Enabled,
    uint? Failure,
    uint? ProcessId,
    uint? RateLimit,
    uint? BacklogLimit,
    uint? Lost,
    uint? Backlog,
    uint? FeatureBitmap,
    uint? BacklogWaitTime,
    uint? BacklogWaitTimeActual)
{
    /// <summary>Whether the kernel logs what it is sent; it acknowledges records in either case.</summary>
    public bool IsLogging => Enabled is not (null or 0);

    /// <summary>Whether a further record would find the backlog full.</summary>
    public bool IsBacklogFull => BacklogLimit is > 0 && Backlog >= BacklogLimit;

    /// <summary>Whether records wait for a daemon.</summary>
    public bool IsWaiting => ProcessId is > 0 && Backlog is > 0;

    /// <summary>Reads the answer to AUDIT_GET.</summary>
    public static AuditStatus Read(ReadOnlySpan<byte> payload) => new(
        Field(payload, 0), Field(payload, 1), Field(payload, 2), Field(payload, 3), Field(payload, 4), Field(payload, 5),
        Field(payload, 6), Field(payload, 7), Field(payload, 8), Field(payload, 9), Field(payload, 10));

    private static uint? Field(ReadOnlySpan<byte> payload, int index) =>
        payload.Length >= (index + 1) * sizeof(uint) ? MemoryMarshal.Read<uint>(payload[(index * sizeof(uint))..]) : null;
}
