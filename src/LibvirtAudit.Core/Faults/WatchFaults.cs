using System.Globalization;
using System.Runtime.InteropServices;
using LibvirtAudit.Interop;

namespace LibvirtAudit.Faults;

/// <summary>The failures of receiving records live, each with the one text that it has.</summary>
internal static class WatchFaults
{
    /// <summary>The process may not listen.</summary>
    public static Fault CannotListen(Errno error, bool isHostUser) => error switch
    {
        Errno.EPERM or Errno.EACCES when isHostUser =>
            new(FaultId.WatchPermissionDenied, $"The kernel's records may not be received by this process ({Show(error)}): it lacks CAP_AUDIT_READ, or a security module forbids it."),
        Errno.EPERM or Errno.EACCES or Errno.ECONNREFUSED =>
            new(FaultId.WatchNamespace, $"The kernel's records are not sent to this process ({Show(error)}): it is in a user namespace of its own."),
        Errno.EINVAL => new(FaultId.AuditUnsupported, $"This kernel does not send its records to listeners ({Show(error)}); Linux 3.16 and later do."),
        _ => NetlinkFaults.CannotOpen(error),
    };

    /// <summary>The network namespace gets nothing.</summary>
    public static Fault OtherNetwork() =>
        new(FaultId.WatchNamespace, "The kernel's records are not sent to this process: it is in a network namespace of its own, and they go to the host's alone.");

    /// <summary>The kernel had no room for records.</summary>
    /// <param name="missing">How many events are missing at most, by their serials, of whatever type; null where it is not known.</param>
    public static Fault Lost(long? missing) => new(FaultId.RecordsLost, missing is long count
        ? string.Create(CultureInfo.InvariantCulture, $"The kernel had no room for records that were not taken fast enough: {count} events, by their serials, are missing here, of whatever type.")
        : "The kernel had no room for records that were not taken fast enough; how many are missing here is not known.") { IsWarning = true };

    private static string Show(Errno error) => string.Create(CultureInfo.InvariantCulture, $"{Marshal.GetPInvokeErrorMessage((int)error)}, errno {(int)error}");
}
