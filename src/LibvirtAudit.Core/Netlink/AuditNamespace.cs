namespace LibvirtAudit.Netlink;

/// <summary>Whether this process is in the namespaces to which the kernel sends its records.</summary>
internal static class AuditNamespace
{
    private const string NetworkSettings = "/proc/sys/net/core";

    /// <summary>PROC_USER_INIT_INO of <c>linux/proc_ns.h</c>: the number of the host's own user namespace.</summary>
    private const string HostUserNamespace = "user:[4026531837]";

    /// <summary>Whether the user namespace is the host's own; null where the system does not tell.</summary>
    public static bool? IsHostUser => new FileInfo("/proc/self/ns/user").LinkTarget is string own ? own == HostUserNamespace : null;

    /// <summary>
    /// Whether the network namespace is the host's own. Its number differs from boot to boot, but the queues of the network
    /// devices are set there alone (<c>net_core_table</c> in <c>net/core/sysctl_net_core.c</c>).
    /// </summary>
    public static bool IsHostNetwork => !Directory.Exists(NetworkSettings) || File.Exists(NetworkSettings + "/netdev_max_backlog");
}
