using System.Diagnostics;
using System.Runtime.Versioning;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Failures;

/// <summary>What goes wrong on real hosts: full disks, media that fail, rights and folders taken away, limits reached.</summary>
[SupportedOSPlatform("linux")]
public sealed class RealFaultTests : IDisposable
{
    private const string FolderVariable = "VIRTAUDIT_TEST_FOLDER";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly TempFolder _folder = new();
    private readonly LiveSink _sink = new();

    public RealFaultTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "these faults are Linux's");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_full_disk_leaves_the_old_bookmark_whole_and_nothing_beside_it()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small disk needs root");
        string disk = Directory.CreateDirectory(_folder.PathOf("disk")).FullName;
        Assert.SkipUnless((await ProgramRun.Of(["mount", "-t", "tmpfs", "-o", "size=64k", "virtaudit", disk])).ExitCode == 0, "a small disk can't be mounted here");
        try
        {
            string bookmark = Path.Combine(disk, "bookmark"), ballast = Path.Combine(disk, "ballast");
            using var log = new RotatingLog(_folder.PathOf("audit.log"));
            log.Write(5);
            Read(log.Path, bookmark);
            byte[] before = File.ReadAllBytes(bookmark);
            log.Write(5);
            Fill(ballast);
            Assert.Equal(FaultId.LogWriteFailed, Assert.Throws<FaultException>(() => Read(log.Path, bookmark)).Fault.Id);
            Assert.Equal(before, File.ReadAllBytes(bookmark));
            Assert.Equal(["ballast", "bookmark"], Directory.GetFiles(disk).Select(Path.GetFileName).Order());

            // With room again: what came behind the bookmark that could be kept.
            File.Delete(ballast);
            _sink.Records.Clear();
            Read(log.Path, bookmark);
            Assert.Equal([6, 7, 8, 9, 10], _sink.Numbers);
        }
        finally
        {
            await ProgramRun.Of(["umount", disk]);
        }
    }

    [Fact]
    public async Task A_medium_that_fails_for_a_while_is_told_once_and_costs_no_record()
    {
        await using FailingDisk disk = await FailingDisk.Mount(_folder.Path);
        using var log = new RotatingLog(disk.Below("audit.log"));
        log.Write(100);
        int step = 0;
        long since = 0;
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken)
        {
            Idle = () =>
            {
                switch (step)
                {
                    case 0:
                        disk.IsFailing = true;
                        log.Write(100);
                        since = Stopwatch.GetTimestamp();
                        step++;
                        break;
                    case 1 when _sink.Faults.Count > 0 && Stopwatch.GetElapsedTime(since) > TimeSpan.FromSeconds(2):
                        disk.IsFailing = false;
                        step++;
                        break;
                    default:
                        break;
                }
            },
        };
        live.Add([disk.Above("audit.log")]);
        live.Follow(Patience, () => _sink.Records.Count == 200);
        Assert.Equal(Enumerable.Range(1, 200), _sink.Numbers);
        Assert.Equal([FaultId.LogReadFailed], _sink.Faults.Select(fault => fault.Id));

        // From front to end: what stands before the place, and why no more.
        var once = new LiveSink();
        disk.IsFailing = true;
        new LogSource(new ReadOptions(RecordFilter.All), once, TestContext.Current.CancellationToken).ReadFile(disk.Above("audit.log"));
        Assert.Equal([FaultId.LogReadFailed], once.Faults.Select(fault => fault.Id));
        Assert.Equal(Enumerable.Range(1, once.Records.Count), once.Numbers);
    }

    [Fact]
    public async Task Without_inotify_a_log_is_followed_all_the_same()
    {
        const string NoInotify = "echo 0 > /proc/sys/user/max_inotify_instances && exec \"$@\"";
        Assert.SkipUnless((await ProgramRun.Of(["unshare", "-U", "-r", "sh", "-c", NoInotify, "sh", "true"])).ExitCode == 0, "user namespaces are not to be had here");
        ProgramRun run = await ChildTest.Run(typeof(RealFaultTests), nameof(Follows_a_log), new() { [FolderVariable] = _folder.Path }, "unshare", "-U", "-r", "sh", "-c", NoInotify, "sh");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal("no inotify", File.ReadAllText(_folder.PathOf("result")));
    }

    [Fact(Explicit = true)]
    public void Follows_a_log()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        using var log = new RotatingLog(Path.Combine(folder, "audit.log"));
        log.Write(1);
        FollowThrough(log.Path, () => log.Count, () => log.Write(3), log.Rotate, () => log.Write(3));
        Assert.Equal(Enumerable.Range(1, log.Count), _sink.Numbers);
        Assert.Empty(_sink.Faults);
        using var inotify = Interop.Libc.inotify_init1(0);
        File.WriteAllText(Path.Combine(folder, "result"), inotify.IsInvalid ? "no inotify" : "inotify");
    }

    [Fact]
    public void A_folder_that_is_renamed_and_comes_back_is_followed_on()
    {
        string folder = Directory.CreateDirectory(_folder.PathOf("log")).FullName, away = _folder.PathOf("away");
        var log = new RotatingLog(Path.Combine(folder, "audit.log"));
        log.Write(2);
        int count = 0;
        FollowThrough(
            log.Path,
            () => count,
            () => Directory.Move(folder, away),
            () => log.Write(2),
            () => Directory.Move(away, folder),
            () => log.Write(2),
            () => count = log.Count);
        Assert.Equal(Enumerable.Range(1, 6), _sink.Numbers);
        Assert.Empty(_sink.Faults);
        log.Dispose();
    }

    [Fact]
    public void A_folder_that_is_removed_and_made_anew_is_followed_on()
    {
        string folder = Directory.CreateDirectory(_folder.PathOf("log")).FullName;
        var log = new RotatingLog(Path.Combine(folder, "audit.log"));
        RotatingLog? anew = null;
        log.Write(2);
        int count = 0;
        FollowThrough(
            log.Path,
            () => count,
            () =>
            {
                // What is still written to the file that has no name any more is read as well.
                Directory.Delete(folder, recursive: true);
                log.Write(2);
            },
            () =>
            {
                log.Dispose();
                Directory.CreateDirectory(folder);
                anew = new RotatingLog(Path.Combine(folder, "audit.log"), count: log.Count);
                anew.Write(2);
            },
            () => count = anew!.Count);
        Assert.Equal(Enumerable.Range(1, 6), _sink.Numbers);
        Assert.Empty(_sink.Faults);
        anew?.Dispose();
    }

    [Fact]
    public void Rights_that_are_taken_away_are_told_once_and_given_back_nothing_is_missing()
    {
        string folder = Directory.CreateDirectory(_folder.PathOf("log")).FullName;
        using var log = new RotatingLog(Path.Combine(folder, "audit.log"));
        File.SetUnixFileMode(_folder.Path, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        log.Write(2);
        int count = 0;
        try
        {
            AsNobody.Run(() => FollowThrough(
                log.Path,
                () => count,
                () => ByRoot(() => File.SetUnixFileMode(folder, (UnixFileMode)0b111_000_000)),
                () => ByRoot(() =>
                {
                    log.Rotate();
                    log.Write(2);
                }),
                () => Thread.Sleep(1200),
                () => ByRoot(() => File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101)),
                () => ByRoot(() => log.Write(2)),
                () => count = log.Count));
        }
        finally
        {
            File.SetUnixFileMode(folder, (UnixFileMode)0b111_101_101);
        }

        Assert.Equal(Enumerable.Range(1, 6), _sink.Numbers);
        Assert.Equal([FaultId.LogAccessDenied], _sink.Faults.Select(fault => fault.Id));
    }

    // Another thread still has the rights of the process.
    private static void ByRoot(Action action) => Task.Run(action).Within("what root does").GetAwaiter().GetResult();

    private static void Fill(string path)
    {
        using var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (byte[] block = new byte[4096]; ;)
            {
                file.Write(block);
            }
        }
        catch (IOException)
        {
            // The disk is full.
        }
    }

    private void Read(string log, string bookmark)
    {
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken);
        live.UseBookmark(bookmark);
        live.Add([log]);
        live.ReadOn();
    }

    // Does one step each time all has been read, and ends when as many records came as there are, or at the end of patience.
    private void FollowThrough(string path, Func<int> count, params Action[] steps)
    {
        var left = new Queue<Action>(steps);
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken)
        {
            Idle = () =>
            {
                if (left.TryDequeue(out Action? step))
                {
                    step();
                }
            },
        };
        live.Add([path]);
        live.Follow(Patience, () => left.Count == 0 && _sink.Records.Count >= count());
    }
}
