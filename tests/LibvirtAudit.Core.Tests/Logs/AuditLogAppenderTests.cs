using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

[SupportedOSPlatform("linux")]
public sealed partial class AuditLogAppenderTests : IDisposable
{
    private const string ShareOf = "VIRTAUDIT_TEST_APPEND_TO";
    private const int Share = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-").FullName;

    public AuditLogAppenderTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "appending is for Linux");

    private string Log => Path.Combine(_folder, "audit.log");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_new_file_is_for_its_owner_only_and_begins_with_serial_1()
    {
        Assert.Equal(1u, Append("one"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Log));
        Assert.Equal("type=VIRT_CONTROL msg=audit(1.000:1): one\n", File.ReadAllText(Log));
    }

    [Fact]
    public void The_rights_of_a_file_that_is_there_stay_as_they_are()
    {
        File.WriteAllText(Log, "");
        File.SetUnixFileMode(Log, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        Append("one");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(Log));
    }

    [Theory]
    [InlineData("type=DAEMON_START msg=audit(1.000:3307): op=start\ntype=USER msg=audit(1.000:41): pid=1\n", 42u)]
    [InlineData("node=kvm01 type=USER msg=audit(1.000:41): pid=1\n", 42u)]
    [InlineData("type=USER msg=audit(1.000:41): pid=1\nnoise\n\n", 42u)]
    [InlineData("type=USER msg=audit(1.000:41): pid=1 msg='vm=\"x\" msg=audit(9.000:99):'\n", 42u)]
    [InlineData("type=USER msg=audit(1.000:4294967295): pid=1\n", 0u)]
    [InlineData("noise\n", 1u)]
    public void Serials_go_on_from_the_last_record(string before, uint expected)
    {
        File.WriteAllText(Log, before);
        Assert.Equal(expected, Append("next"));
        Assert.StartsWith(before, File.ReadAllText(Log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_last_record_is_found_wherever_a_block_ends()
    {
        const string Record = "node=a-host-with-a-name type=VIRT_CONTROL msg=audit(1795360115.435:7777): pid=1\n";
        for (int behind = (64 * 1024) - 150; behind < (64 * 1024) + 50; behind++)
        {
            File.WriteAllText(Log, Record + new string('x', behind) + "\n");
            Assert.Equal(7778u, Append("next"));
        }
    }

    [Theory]
    [InlineData("type=USER msg=audit(1.000:41): pid=1\ntype=USER msg=audit(1.000:42): pi", 43u)]
    [InlineData("type=USER msg=audit(1.000:41): pid=1\ntype=USER msg=audit(1.0", 42u)]
    public void A_half_line_of_another_writer_stays_a_line_of_its_own(string before, uint expected)
    {
        File.WriteAllText(Log, before);
        Assert.Equal(expected, Append("next"));
        Assert.Equal($"{before}\ntype=VIRT_CONTROL msg=audit(1.000:{expected}): next\n", File.ReadAllText(Log));
    }

    [Fact]
    public void After_a_rotation_the_new_file_is_written()
    {
        using var appender = new AuditLogAppender(Log);
        Append(appender, "one");
        File.Move(Log, Log + ".1");
        Append(appender, "two");
        Assert.Equal("type=VIRT_CONTROL msg=audit(1.000:1): one\n", File.ReadAllText(Log + ".1"));
        Assert.Equal("type=VIRT_CONTROL msg=audit(1.000:2): two\n", File.ReadAllText(Log));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void After_a_rotation_serials_go_on_also_for_another_writer_and_from_an_archive(bool isCompressed)
    {
        using (var log = new RotatingLog(Log))
        {
            log.Write(7000);
            log.Rotate();
            log.Write(41);
            log.Rotate();
            if (isCompressed)
            {
                log.Compress(1);
            }
        }

        Assert.Equal(7042u, Append("next"));
        Assert.Equal(7043u, Append("next"));
    }

    [Fact]
    public void Writers_of_one_file_go_on_from_each_others_serials()
    {
        using var left = new AuditLogAppender(Log);
        using var right = new AuditLogAppender(Log);
        Assert.Equal([1u, 2u, 3u, 4u], [Append(left, "a"), Append(right, "b"), Append(right, "c"), Append(left, "d")]);
    }

    [Fact]
    public void Writers_of_several_lines_go_on_from_each_others_serials()
    {
        using var left = new AuditLogAppender(Log);
        using var right = new AuditLogAppender(Log);
        Assert.Equal([1u, 4u, 6u, 7u], [Append(left, "a", "b", "c"), Append(right, "d", "e"), Append(left, "f"), Append(right, "g", "h")]);
        Assert.Equal("abcdefgh", string.Concat(File.ReadLines(Log).Select((line, i) => line[$"type=VIRT_CONTROL msg=audit(1.000:{i + 1}): ".Length..])));
    }

    [Fact]
    public void Behind_the_last_number_a_line_in_the_middle_has_0()
    {
        File.WriteAllText(Log, "type=USER msg=audit(1.000:4294967294): pid=1\n");
        using var appender = new AuditLogAppender(Log);
        Assert.Equal([uint.MaxValue, 2u], [Append(appender, "a", "b", "c"), Append(appender, "d")]);
    }

    [Fact]
    public void Several_lines_behind_a_half_line_begin_lines_of_their_own()
    {
        File.WriteAllText(Log, "type=USER msg=audit(1.000:41): pid=1\ntype=US");
        using var appender = new AuditLogAppender(Log);
        Append(appender, "a", "b");
        Assert.Equal(
            "type=USER msg=audit(1.000:41): pid=1\ntype=US\ntype=VIRT_CONTROL msg=audit(1.000:42): a\ntype=VIRT_CONTROL msg=audit(1.000:43): b\n", File.ReadAllText(Log));
    }

    [Fact]
    public void A_rotation_parts_no_lines_that_are_written_at_once()
    {
        using var appender = new AuditLogAppender(Log);
        Append(appender, "one", "two");
        appender.Append(
            2,
            first =>
            {
                File.Move(Log, Log + ".1");
                return Lines(first, "three", "four");
            },
            TestContext.Current.CancellationToken);
        Append(appender, "five", "six");
        Assert.Equal(System.Text.Encoding.UTF8.GetString(Lines(1, "one", "two", "three", "four")), File.ReadAllText(Log + ".1"));
        Assert.Equal(System.Text.Encoding.UTF8.GetString(Lines(5, "five", "six")), File.ReadAllText(Log));
    }

    [Fact]
    public async Task Eight_processes_write_whole_lines_with_rising_serials()
    {
        string dotnet = Environment.ProcessPath!;
        string tests = typeof(AuditLogAppenderTests).Assembly.Location;
        string[] command = Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? [dotnet, "exec", tests] : [dotnet];
        ProgramRun[] runs = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ProgramRun.Of(
            [.. command, "-explicit", "only", "-method", $"{typeof(AuditLogAppenderTests).FullName}.{nameof(A_share_of_the_eight)}"],
            new() { [ShareOf] = Log })));
        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Output));

        string[] lines = await File.ReadAllLinesAsync(Log, TestContext.Current.CancellationToken);
        Assert.Equal(8 * Share, lines.Length);
        Assert.All(lines, line => Assert.Matches(WholeLine(), line));
        Assert.Equal(Enumerable.Range(1, 8 * Share), lines.Select(line => int.Parse(WholeLine().Match(line).Groups[1].Value, CultureInfo.InvariantCulture)));
    }

    [Fact(Explicit = true)]
    public void A_share_of_the_eight()
    {
        using var appender = new AuditLogAppender(Environment.GetEnvironmentVariable(ShareOf)!);
        for (int done = 0, count = 1; done < Share; done += count, count = (count % 7) + 1)
        {
            count = Math.Min(count, Share - done);
            Append(appender, [.. Enumerable.Range(done, count).Select(i => new string((char)('a' + (i % 26)), 200 + i))]);
        }
    }

    [Fact]
    public void A_link_in_a_folder_for_everybody_is_refused_and_what_it_names_is_untouched()
    {
        string victim = Path.Combine(_folder, "victim");
        File.WriteAllText(victim, "precious");
        string open = OpenFolder("open");
        File.CreateSymbolicLink(Path.Combine(open, "audit.log"), victim);
        Assert.Equal(FaultId.UnsafeLink, FaultOf(Path.Combine(open, "audit.log")).Id);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void A_link_that_names_nothing_yet_is_refused_and_nothing_is_made()
    {
        string open = OpenFolder("open"), victim = Path.Combine(_folder, "victim");
        File.CreateSymbolicLink(Path.Combine(open, "audit.log"), victim);
        Assert.Equal(FaultId.UnsafeLink, FaultOf(Path.Combine(open, "audit.log")).Id);
        Assert.False(File.Exists(victim));
    }

    [Fact]
    public void A_linked_folder_in_a_folder_for_everybody_is_refused()
    {
        string open = OpenFolder("open");
        Directory.CreateSymbolicLink(Path.Combine(open, "logs"), _folder);
        Assert.Equal(FaultId.UnsafeLink, FaultOf(Path.Combine(open, "logs", "audit.log")).Id);
        Assert.False(File.Exists(Log));
    }

    [Fact]
    public async Task A_second_name_in_a_folder_for_everybody_is_refused()
    {
        string open = OpenFolder("open"), victim = Path.Combine(_folder, "victim");
        File.WriteAllText(victim, "precious");
        Assert.Equal(0, (await ProgramRun.Of(["ln", victim, Path.Combine(open, "audit.log")])).ExitCode);
        Assert.Equal(FaultId.UnsafeLink, FaultOf(Path.Combine(open, "audit.log")).Id);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void Links_where_only_the_owner_can_put_them_are_followed()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "real"));
        Directory.CreateSymbolicLink(Path.Combine(_folder, "relative"), "./real/../real");
        File.CreateSymbolicLink(Path.Combine(_folder, "real", "to"), Path.Combine(_folder, "real", "audit.log"));
        using var appender = new AuditLogAppender(Path.Combine(_folder, "relative", "to"));
        Append(appender, "one");
        Assert.Equal("type=VIRT_CONTROL msg=audit(1.000:1): one\n", File.ReadAllText(Path.Combine(_folder, "real", "audit.log")));
    }

    [Fact]
    public void Links_in_a_circle_end()
    {
        File.CreateSymbolicLink(Path.Combine(_folder, "a"), "b");
        File.CreateSymbolicLink(Path.Combine(_folder, "b"), "a");
        Assert.Equal(FaultId.UnsafeLink, FaultOf(Path.Combine(_folder, "a")).Id);
    }

    [Fact]
    public async Task What_is_no_file_is_refused_without_waiting_for_it()
    {
        Assert.Equal(0, (await ProgramRun.Of(["mkfifo", Log])).ExitCode);
        Assert.Equal(FaultId.LogWriteFailed, FaultOf(Log).Id);
        Assert.Equal(FaultId.LogWriteFailed, FaultOf("/dev/null").Id);
        Assert.Equal(FaultId.PathIsDirectory, FaultOf(_folder).Id);
        Assert.Equal(FaultId.PathIsDirectory, FaultOf("/").Id);
        Assert.Equal(FaultId.PathNotFound, FaultOf(Path.Combine(_folder, "none", "audit.log")).Id);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public async Task A_full_disk_leaves_no_half_line_and_no_half_of_what_is_written_at_once(int count) => await OnSmallDisk(async disk =>
    {
        using var appender = new AuditLogAppender(disk);
        string line = new('x', 4000);
        uint taken = 0;
        Action fill = () =>
        {
            while (true)
            {
                taken = Append(appender, [.. Enumerable.Repeat(line, count)]) + (uint)count - 1;
            }
        };
        Fault fault = Assert.Throws<FaultException>(fill).Fault;

        Assert.Equal(FaultId.LogWriteFailed, fault.Id);
        Assert.Contains(count == 1 ? "Nothing of it is in the file" : "The 7 records could not be written", fault.Message, StringComparison.Ordinal);
        string[] lines = await File.ReadAllLinesAsync(disk, TestContext.Current.CancellationToken);
        Assert.Equal(taken, (uint)lines.Length);
        Assert.All(lines, written => Assert.EndsWith(line, written, StringComparison.Ordinal));
        Assert.Equal(taken + 1, Append(appender, "short"));
    });

    [Fact]
    public async Task What_cannot_be_taken_back_from_a_full_disk_is_told() => await OnSmallDisk(async disk =>
    {
        File.WriteAllText(disk, "");
        Assert.SkipUnless((await ProgramRun.Of(["chattr", "+a", disk])).ExitCode == 0, "this file system has no files that can't be shortened");
        using var appender = new AuditLogAppender(disk);
        string line = new('x', 10_000);
        Append(appender, line);
        Fault fault = Assert.Throws<FaultException>(() => Append(appender, [.. Enumerable.Repeat(line, 7)])).Fault;

        Assert.Equal(FaultId.LogWriteFailed, fault.Id);
        Assert.Contains("with the serials 2 to 8 ", fault.Message, StringComparison.Ordinal);
        Assert.Contains("The first 5 of them are in the file, perhaps with a part of the next,", fault.Message, StringComparison.Ordinal);
        Assert.Equal(6, File.ReadLines(disk).Count(written => written.EndsWith(line, StringComparison.Ordinal)));
    });

    /// <summary>A log that root has made append-only (<c>chattr +a</c>) can't be cut to what it was.</summary>
    [Fact]
    public async Task A_full_disk_leaves_a_part_of_a_line_where_it_may_not_be_taken_back_which_is_told_and_stays_a_line_of_its_own()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small disk needs root");
        string disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName, log = Path.Combine(disk, "audit.log"), other = Path.Combine(disk, "other");
        ProgramRun mount = await ProgramRun.Of(["mount", "-t", "tmpfs", "-o", "size=64k", "virtaudit", disk]);
        Assert.SkipUnless(mount.ExitCode == 0, "a small disk can't be mounted here");
        try
        {
            File.WriteAllBytes(other, new byte[16 * 1024]);
            File.WriteAllText(log, "");
            ProgramRun attribute = await ProgramRun.Of(["chattr", "+a", log]);
            Assert.SkipUnless(attribute.ExitCode == 0, "files on a small disk can't be made append-only here");
            using var appender = new AuditLogAppender(log);
            string line = new('x', 3000);
            uint last = 0;
            Action fill = () =>
            {
                while (true)
                {
                    last = Append(appender, line);
                }
            };
            Fault fault = Assert.Throws<FaultException>(fill).Fault;
            File.Delete(other);
            uint next = Append(appender, "next");

            Assert.Equal(FaultId.LogWriteFailed, fault.Id);
            Assert.Contains("A part of it is in the file", fault.Message, StringComparison.Ordinal);
            string[] lines = await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken);
            Assert.Equal(last + 2, (uint)lines.Length);
            Assert.All(lines[..^2], written => Assert.EndsWith(line, written, StringComparison.Ordinal));
            Assert.InRange(lines[^2].Length, 1, lines[0].Length - 1);
            Assert.Equal($"type=VIRT_CONTROL msg=audit(1.000:{next}): next", lines[^1]);

            // What is left of the line may have kept its serial.
            Assert.InRange(next, last + 1, last + 2);
        }
        finally
        {
            await ProgramRun.Of(["umount", disk]);
        }
    }

    [Fact]
    public async Task The_wait_for_another_writers_lock_can_be_cancelled()
    {
        Append("one");
        using var cancellation = new CancellationTokenSource();
        Task holder = ProgramRun.Of(["flock", Log, "sh", "-c", $"touch {Log}.held; sleep 1"]);
        await Patience.Until(() => File.Exists(Log + ".held"), "the lock of another writer");

        using var appender = new AuditLogAppender(Log);
        cancellation.CancelAfter(20);
        Assert.ThrowsAny<OperationCanceledException>(() => appender.Append(1, _ => throw new InvalidOperationException("the lock is another's"), cancellation.Token));
        await holder;
    }

    [GeneratedRegex(@"^type=VIRT_CONTROL msg=audit\(1\.000:(\d+)\): ([a-z])\2{199,}$")]
    private static partial Regex WholeLine();

    private static uint Append(AuditLogAppender appender, params string[] texts) =>
        appender.Append(texts.Length, first => Lines(first, texts), TestContext.Current.CancellationToken);

    private static byte[] Lines(uint first, params IEnumerable<string> texts) =>
        System.Text.Encoding.UTF8.GetBytes(string.Concat(texts.Select((text, i) => $"type=VIRT_CONTROL msg=audit(1.000:{unchecked(first + (uint)i)}): {text}\n")));

    private static Fault FaultOf(string path)
    {
        using var appender = new AuditLogAppender(path);
        return Assert.Throws<FaultException>(() => Append(appender, "one")).Fault;
    }

    private uint Append(string text)
    {
        using var appender = new AuditLogAppender(Log);
        return Append(appender, text);
    }

    private string OpenFolder(string name)
    {
        string folder = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b1_111_111_111);
        return folder;
    }

    private async Task OnSmallDisk(Func<string, Task> test)
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "mounting a small disk needs root");
        string disk = Directory.CreateDirectory(Path.Combine(_folder, "disk")).FullName;
        ProgramRun mount = await ProgramRun.Of(["mount", "-t", "tmpfs", "-o", "size=64k", "virtaudit", disk]);
        Assert.SkipUnless(mount.ExitCode == 0, "a small disk can't be mounted here");
        try
        {
            await test(Path.Combine(disk, "audit.log"));
        }
        finally
        {
            await ProgramRun.Of(["umount", disk]);
        }
    }
}
