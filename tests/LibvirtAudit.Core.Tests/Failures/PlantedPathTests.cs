using System.Runtime.Versioning;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Failures;

/// <summary>What others may have put where -LogPath and -Bookmark write, and the modes that files get: docs/rights.md.</summary>
[SupportedOSPlatform("linux")]
public sealed class PlantedPathTests : IDisposable
{
    private const string FolderVariable = "VIRTAUDIT_TEST_FOLDER";
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly TempFolder _folder = new();
    private readonly string _victim;

    public PlantedPathTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links are minded on Linux");
        _victim = _folder.Write("victim", "precious"u8);
        File.SetUnixFileMode(_victim, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        _folder.Write("audit.log", ReadOneLog.Lines(1, 3));
    }

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("link", true, FaultId.UnsafeLink, FaultId.UnsafeLink)]
    [InlineData("link", false, FaultId.UnsafeLink, FaultId.UnsafeLink)]
    [InlineData("link on the way", true, FaultId.UnsafeLink, FaultId.UnsafeLink)]
    [InlineData("link on the way", false, FaultId.UnsafeLink, FaultId.UnsafeLink)]
    [InlineData("link that leads nowhere", true, FaultId.UnsafeLink, FaultId.UnsafeLink)]
    [InlineData("second name", true, FaultId.UnsafeLink, FaultId.BookmarkDamaged)]
    [InlineData("pipe", true, FaultId.LogWriteFailed, FaultId.BookmarkDamaged)]
    [InlineData("folder", true, FaultId.PathIsDirectory, FaultId.BookmarkDamaged)]
    [InlineData("lock that is a link", true, null, FaultId.UnsafeLink)]
    [InlineData("temporary that is a link", true, null, null)]
    public async Task What_is_planted_is_not_written_through(string planted, bool isSticky, FaultId? appending, FaultId? keeping)
    {
        string folder = OpenFolder(isSticky);
        string path = await Plant(planted, folder);
        Assert.Equal(appending, FaultOf(() => Append(path)));
        if (appending is null)
        {
            File.Delete(path);
        }

        Assert.Equal(keeping, FaultOf(() => Keep(path)));
        Assert.Equal("precious", File.ReadAllText(_victim));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(_victim));
        Assert.False(File.Exists(_folder.PathOf("nowhere")));
    }

    [Fact]
    public void A_folder_of_another_user_is_no_reason_but_what_he_links_in_it_when_all_may_is()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "giving a folder to another user needs root");
        string folder = Directory.CreateDirectory(_folder.PathOf("his")).FullName;
        Tool.Run("chown", ["65534", folder]);
        Append(Path.Combine(folder, "new.log"));
        Keep(Path.Combine(folder, "bookmark"));
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_111_111);
        File.CreateSymbolicLink(Path.Combine(folder, "link"), _victim);
        Assert.Equal(FaultId.UnsafeLink, FaultOf(() => Append(Path.Combine(folder, "link"))));

        // A bookmark that he has put there may say anything.
        Tool.Run("chown", ["65534", Path.Combine(folder, "bookmark")]);
        Assert.Equal(FaultId.BookmarkForeign, FaultOf(() => Keep(Path.Combine(folder, "bookmark"))));
    }

    [Fact]
    public async Task Who_swaps_files_for_links_all_the_time_gets_nothing_written_through()
    {
        string folder = OpenFolder(isSticky: false);
        string path = Path.Combine(folder, "out"), decoy = Path.Combine(folder, "decoy");
        bool isOver = false;
        Task swapping = Task.Run(
            () =>
            {
                while (!Volatile.Read(ref isOver))
                {
                    File.CreateSymbolicLink(decoy, _victim);
                    File.Move(decoy, path, overwrite: true);
                    File.WriteAllText(decoy, "");
                    File.Move(decoy, path, overwrite: true);
                }
            },
            TestContext.Current.CancellationToken);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            refused += FaultOf(() => Append(path)) is null ? 0 : 1;
            refused += FaultOf(() => Keep(path)) is null ? 0 : 1;
        }

        Volatile.Write(ref isOver, true);
        await swapping.Within("who swaps the files");
        Assert.Equal("precious", File.ReadAllText(_victim));
        Assert.True(refused > 0, "the swapping was never in the way");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("077")]
    public async Task New_files_are_for_their_owner_only_whatever_the_umask(string umask)
    {
        ProgramRun run = await ChildTest.Run(
            typeof(PlantedPathTests), nameof(Writes_two_files), new() { [FolderVariable] = _folder.Path }, "sh", "-c", $"umask {umask}; exec \"$@\"", "sh");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(Private, File.GetUnixFileMode(_folder.PathOf("new.log")));
        Assert.Equal(Private, File.GetUnixFileMode(_folder.PathOf("bookmark")));
    }

    [Fact]
    public void The_mode_of_a_log_that_is_there_stays()
    {
        foreach (UnixFileMode mode in new[] { Private, Private | UnixFileMode.GroupRead, UnixFileMode.UserWrite | UnixFileMode.UserRead | UnixFileMode.OtherRead })
        {
            string path = _folder.Write("there.log", ""u8);
            File.SetUnixFileMode(path, mode);
            Append(path);
            Assert.Equal(mode, File.GetUnixFileMode(path));
        }
    }

    [Fact(Explicit = true)]
    public void Writes_two_files()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        Append(Path.Combine(folder, "new.log"));
        Keep(Path.Combine(folder, "bookmark"), Path.Combine(folder, "audit.log"));
    }

    private static void Append(string path)
    {
        using var appender = new AuditLogAppender(path);
        appender.Append(1, serial => System.Text.Encoding.ASCII.GetBytes($"type=VIRT_CONTROL msg=audit(1.000:{serial}): x\n"), TestContext.Current.CancellationToken);
    }

    private static void Keep(string bookmark, string log)
    {
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), new LiveSink(), TestContext.Current.CancellationToken);
        live.UseBookmark(bookmark);
        live.Add([log]);
        live.ReadOn();
    }

    private static FaultId? FaultOf(Action action)
    {
        try
        {
            action();
            return null;
        }
        catch (FaultException e)
        {
            return e.Fault.Id;
        }
    }

    private void Keep(string bookmark) => Keep(bookmark, _folder.PathOf("audit.log"));

    private string OpenFolder(bool isSticky)
    {
        string folder = Directory.CreateDirectory(_folder.PathOf("open")).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)(isSticky ? 0b1_111_111_111 : 0b111_111_111));
        return folder;
    }

    private async Task<string> Plant(string what, string folder)
    {
        string path = Path.Combine(folder, "out");
        switch (what)
        {
            case "link":
                File.CreateSymbolicLink(path, _victim);
                break;
            case "link on the way":
                Directory.CreateSymbolicLink(Path.Combine(folder, "way"), _folder.Path);
                return Path.Combine(folder, "way", "victim");
            case "link that leads nowhere":
                File.CreateSymbolicLink(path, _folder.PathOf("nowhere"));
                break;
            case "second name":
                Assert.Equal(0, (await ProgramRun.Of(["ln", _victim, path])).ExitCode);
                break;
            case "pipe":
                Assert.Equal(0, (await ProgramRun.Of(["mkfifo", path])).ExitCode);
                break;
            case "folder":
                Directory.CreateDirectory(path);
                break;
            case "lock that is a link":
                File.CreateSymbolicLink(Path.Combine(folder, ".out.lock"), _victim);
                break;
            default:
                File.CreateSymbolicLink(Path.Combine(folder, ".out.tmp"), _victim);
                break;
        }

        return path;
    }
}
