using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>
/// The kernel's audit, held for one user, with an auditd that writes into a folder of its own. A process of its own holds the
/// machine-wide lock, starts the daemon, and puts everything back as it was, also where its user is killed.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class KernelGuard : IAsyncDisposable
{
    /// <summary>One user of the kernel's audit at a time, whatever project its tests are of.</summary>
    private const string LockPath = "/tmp/libvirtaudit-kernel.lock";

    /// <summary>Takes the folder with auditd.conf; says "ready PID" or "skip REASON"; ends with its input.</summary>
    private const string Guard = """
        exec 9>>"$2"
        flock -w 300 9 || { echo "skip the lock $2 was not free for 5 minutes; it is held by $(lslocks -n -o PID,COMMAND,PATH 2>/dev/null | awk -v lock="$2" '$3 == lock { print $2, $1 }')"; exit; }
        before=$(auditctl -s) || { echo 'skip the state of the kernel audit may not be read'; exit; }
        was() { echo "$before" | awk -v key="$1" '$1 == key { print $2 }'; }
        [ "$(was pid)" = 0 ] || { echo 'skip an audit daemon runs on this host'; exit; }
        [ "$(was enabled)" = 2 ] && { echo 'skip the kernel audit is locked'; exit; }
        auditd -n -c "$1" 9>&- & daemon=$!
        restore() {
            kill -CONT $daemon; kill $daemon
            for i in $(seq 100); do kill -0 $daemon || break; sleep 0.1; done
            kill -KILL $daemon; wait $daemon
            auditctl -e "$(was enabled)"; auditctl -b "$(was backlog_limit)"; auditctl --backlog_wait_time "$(was backlog_wait_time)"
            [ "$(was lost)" = 0 ] && auditctl --reset-lost
        }
        trap 'restore >/dev/null 2>&1' EXIT
        for i in $(seq 100); do auditctl -s | grep -qx "pid $daemon" && grep -q DAEMON_START "$1/audit.log" && break; sleep 0.1; done
        auditctl -s | grep -qx "pid $daemon" || { echo 'skip auditd did not start'; exit; }
        auditctl -b 8192 >/dev/null
        echo "ready $daemon"
        cat >/dev/null
        """;

    // Longer than the guard waits for the lock, and than it takes to start the daemon or to end it.
    private static readonly TimeSpan LongestTake = TimeSpan.FromMinutes(6);
    private static readonly TimeSpan LongestEnd = TimeSpan.FromMinutes(1);

    private readonly Process? _process;

    private KernelGuard(Process? process, string answer)
    {
        _process = process;
        Missing = answer.StartsWith("skip ", StringComparison.Ordinal) ? answer["skip ".Length..] : null;
        DaemonId = Missing is null ? int.Parse(answer["ready ".Length..], CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Why there is no kernel audit to be had; null where there is.</summary>
    public string? Missing { get; }

    /// <summary>The daemon's process id.</summary>
    public int DaemonId { get; }

    /// <summary>The log that the daemon of a folder writes.</summary>
    public static string LogIn(string folder) => Path.Combine(folder, "audit.log");

    /// <summary>Waits until the kernel's audit is free, and takes it.</summary>
    public static async Task<KernelGuard> Take(string folder)
    {
        string? missing = !OperatingSystem.IsLinux() ? "the kernel's audit is Linux's"
            : !Environment.IsPrivilegedProcess ? "using the kernel's audit needs root"
            : new[] { "auditd", "auditctl", "ausearch", "flock" }.FirstOrDefault(program => !IsInstalled(program)) is string program ? $"{program} is not installed"
            : null;
        if (missing is not null)
        {
            return new KernelGuard(null, "skip " + missing);
        }

        await WriteConfiguration(folder);
        var start = new ProcessStartInfo("bash", ["-c", Guard, "guard", folder, LockPath]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        Process process = Process.Start(start)!;
        return new KernelGuard(process, await process.StandardOutput.ReadLineAsync().WaitAsync(LongestTake) ?? "skip the guard of the kernel's audit ended");
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            _process.StandardInput.Close();
            await _process.WaitForExitAsync().WaitAsync(LongestEnd);
            _process.StandardOutput.Dispose();
            _process.Dispose();
        }
    }

    private static bool IsInstalled(string program) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':').Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task WriteConfiguration(string folder)
    {
        string plugins = Directory.CreateDirectory(Path.Combine(folder, "plugins.d")).FullName;
        string configuration = Path.Combine(folder, "auditd.conf");
        await File.WriteAllTextAsync(configuration, $"""
            log_file = {LogIn(folder)}
            log_format = RAW
            flush = INCREMENTAL_ASYNC
            freq = 50
            max_log_file_action = IGNORE
            space_left = 2
            space_left_action = IGNORE
            admin_space_left = 1
            admin_space_left_action = IGNORE
            disk_full_action = IGNORE
            disk_error_action = IGNORE
            plugin_dir = {plugins}

            """);
        File.SetUnixFileMode(configuration, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }
}
