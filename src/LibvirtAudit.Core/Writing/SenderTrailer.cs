using LibvirtAudit.Encoding;
using LibvirtAudit.Interop;
using LibvirtAudit.Records;

namespace LibvirtAudit.Writing;

/// <summary>
/// What libaudit says of the sender behind every body (3.0.9, <c>lib/audit_logging.c</c>, <c>audit_log_user_message</c>):
/// program, host, address and terminal. libvirt leaves all four to libaudit.
/// </summary>
/// <param name="Executable">The program.</param>
/// <param name="HostName">The host's name, only where there is a terminal; else null.</param>
/// <param name="Terminal">The first terminal of the standard streams, without <c>/dev/</c>; null where there is none.</param>
internal sealed record SenderTrailer(string Executable, string? HostName, string? Terminal)
{
    /// <summary>libaudit's buffers: PATH_MAX, TTY_PATH and HOSTLEN.</summary>
    private const int PathMax = 4096;
    private const int TerminalMax = 32;
    private const int HostMax = 64;

    /// <summary>What libaudit would say of this process.</summary>
    public static SenderTrailer OfThisProcess()
    {
        string? terminal = FindTerminal();
        return new SenderTrailer(FindExecutable(), HasHostName(terminal) ? FindHostName() : null, terminal);
    }

    /// <summary>Fills the properties that the trailer is written from; the address is always missing.</summary>
    public void Describe(VirtAuditRecord record) => record.Sender = record.Sender with
    {
        Executable = Executable,
        HostName = HostName,
        Address = null,
        Terminal = Terminal,
    };

    /// <summary>libaudit names the host for these terminals only: not for <c>console</c>.</summary>
    internal static bool HasHostName(string? terminal) => terminal is not null
        && (terminal.StartsWith("pts", StringComparison.Ordinal) || terminal.StartsWith("tty", StringComparison.Ordinal));

    private static unsafe string FindExecutable()
    {
        Span<byte> path = stackalloc byte[PathMax];
        fixed (byte* bytes = path)
        {
            nint length = Libc.readlink("/proc/self/exe\0"u8, bytes, PathMax);
            return length < 0 ? "?" : ByteText.GetString(path[..(int)length]);
        }
    }

    private static unsafe string? FindTerminal()
    {
        Span<byte> name = stackalloc byte[TerminalMax];
        for (int descriptor = 0; descriptor < 3; descriptor++)
        {
            fixed (byte* bytes = name)
            {
                if (Libc.ttyname_r(descriptor, bytes, TerminalMax) == 0 && name[0] != 0)
                {
                    // Where the first one is no terminal to be believed, libaudit does not look at the next.
                    return IsTerminal(name) ? Text(name, "/dev/") : null;
                }
            }
        }

        return null;
    }

    private static unsafe bool IsTerminal(ReadOnlySpan<byte> path)
    {
        statx found;
        return Libc.statx_at(Libc.AT_FDCWD, path, Libc.AT_SYMLINK_NOFOLLOW, Libc.STATX_BASIC_STATS, &found) == 0
            && found.IsCharacterDevice
            && (found.stx_nlink == 1 || path.StartsWith("/dev/"u8));
    }

    private static unsafe string? FindHostName()
    {
        Span<byte> name = stackalloc byte[HostMax];
        fixed (byte* bytes = name)
        {
            if (Libc.gethostname(bytes, HostMax) < 0)
            {
                return null;
            }
        }

        name[^1] = 0;
        return Text(name, "");
    }

    private static string? Text(ReadOnlySpan<byte> terminated, string prefix)
    {
        string text = ByteText.GetString(terminated[..terminated.IndexOf((byte)0)]);
        text = text.StartsWith(prefix, StringComparison.Ordinal) ? text[prefix.Length..] : text;
        return SafeText.IsOneWord(text) ? text : null;
    }
}
