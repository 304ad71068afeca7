using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>
/// The kernel's audit with an auditd of the tests' own, which writes into a folder of its own. A guard process holds the
/// machine-wide lock, starts the daemon, and puts everything back as it was, also where the tests are killed.
/// </summary>
[UnsupportedOSPlatform("windows")]
public sealed class KernelAudit : IAsyncLifetime
{
    /// <summary>One user of the kernel's audit at a time, whatever project its tests are of.</summary>
    private const string LockPath = "/tmp/libvirtaudit-kernel.lock";

    /// <summary>Takes the folder with auditd.conf; says "ready PID" or "skip REASON"; ends with its input.</summary>
    private const string Guard = """
        exec 9>>"$2"
        flock -w 1200 9 || { echo 'skip the lock of the kernel audit was not free for 20 minutes'; exit; }
        before=$(auditctl -s) || { echo 'skip the state of the kernel audit may not be read'; exit; }
        was() { echo "$before" | awk -v key="$1" '$1 == key { print $2 }'; }
        [ "$(was pid)" = 0 ] || { echo 'skip an audit daemon runs on this host'; exit; }
        [ "$(was enabled)" = 2 ] && { echo 'skip the kernel audit is locked'; exit; }
        auditd -n -c "$1" 9>&- & daemon=$!
        restore() {
            kill -CONT $daemon; kill $daemon; wait $daemon
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

    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-kernel-").FullName;
    private Process? _guard;
    private string? _missing;
    private int _marks;

    /// <summary>The daemon's process id.</summary>
    public int DaemonId { get; private set; }

    /// <summary>The log that the daemon writes.</summary>
    public string LogPath => Path.Combine(_folder, "audit.log");

    /// <summary>A folder for what the tests make.</summary>
    public string Folder => _folder;

    public async ValueTask InitializeAsync()
    {
        _missing = !OperatingSystem.IsLinux() ? "the kernel's audit is Linux's"
            : !Environment.IsPrivilegedProcess ? "using the kernel's audit needs root"
            : new[] { "auditd", "auditctl", "ausearch", "flock" }.FirstOrDefault(program => !ProgramRun.Exists(program)) is string program ? $"{program} is not installed"
            : null;
        if (_missing is not null)
        {
            return;
        }

        await WriteConfiguration();
        var start = new ProcessStartInfo("bash", ["-c", Guard, "guard", _folder, LockPath]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        _guard = Process.Start(start)!;
        string answer = await _guard.StandardOutput.ReadLineAsync() ?? "skip the guard of the kernel's audit ended";
        if (answer.StartsWith("ready ", StringComparison.Ordinal))
        {
            DaemonId = int.Parse(answer["ready ".Length..], CultureInfo.InvariantCulture);
        }
        else
        {
            _missing = answer["skip ".Length..];
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            _guard.StandardInput.Close();
            await _guard.WaitForExitAsync();
            _guard.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Skips the test where there is no kernel audit to be had.</summary>
    public void Require() => Assert.SkipWhen(_missing is not null, _missing ?? "");

    /// <summary>Skips the test where one of these programs is not installed either.</summary>
    public void RequirePrograms(params string[] programs)
    {
        Require();
        string? absent = programs.FirstOrDefault(program => !ProgramRun.Exists(program));
        Assert.SkipWhen(absent is not null, $"{absent} is not installed");
    }

    /// <summary>Runs auditctl.</summary>
    public static async Task Control(params string[] arguments)
    {
        ProgramRun run = await ProgramRun.Of(["auditctl", .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output);
    }

    /// <summary>Sends a signal to the daemon.</summary>
    public async Task Signal(string name) => Assert.Equal(0, (await ProgramRun.Of(["kill", "-" + name, DaemonId.ToString(CultureInfo.InvariantCulture)])).ExitCode);

    /// <summary>Where the log ends now.</summary>
    public long End => new FileInfo(LogPath).Length;

    /// <summary>The virtualization records that came into the log from <paramref name="start"/> on. A mark is sent behind them and waited for, since the daemon writes in the order of the kernel.</summary>
    public async Task<string[]> RecordsFrom(long start)
    {
        string mark = $"virtaudit-mark-{Environment.ProcessId}-{++_marks}";
        await Control("-m", mark);
        for (long waited = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(waited) < TimeSpan.FromSeconds(60);)
        {
            string text = await ReadFrom(start);
            if (text.Contains(mark, StringComparison.Ordinal))
            {
                return [.. text.Split('\n').Where(line => line.StartsWith("type=VIRT_", StringComparison.Ordinal))];
            }

            await Task.Delay(20);
        }

        throw new TimeoutException("the mark did not come into the log");
    }

    private async Task<string> ReadFrom(long start)
    {
        await using var log = new FileStream(LogPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = start;
        using var reader = new StreamReader(log, System.Text.Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    private async Task WriteConfiguration()
    {
        string plugins = Directory.CreateDirectory(Path.Combine(_folder, "plugins.d")).FullName;
        string configuration = Path.Combine(_folder, "auditd.conf");
        await File.WriteAllTextAsync(configuration, $"""
            log_file = {LogPath}
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
