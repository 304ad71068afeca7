using System.Globalization;
using System.Runtime.InteropServices;
using LibvirtAudit.Interop;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Faults;

/// <summary>The failures of talking to the kernel's audit, each with the one text that it has.</summary>
internal static class NetlinkFaults
{
    /// <summary>The host is not Linux.</summary>
    public static Fault PlatformNotSupported() =>
        new(FaultId.PlatformNotSupported, "Only Linux has the audit subsystem; here records can be read from files, but not sent or received live.");

    /// <summary>The socket could not be opened.</summary>
    public static Fault CannotOpen(Errno error) => error switch
    {
        Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT or Errno.EINVAL => new(FaultId.AuditUnsupported, $"This kernel was built without audit ({Show(error)})."),
        Errno.EPERM or Errno.EACCES => new(FaultId.AuditPermissionDenied, $"The audit socket may not be opened by this process ({Show(error)})."),
        _ => new(FaultId.AuditRefused, $"The audit socket could not be opened: {Show(error)}."),
    };

    /// <summary>The kernel answered a request with an error, or the call that sends or receives failed.</summary>
    /// <param name="error">What was answered.</param>
    /// <param name="type">The type of the request: AUDIT_GET has rights of its own.</param>
    public static Fault FromErrno(Errno error, int type) => error switch
    {
        Errno.EPERM or Errno.EACCES when type == AuditMessageTypes.Get =>
            new(FaultId.AuditPermissionDenied, $"The state of the kernel's audit may not be read by this process ({Show(error)}): it needs CAP_AUDIT_CONTROL in the host's own process namespace."),
        Errno.EPERM or Errno.EACCES => new(FaultId.AuditPermissionDenied, $"The kernel refused the record ({Show(error)}): the process lacks CAP_AUDIT_WRITE, or a security module forbids it."),
        Errno.ECONNREFUSED => new(FaultId.AuditRefused, $"The kernel's audit does not answer ({Show(error)}): the process is in a user namespace of its own, or the kernel was started with audit=0."),
        Errno.EINVAL or Errno.EPROTONOSUPPORT or Errno.EAFNOSUPPORT => new(FaultId.AuditUnsupported, $"The kernel does not know the request ({Show(error)})."),
        Errno.EAGAIN or Errno.ENOBUFS or Errno.ENOMEM => new(FaultId.AuditBufferFull, $"The kernel has no room for the record or its answer ({Show(error)}); whether it was logged is not known."),
        _ => new(FaultId.AuditRefused, $"The kernel's audit failed: {Show(error)}."),
    };

    /// <summary>The socket took less than a whole message.</summary>
    public static Fault SentInPart(int sent, int length) =>
        new(FaultId.AuditRefused, string.Create(CultureInfo.InvariantCulture, $"The audit socket took {sent} of {length} bytes of the message."));

    /// <summary>No answer came.</summary>
    public static Fault Timeout(TimeSpan timeout) =>
        new(FaultId.AuditTimeout, string.Create(CultureInfo.InvariantCulture, $"The kernel's audit did not answer within {timeout.TotalSeconds:0.###} s; whether the record was logged is not known."));

    /// <summary>A reply came from elsewhere.</summary>
    public static Fault Spoofed(uint sender) =>
        new(FaultId.AuditSpoofedReply, string.Create(CultureInfo.InvariantCulture, $"A reply on the audit socket came from the netlink port {sender}, not from the kernel; whether the record was logged is not known."));

    /// <summary>The host's audit is off at level 2.</summary>
    public static Fault Disabled() => new(FaultId.AuditDisabled, "The host's audit is disabled, and -AuditLevel 2 wants every record logged; nothing was sent.");

    /// <summary>The backlog stayed full.</summary>
    public static Fault BacklogFull(AuditStatus status, TimeSpan waited) =>
        new(FaultId.AuditBufferFull, string.Create(CultureInfo.InvariantCulture, $"The kernel's audit backlog is full ({status.Backlog} records, the limit is {status.BacklogLimit}) and did not empty within {waited.TotalSeconds:0.###} s; nothing was sent."));

    private static string Show(Errno error) => string.Create(CultureInfo.InvariantCulture, $"{Marshal.GetPInvokeErrorMessage((int)error)}, errno {(int)error}");
}
