using System.Management.Automation;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

public sealed class AssertVirtAuditRecordTests : IDisposable
{
    // Its steps: lab-full was started and stopped; see tests/data.
    private const string Log = "tests/data/qemu-enriched.log";
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Assert-VirtAuditRecord tests/data/qemu-enriched.log")]
    [InlineData("Assert-VirtAuditRecord tests/data/qemu-enriched.log -EndTime 2026-11-22T14:00:00Z -Count 0")]
    [InlineData("Assert-VirtAuditRecord tests/data/qemu-enriched.log -VMName nobody -Count 0")]
    [InlineData("Assert-VirtAuditRecord -LiteralPath $PWD/tests/data/qemu-enriched.log -Count 1274")]
    [InlineData("Get-VirtAuditRecord tests/data/qemu-enriched.log -Tail 3 | Assert-VirtAuditRecord -Count 3")]
    [InlineData("Get-VirtAuditRecord tests/data/qemu-enriched.log -VMName nobody | Assert-VirtAuditRecord -Count 0")]
    public void What_is_there_passes_in_silence(string script) => Assert.Empty(_host.Invoke(script).ThrowOnError().Output);

    [Theory]
    [InlineData("tests/data/no-such.log")]
    [InlineData("tests/data/lxc-enriched.log, tests/data/no-such.log")]
    public void Of_a_log_that_was_not_read_it_is_not_said_that_it_holds_no_record(string paths)
    {
        ScriptResult result = _host.Invoke($"Assert-VirtAuditRecord {paths} -VMName nobody -Count 0");
        Assert.Contains(result.ErrorIds, id => id.StartsWith("AssertionFailed", StringComparison.Ordinal));
        Assert.Empty(_host.Invoke("Assert-VirtAuditRecord tests/data/lxc-enriched.log -VMName nobody -Count 0").ThrowOnError().Output);
    }

    [Fact]
    public void What_is_not_there_fails_and_the_message_shows_what_is()
    {
        ErrorRecord error = Fails("tests/data/qemu-enriched.log -VMName nobody, none* -Operation start");
        Assert.Contains("at least 1 record with VMName 'nobody' or 'none*', Operation 'start', but found 0 among 1274 records; the last were: ", error.ToString(), StringComparison.Ordinal);
        string last = File.ReadLines(Repository.Data("qemu-enriched.log"), System.Text.Encoding.Latin1).Last(line => line.StartsWith("type=VIRT_", StringComparison.Ordinal));
        Assert.Contains(last.Split('(', ')')[1], error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ErrorCategory.InvalidResult, error.CategoryInfo.Category);
    }

    [Fact]
    public void Too_many_fail_and_are_shown()
    {
        ErrorRecord error = Fails($"{Log} -VMName lab-full -Operation start -Count 0");
        Assert.Contains("Expected 0 records with VMName 'lab-full', Operation 'start', but found ", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("lab-full", error.ToString().Split("but found")[1], StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_pipeline_is_nothing_found() =>
        Assert.Contains("found 0 among 0 records", Fails("-Count 1", $"Get-VirtAuditRecord {Log} -VMName nobody | ").ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_record_that_comes_within_the_time_passes_and_is_given_with_PassThru()
    {
        string folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;
        try
        {
            string path = Path.Combine(folder, "audit.log");
            File.WriteAllText(path, "");
            string line = File.ReadLines(Repository.Data("qemu-enriched.log"), System.Text.Encoding.Latin1).First(line => line.StartsWith("type=VIRT_CONTROL", StringComparison.Ordinal));
            _host.SetVariable("path", path);
            using var timer = new Timer(_ => File.AppendAllText(path, line + "\n"), null, TimeSpan.FromMilliseconds(300), Timeout.InfiniteTimeSpan);
            Assert.Single(_host.Invoke("Assert-VirtAuditRecord $path -RecordType VIRT_CONTROL -Within 60 -PassThru").ThrowOnError().Output);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_log_that_is_not_there_is_an_error_of_its_own_beside_the_failure() =>
        Assert.Equal(["PathNotFound", "AssertionFailed"], _host.Invoke("Assert-VirtAuditRecord no-such-file").ErrorIds);

    private ErrorRecord Fails(string arguments, string before = "")
    {
        ScriptResult result = _host.Invoke($"{before}Assert-VirtAuditRecord {arguments}");
        Assert.Empty(result.Output);
        Assert.Equal(["AssertionFailed"], result.ErrorIds);
        return result.Errors.Append(result.TerminatingError).OfType<ErrorRecord>().Single();
    }
}
