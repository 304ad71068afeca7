using System.Globalization;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>What a command reads and takes, and no more: the pipeline that feeds itself, times that are none, names that PowerShell misreads.</summary>
public sealed class BoundsTests : IDisposable
{
    private readonly ModuleHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Get-VirtAuditRecord LOG")]
    [InlineData("Get-VirtAuditRecord LOG -Bookmark LOG.bookmark")]
    [InlineData("Get-VirtAuditRecord LOG -Wait")]
    public void Writing_into_the_log_that_feeds_the_pipeline_is_refused(string source)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "writing is for Linux");
        string log = Write("x.log", 5);
        string before = File.ReadAllText(log);
        ScriptResult result = _host.Invoke($"{source} | Write-VirtControlAudit -LogPath LOG".Replace("LOG", log, StringComparison.Ordinal));
        Assert.Equal(["LogFeedsPipeline"], result.ErrorIds);
        Assert.Equal(before, File.ReadAllText(log));
    }

    [Fact]
    public void Records_that_were_all_read_may_be_written_back()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "writing is for Linux");
        string log = Write("x.log", 5);
        _host.Invoke($"$records = Get-VirtAuditRecord '{log}'; $records | Write-VirtControlAudit -LogPath '{log}'").ThrowOnError();
        Assert.Equal(10, File.ReadLines(log).Count());
    }

    [Fact]
    public void A_log_that_grows_with_each_record_taken_ends_where_it_was_when_it_was_opened()
    {
        string log = Write("x.log", 5);
        foreach (string more in new[] { "", $" -Bookmark '{log}.bookmark'", " -Tail 100" })
        {
            int lines = File.ReadLines(log).Count();
            ScriptResult result = _host.Invoke($"Get-VirtAuditRecord '{log}'{more} | ForEach-Object {{ [IO.File]::AppendAllText('{log}', [IO.File]::ReadAllLines('{log}')[0] + \"`n\"); $_ }}").ThrowOnError();
            Assert.Equal(lines, result.Output.Count);
        }
    }

    [Fact]
    public void A_bookmark_does_not_pass_what_OutBuffer_held_back_when_the_pipeline_ended()
    {
        string log = Write("x.log", 200);
        ScriptResult first = _host.Invoke($"do {{ Get-VirtAuditRecord '{log}' -Bookmark '{log}.bookmark' -OutBuffer 96 | ForEach-Object {{ $_; if (++$taken -eq 4) {{ break }} }} }} while ($false)").ThrowOnError();
        ScriptResult second = _host.Invoke($"Get-VirtAuditRecord '{log}' -Bookmark '{log}.bookmark'").ThrowOnError();
        Assert.Equal(Enumerable.Range(1, 200).Select(number => (object?)(ulong)number), [.. first.Values("Serial"), .. second.Values("Serial")]);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("638999999999999999")]
    [InlineData("$true")]
    [InlineData("1.5")]
    [InlineData("(1,2)")]
    [InlineData("'2026-02-30'")]
    [InlineData("\"zz`e[31m\"")]
    public void What_is_no_time_is_no_time(string value)
    {
        foreach (string command in new[] { "Get-VirtAuditRecord LOG -StartTime", "Get-VirtAuditSession LOG -EndTime", "Get-VirtAuditAssignment LOG -At" })
        {
            ScriptResult result = _host.Invoke(command.Replace("LOG", "tests/data/lxc-enriched.log", StringComparison.Ordinal) + " " + value);
            Assert.Equal(["ParameterArgumentTransformationError"], result.ErrorIds);
            Assert.DoesNotContain('\u001b', Assert.Single(result.Errors).ToString());
        }
    }

    [Fact]
    public void Functions_that_wrap_a_cmdlet_take_words_and_dates_as_it_does()
    {
        string log = Write("x.log", 3);
        _host.Invoke("${function:global:Get-Wrapped} = [System.Management.Automation.ProxyCommand]::Create((Get-Command Get-VirtAuditRecord))").ThrowOnError();
        foreach ((string filter, int count) in new[] { ("-StartTime today", 0), ("-EndTime today", 3), ("-StartTime 2026-11-22 -EndTime '2026-11-23'", 3), ("-StartTime ([datetime]::Now)", 0), ("-StartTime $null", 3) })
        {
            Assert.Equal(count, _host.Invoke($"Get-Wrapped '{log}' {filter}").ThrowOnError().Output.Count);
        }

        Assert.NotEmpty(_host.Invoke($"Get-Wrapped '{log}' -StartTime 5").ErrorIds);
    }

    [Fact]
    public void A_time_with_its_offset_is_a_hidden_member_of_all_that_has_one()
    {
        const string Log = "tests/data/qemu-enriched.log";
        foreach ((string command, string[] members) in new[]
        {
            ("Get-VirtAuditRecord", new[] { "Timestamp" }), ("Get-VirtAuditIncident", ["Timestamp"]), ("Test-VirtAuditLog", ["Timestamp"]),
            ("Get-VirtAuditSession", ["StartTime", "EndTime", "EndedBy"]), ("Get-VirtAuditAssignment", ["StartTime", "EndTime", "EndedBy"]), ("Measure-VirtAuditRecord", ["StartTime", "EndTime"]),
        })
        {
            foreach (string member in members)
            {
                ScriptResult result = _host.Invoke($"{command} {Log} | ForEach-Object {{ , @($_.{member}, $_.{member}Offset, @($_.PSObject.Properties.Name -eq '{member}Offset').Count) }}").ThrowOnError();
                Assert.NotEmpty(result.Output);
                foreach (object?[] item in result.Output.Select(output => (object?[])output.BaseObject))
                {
                    Assert.Equal(((DateTime?)item[0])?.ToUniversalTime(), ((DateTimeOffset?)item[1])?.UtcDateTime);
                    Assert.Equal(0, item[2]);
                }
            }
        }
    }

    [Fact]
    public void Names_that_PowerShell_takes_for_something_else_name_files()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file is called so on Windows");
        string[] names = ["a::b.log", @"d\e.log", "plain.log"];
        foreach (string name in names)
        {
            Write(name, 1);
        }

        _host.Location = _folder;
        Assert.Equal(names.Select(name => (object?)Path.Combine(_folder, name)), _host.Invoke("Get-VirtAuditRecord *.log").ThrowOnError().Values("Source"));
        Assert.Equal(names.Select(name => (object?)Path.Combine(_folder, name)), _host.Invoke($"Get-VirtAuditRecord '{_folder}/*.l[o]g'").ThrowOnError().Values("Source"));
        foreach (string name in names)
        {
            foreach (string path in new[] { name, Path.Combine(_folder, name), "FileSystem::" + Path.Combine(_folder, name), @"Microsoft.PowerShell.Core\FileSystem::" + Path.Combine(_folder, name) })
            {
                Assert.Equal([Path.Combine(_folder, name)], _host.Invoke($"Get-VirtAuditRecord -LiteralPath '{path}'").ThrowOnError().Values("Source"));
            }
        }

        Assert.Equal(["PathNotFound"], _host.Invoke("Get-VirtAuditRecord 'no::such*.log'").ErrorIds);
        Assert.Equal(["PathNotFileSystem"], _host.Invoke("Get-VirtAuditRecord -LiteralPath Variable::x").ErrorIds);
    }

    private string Write(string name, int count)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllLines(path, Enumerable.Range(1, count).Select(number => string.Create(
            CultureInfo.InvariantCulture,
            $"type=VIRT_CONTROL msg=audit(1795360000.000:{number}): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"g\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'")));
        return path;
    }
}
