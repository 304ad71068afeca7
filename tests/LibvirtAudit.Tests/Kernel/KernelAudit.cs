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
    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-kernel-").FullName;
    private KernelGuard? _guard;
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
        _guard = await KernelGuard.Take(_folder);
        _missing = _guard.Missing;
        DaemonId = _guard.DaemonId;
    }

    public async ValueTask DisposeAsync()
    {
        if (_guard is not null)
        {
            await _guard.DisposeAsync();
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
}
