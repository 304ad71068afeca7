using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Manifest;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>Progress, warnings, verbose, debug and information text that hostile names are in: each is made to come, and none can move a cursor.</summary>
public sealed class HostileStreamTests : IDisposable
{
    private const string Hostile = "a\u001b[2J\u001b]0;title\u0007\u202eb\n\u009b1;1Hc";
    private const string Shown = "a`e[2J`e]0;title`a`u{202e}b`n`u{9b}1;1Hc";
    private const string Guest = "-Uuid a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 -Driver qemu";
    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-test-").FullName;
    private readonly ModuleHost _host = new();

    public HostileStreamTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the paths are those of Linux");
        _host.Location = _folder;
        _host.SetVariable("hostile", Hostile);
        _host.SetVariable("log", Path.Combine(_folder, Hostile));
        foreach (string stream in new[] { "Debug", "Verbose", "Information", "Warning", "Progress" })
        {
            _host.SetVariable(stream + "Preference", "Continue");
        }
    }

    public static TheoryData<string> Readers
    {
        get
        {
            using var host = new ModuleHost();
            return [.. CmdletTypes.All.Where(cmdlet => cmdlet.Value.GetProperty("LiteralPath") is not null && cmdlet.Value.GetProperty("LogPath") is null).Select(cmdlet => cmdlet.Key)];
        }
    }

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>A pipe whose writer takes its time: the reading takes long enough for its progress to be shown.</summary>
    [Theory]
    [MemberData(nameof(Readers))]
    public async Task The_progress_of_reading_a_file_of_a_hostile_name_is_harmless(string name)
    {
        string pipe = Path.Combine(_folder, Hostile);
        Assert.SkipUnless(ProgramRun.Exists("mkfifo"), "mkfifo is not installed");
        Assert.Equal(0, (await ProgramRun.Of(["mkfifo", pipe])).ExitCode);
        byte[] record = [.. Carrier.Line(2500, LibvirtBody.All[0].With("VMName", System.Text.Encoding.UTF8.GetBytes(Hostile))), (byte)'\n'];
        Task writing = Task.Run(async () =>
        {
            await using var stream = new FileStream(pipe, FileMode.Open, FileAccess.Write);
            for (int i = 0; i < 4; i++)
            {
                await stream.WriteAsync(record, TestContext.Current.CancellationToken);
                await stream.FlushAsync(TestContext.Current.CancellationToken);
                await Task.Delay(400, TestContext.Current.CancellationToken);
            }
        }, TestContext.Current.CancellationToken);
        AssertHarmless($"{name} -LiteralPath $log {(name.StartsWith("Assert", StringComparison.Ordinal) ? "-Count 4" : "")}");
        await writing;
        Assert.Contains(Path.Combine(_folder, Shown), _host.Written);
    }

    [Fact]
    public void What_a_writer_says_in_every_stream_is_harmless()
    {
        _host.SetVariable("socket", Path.Combine(_folder, "nobody-listens"));

        // With -Debug a warning is a question.
        _host.Answer = 0;
        AssertHarmless($$"""
            Write-VirtControlAudit -VMName $hostile {{Guest}} -Operation start -Reason booted -VMProcessId 1 -LogPath $log -AuditLevel 1 -AuditLogging -JournalSocket $socket -Verbose -Debug -Confirm:$false
            Write-VirtResourceAudit -VMName $hostile {{Guest}} -ResourceType dev -Reason attach -Bus pci -Device $hostile -LogPath $log -AuditLevel 1 -Verbose -Debug -Confirm:$false
            """);
        foreach (string stream in new[] { "VERBOSE: ", "WARNING: ", "success=yes " })
        {
            Assert.Contains(_host.Written, text => text.Contains(stream, StringComparison.Ordinal));
        }

        Assert.Contains(_host.Written, text => text.StartsWith("VERBOSE: ", StringComparison.Ordinal) && text.Contains("`e[2J", StringComparison.Ordinal));
        Assert.Contains(_host.Written, text => text.StartsWith("WARNING: ", StringComparison.Ordinal) && text.Contains("`e[2J", StringComparison.Ordinal));
    }

    [Fact]
    public void A_gap_behind_a_hostile_bookmark_is_told_harmlessly()
    {
        string path = Path.Combine(_folder, Hostile);
        byte[] record = [.. Carrier.Line(2500, LibvirtBody.All[0].With("VMName", "a"u8.ToArray())), (byte)'\n'];
        File.WriteAllBytes(path, [.. record, .. record]);
        _host.SetVariable("bookmark", path + ".bookmark");
        AssertHarmless("Get-VirtAuditRecord -LiteralPath $log -Bookmark $bookmark");
        File.Delete(path);
        File.WriteAllBytes(path, [.. Carrier.Line(2500, LibvirtBody.All[0].With("VMName", "b"u8.ToArray()), "1795369175.823:9047"), (byte)'\n']);
        AssertHarmless("Get-VirtAuditRecord -LiteralPath $log -Bookmark $bookmark");
        Assert.Contains(_host.Written, text => text.StartsWith("WARNING: ", StringComparison.Ordinal) && text.Contains("`e[2J", StringComparison.Ordinal));
    }

    private void AssertHarmless(string script)
    {
        _host.Render(script, escapes: true);
        Assert.All(_host.Written, text => Assert.Null(Terminal.Danger(text)));
    }
}
