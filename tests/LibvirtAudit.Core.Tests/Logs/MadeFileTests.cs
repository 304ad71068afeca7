using System.Runtime.Versioning;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>The rights of the files that are made, and whose files are written.</summary>
[SupportedOSPlatform("linux")]
public sealed class MadeFileTests : IDisposable
{
    private const string Folder = "VIRTAUDIT_TEST_FOLDER";
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TempFolder _folder = new();

    public MadeFileTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "rights are those of Linux");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("0000")]
    [InlineData("0027")]
    [InlineData("0777")]
    public async Task They_are_for_their_owner_whatever_the_umask(string umask)
    {
        ProgramRun run = await ChildTest.Run(
            typeof(MadeFileTests), nameof(Make), new Dictionary<string, string> { [Folder] = _folder.Path }, "sh", "-c", $"umask {umask}; exec \"$@\"", "sh");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_folder.PathOf("made.log")));
        Assert.Equal(OwnerOnly, File.GetUnixFileMode(_folder.PathOf("bookmark.json")));
    }

    [Fact(Explicit = true)]
    public void Make()
    {
        string folder = Environment.GetEnvironmentVariable(Folder)!;
        string log = Path.Combine(folder, "made.log");
        Append(log);
        Append(log);
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), new LiveSink(), TestContext.Current.CancellationToken);
        live.UseBookmark(Path.Combine(folder, "bookmark.json"));
        live.Add([log]);
        live.ReadOn();
    }

    [Fact]
    public async Task A_file_of_another_user_in_a_folder_for_everybody_is_refused_and_untouched()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root gives files away");
        string log = _folder.Write("planted.log", "planted\n"u8);
        Assert.Equal(0, (await ProgramRun.Of(["chown", "65534", log])).ExitCode);
        Append(log);

        File.WriteAllText(log, "planted\n");
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_111_111 | UnixFileMode.StickyBit);
        Fault fault = Assert.Throws<FaultException>(() => Append(log)).Fault;
        Assert.Equal(FaultId.UnsafeLink, fault.Id);
        Assert.Contains("65534", fault.Message, StringComparison.Ordinal);
        Assert.Equal("planted\n", await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken));
    }

    private static void Append(string path)
    {
        using var appender = new AuditLogAppender(path);
        appender.Append(1, serial => System.Text.Encoding.ASCII.GetBytes($"type=USER msg=audit(1.000:{serial}): x\n"), TestContext.Current.CancellationToken);
    }
}
