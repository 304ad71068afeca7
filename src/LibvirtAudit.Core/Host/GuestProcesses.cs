using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Host;

/// <summary>Tells whether the processes of guests still run on this host, by <c>/proc</c> (proc(5)).</summary>
internal sealed class GuestProcesses
{
    /// <summary>PROC_PID_INIT_INO of <c>linux/proc_ns.h</c>: the number of the host's own process ids, which its records carry.</summary>
    private const string HostProcessNamespace = "pid:[4026531836]";

    /// <summary>USER_HZ: <c>starttime</c> counts hundredths of a second since the boot.</summary>
    private const long MillisecondsPerTick = 10;

    /// <summary>By how much a process may seem younger than the record of its start: the boot's time has no fractions, and the clock is adjusted.</summary>
    private const long Tolerance = 10_000;

    /// <summary>The place of <c>state</c> and <c>starttime</c> behind the process's name in a <c>stat</c> file.</summary>
    private const int StateField = 0;
    private const int StartField = 19;

    private readonly string _root;
    private readonly string _hostName;
    private readonly bool _isHost;
    private readonly long? _boot;

    /// <summary>Looks at the processes that are under <paramref name="root"/>, on the host of that name.</summary>
    internal GuestProcesses(string root = "/proc", string? hostName = null)
    {
        _root = root;
        _hostName = ShortName(hostName ?? Environment.MachineName);
        _isHost = new FileInfo(Path.Combine(root, "self/ns/pid")).LinkTarget == HostProcessNamespace;
        _boot = ProcText.Read(Path.Combine(root, "stat")) is string text && ProcText.Field(text, "btime ") is string seconds
            && long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long boot) ? boot * 1000 : null;
    }

    /// <summary>
    /// Whether the session's process runs. Null where that can't be told: in a container, of another host's session, where
    /// the process is not known, and where processes of other users are hidden.
    /// </summary>
    internal bool? IsAlive(VirtAuditSession session)
    {
        if (!_isHost || session.VMProcessId is not long id || (session.Node is string node && !ShortName(node).Equals(_hostName, StringComparison.OrdinalIgnoreCase)))
        {
            return null;
        }

        string folder = Path.Combine(_root, id.ToString(CultureInfo.InvariantCulture));
        if (ProcText.Read(Path.Combine(folder, "stat")) is not string stat)
        {
            return ProcText.Read(Path.Combine(_root, "1/stat")) is null ? null : false;
        }

        // The name may hold anything, so that what follows is found behind its last parenthesis.
        string[] fields = stat[(stat.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (fields.Length <= StartField || !long.TryParse(fields[StartField], NumberStyles.None, CultureInfo.InvariantCulture, out long ticks))
        {
            return null;
        }

        if (fields[StateField] is "Z" or "X")
        {
            return false;
        }

        // A clock that was set makes a process look younger; QEMU's command line names the guest.
        if (session.Uuid is Guid uuid && ProcText.Read(Path.Combine(folder, "cmdline"))?.Contains(uuid.ToString("D"), StringComparison.OrdinalIgnoreCase) == true)
        {
            return true;
        }

        return _boot is long boot && session.StartMilliseconds is long start ? boot + (ticks * MillisecondsPerTick) <= start + Tolerance : null;
    }

    private static string ShortName(string name) => name.Split('.')[0];
}
