using System.Runtime.InteropServices;

namespace LibvirtAudit.Interop;

/// <summary>A time of <see cref="statx"/> (<c>linux/stat.h</c>).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct statx_timestamp
{
    public long tv_sec;
    public uint tv_nsec;
    public int reserved;
}
