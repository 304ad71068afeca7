using System.Globalization;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests;

public sealed class WaitTests : IDisposable
{
    private readonly ModuleHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;

    public WaitTests() => _host.SetVariable("folder", _folder);

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void What_is_there_comes_and_then_what_is_written()
    {
        Append("a.log", 1, 2);
        ScriptResult result = WriteWhileFollowed("Get-VirtAuditRecord \"$folder/a.log\" -Wait", 5, () => Append("a.log", 3, 4, 5));
        Assert.Equal(["1", "2", "3", "4", "5"], Serials(result));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    public void Tail_begins_with_the_last_that_match(int count)
    {
        Append("a.log", 1, 2, 3, 4, 5);
        ScriptResult result = WriteWhileFollowed($"Get-VirtAuditRecord \"$folder/a.log\" -Wait -Tail {count}", Math.Min(count, 5) + 2, () => Append("a.log", 6, 7));
        Assert.Equal(Enumerable.Range(1, 7).Skip(Math.Max(0, 5 - count)).Select(number => number.ToString(CultureInfo.InvariantCulture)), Serials(result));
    }

    [Fact]
    public void Several_files_are_followed_together_and_filters_apply()
    {
        Append("a.log", 1);
        Append("b.log", 2);
        ScriptResult result = WriteWhileFollowed("Get-VirtAuditRecord \"$folder/*.log\" -Wait -EventId 1795360115.435:3, 1795360115.435:4, 1795360115.435:1", 3, () =>
        {
            Append("b.log", 5, 3);
            Append("a.log", 6, 4);
        });
        Assert.Equal(["1", "3", "4"], Serials(result).Order());
    }

    [Fact]
    public void A_wildcard_over_a_rotation_is_one_log()
    {
        Append("audit.log.1", 1);
        Append("audit.log", 2);
        ScriptResult result = WriteWhileFollowed("Get-VirtAuditRecord \"$folder/audit.log*\" -Wait", 4, () =>
        {
            Append("audit.log", 3);
            File.Move(PathOf("audit.log.1"), PathOf("audit.log.2"));
            File.Move(PathOf("audit.log"), PathOf("audit.log.1"));
            Append("audit.log", 4);
        });
        Assert.Equal(["1", "2", "3", "4"], Serials(result));
    }

    [Fact]
    public void Paths_come_through_the_pipeline()
    {
        Append("a.log", 1);
        Append("b.log", 2);
        ScriptResult result = WriteWhileFollowed("\"$folder/a.log\", \"$folder/b.log\" | Get-VirtAuditRecord -Wait", 3, () => Append("a.log", 3));
        Assert.Equal(["1", "2", "3"], Serials(result).Order());
    }

    [Fact]
    public void A_missing_file_is_an_error_and_nothing_is_waited_for()
    {
        ScriptResult result = _host.Invoke("Get-VirtAuditRecord \"$folder/none.log\" -Wait");
        Assert.Equal(["PathNotFound"], result.ErrorIds);
    }

    [Theory]
    [InlineData("Get-VirtAuditRecord $path -Wait | ForEach-Object { $_; break }")]
    [InlineData("Get-VirtAuditRecord $path -Wait | ForEach-Object { $_; throw 'enough' }")]
    [InlineData("Get-VirtAuditRecord $path -Wait -ErrorAction Stop | ForEach-Object { $_; break }")]
    public void Nothing_stays_open_when_the_pipeline_is_broken_off(string script)
    {
        Append("broken-off.log", 1, 2);
        _host.SetVariable("path", PathOf("broken-off.log"));
        Assert.Single(_host.Invoke($"foreach ($once in 1) {{ {script} }}").Output);
        AssertNothingOpen("broken-off.log");
    }

    [Fact]
    public void Nothing_stays_open_when_it_is_stopped()
    {
        Append("stopped.log", 1, 2);
        _host.SetVariable("path", PathOf("stopped.log"));
        Assert.True(_host.InvokeAndStop("Get-VirtAuditRecord $path -Wait", count: 2).Stopped);
        AssertNothingOpen("stopped.log");
    }

    [Fact]
    public void A_bookmark_gives_each_record_once_however_the_readings_end()
    {
        Append("a.log", 1, 2, 3, 4, 5);
        const string Read = "Get-VirtAuditRecord \"$folder/a.log\" -Bookmark \"$folder/mark\"";
        ScriptResult[] results =
        [
            _host.Invoke($"foreach ($once in 1) {{ {Read} | ForEach-Object {{ $_; break }} }}"),
            _host.Invoke($"{Read} | ForEach-Object {{ $_; throw 'enough' }}"),
            _host.InvokeAndStop($"{Read} -Wait", count: 3),
            _host.Invoke(Read),
            WriteWhileFollowed($"{Read} -Wait", 2, () => Append("a.log", 6, 7)),
            _host.Invoke(Read),
        ];
        Assert.Equal([1, 1, 3, 0, 2, 0], results.Select(result => result.Output.Count));
        Assert.Equal(["1", "2", "3", "4", "5", "6", "7"], results.SelectMany(Serials));
    }

    /// <summary>Stopped at any moment, while records stream out, none is lost and none comes twice.</summary>
    [Fact]
    public void A_stop_at_any_moment_neither_loses_nor_repeats_a_record()
    {
        Append("a.log", [.. Enumerable.Range(1, 3000)]);
        var seen = new List<string?>();
        for (int count = 1; seen.Count < 3000 && count < 200; count += 7)
        {
            seen.AddRange(Serials(_host.InvokeAndStop("Get-VirtAuditRecord \"$folder/a.log\" -Bookmark \"$folder/mark\"", count)));
        }

        seen.AddRange(Serials(_host.Invoke("Get-VirtAuditRecord \"$folder/a.log\" -Bookmark \"$folder/mark\"")));
        Assert.Equal(Enumerable.Range(1, 3000).Select(number => number.ToString(CultureInfo.InvariantCulture)), seen);
    }

    [Fact]
    public void A_bad_bookmark_ends_the_command_with_one_error()
    {
        Append("a.log", 1);
        File.WriteAllText(PathOf("mark"), "no bookmark");
        ScriptResult result = _host.Invoke("Get-VirtAuditRecord \"$folder/a.log\" -Bookmark \"$folder/mark\"");
        Assert.Equal(["BookmarkDamaged"], result.ErrorIds);
        Assert.Empty(result.Output);
        Assert.Equal(["PathNotFileSystem"], _host.Invoke("Get-VirtAuditRecord \"$folder/a.log\" -Bookmark Variable:x").ErrorIds);
    }

    [Fact]
    public void A_gap_is_a_warning()
    {
        Append("a.log", 1, 2, 3);
        Assert.Equal(3, _host.Invoke("Get-VirtAuditRecord \"$folder/a.log\" -Bookmark \"$folder/mark\"").Output.Count);
        File.Delete(PathOf("a.log"));
        Append("a.log", 4);
        ScriptResult result = _host.Invoke("Get-VirtAuditRecord \"$folder/a.log\" -Bookmark \"$folder/mark\"").ThrowOnError();
        Assert.Equal(["4"], Serials(result));
        Assert.Contains("is missing", Assert.Single(result.Warnings), StringComparison.Ordinal);
    }

    private static void AssertNothingOpen(string name)
    {
        if (OperatingSystem.IsLinux())
        {
            Assert.DoesNotContain(
                Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget),
                target => target?.EndsWith(name, StringComparison.Ordinal) == true);
        }
    }

    private static IEnumerable<string?> Serials(ScriptResult result) => result.Values("Serial").Select(serial => Convert.ToString(serial, CultureInfo.InvariantCulture));

    private ScriptResult WriteWhileFollowed(string script, int count, Action write)
    {
        var writing = Task.Run(async () =>
        {
            await FollowedLog.Begun([.. Directory.EnumerateFiles(_folder, "*.log*")]);
            write();
        });
        ScriptResult result;
        try
        {
            result = _host.InvokeAndStop(script, count);
        }
        catch (Exception) when (writing.IsFaulted)
        {
            // Nothing came because nothing was written.
            writing.GetAwaiter().GetResult();
            throw;
        }

        Assert.Empty(result.Errors);
        writing.Within("the writer of the log").GetAwaiter().GetResult();
        return result;
    }

    private string PathOf(string name) => Path.Combine(_folder, name);

    private void Append(string name, params int[] serials) =>
        File.AppendAllLines(PathOf(name), serials.Select(serial => $"type=VIRT_CONTROL msg=audit(1795360115.435:{serial}): pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"guest\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=9 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'"));
}
