using System.Runtime.InteropServices;

namespace LibvirtAudit.Benchmarks.Running;

/// <summary>What starts a program and tells what it took: <see cref="System.Diagnostics.Process"/> keeps a child's use of the processor to itself.</summary>
internal static partial class Libc
{
    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int posix_spawn(out int pid, string path, nint fileActions, nint attributes, [In] string?[] arguments, [In] string?[] environment);

    [LibraryImport("libc", SetLastError = true)]
    public static partial int wait4(int pid, out int status, int options, out ResourceUsage usage);

    [LibraryImport("libc")]
    public static partial int kill(int pid, int signal);
}

/// <summary><c>struct rusage</c> of <c>sys/resource.h</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ResourceUsage
{
    public long ru_utime_sec;
    public long ru_utime_usec;
    public long ru_stime_sec;
    public long ru_stime_usec;
    private fixed long _rest[14];

    public readonly double Seconds => ru_utime_sec + ru_stime_sec + ((ru_utime_usec + ru_stime_usec) / 1e6);
}
