using LibvirtAudit.Encoding;
using LibvirtAudit.Interop;

namespace LibvirtAudit.Writing;

/// <summary>The numbers of device nodes.</summary>
internal static unsafe class DeviceNode
{
    /// <summary>
    /// Major and minor number of a character or block device in the form of <c>rdev=</c> (libvirt
    /// <c>src/conf/domain_audit.c</c>, <c>virDomainAuditGetRdev</c>); null where the path leads to none.
    /// </summary>
    public static string? GetNumber(string path)
    {
        statx found;
        return Libc.statx_at(Libc.AT_FDCWD, [.. ByteText.GetBytes(path), 0], 0, Libc.STATX_BASIC_STATS, &found) == 0 && found.IsDevice
            ? FormattableString.Invariant($"{found.stx_rdev_major:X2}:{found.stx_rdev_minor:X2}")
            : null;
    }
}
