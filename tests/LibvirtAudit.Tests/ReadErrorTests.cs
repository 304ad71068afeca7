using System.Management.Automation;
using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>Bad input: one clear error each, and the other inputs are still read.</summary>
public sealed class ReadErrorTests : IDisposable
{
    private const string Good = "tests/data/lxc-enriched.log";
    private const int GoodCount = 98;
    private readonly ModuleHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("no-such-file", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("no-such-*", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("nodrive:/x", "PathNotFound", ErrorCategory.ObjectNotFound)]
    [InlineData("tests", "PathIsDirectory", ErrorCategory.InvalidArgument)]
    [InlineData("Variable:HOME", "PathNotFileSystem", ErrorCategory.InvalidArgument)]
    public void A_bad_path_is_an_error_of_its_own(string path, string id, ErrorCategory category)
    {
        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord '{path}', {Good}");
        AssertOne(result, id, category);
        Assert.Contains(path.Split('/')[^1].TrimEnd('*'), result.Errors[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Text_in_UTF16_is_called_what_it_is()
    {
        string path = Write("wide.log", System.Text.Encoding.Unicode.GetPreamble().Concat(System.Text.Encoding.Unicode.GetBytes("type=VIRT_CONTROL msg=audit(1.000:1): pid=1\n")).ToArray());
        AssertOne(_host.Invoke($"Get-VirtAuditRecord '{path}', {Good}"), "LogNotText", ErrorCategory.InvalidData);
    }

    [Fact]
    public void A_binary_file_is_no_log()
    {
        byte[] noise = new byte[1 << 20];
        new Random(1).NextBytes(noise);
        AssertOne(_host.Invoke($"Get-VirtAuditRecord '{Write("noise.bin", noise)}', {Good}"), "LogNotText", ErrorCategory.InvalidData);
    }

    [Fact]
    public void A_log_that_begins_with_the_NULs_of_a_crash_is_a_log_whatever_is_asked_of_it()
    {
        string path = Write("crash.log", [.. new byte[5000], (byte)'\n', .. File.ReadAllBytes(Path.Combine(Repository.Root, Good))]);
        Assert.Equal(GoodCount, _host.Invoke($"Get-VirtAuditRecord '{path}'").ThrowOnError().Output.Count);
        Assert.Empty(_host.Invoke($"Get-VirtAuditRecord '{path}' -VMName nobody").ThrowOnError().Output);
    }

    [Fact]
    public void An_empty_file_and_one_of_other_records_are_no_error()
    {
        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord '{Write("empty.log", [])}', '{Write("other.log", "type=USER msg=audit(1.000:1): pid=1\n"u8.ToArray())}'");
        Assert.Empty(result.Output);
        Assert.Empty(result.Errors);
    }

    [Fact]
    public void A_line_that_never_ends_is_an_error_and_what_follows_is_read()
    {
        byte[] good = File.ReadAllBytes(Path.Combine(Repository.Root, Good));
        byte[] text = [.. good, .. Enumerable.Repeat((byte)'x', 3 << 20), (byte)'\n', .. good];
        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord '{Write("long.log", text)}'");
        Assert.Equal(["LogNotText"], result.ErrorIds.Select(id => id.Split(',')[0]));
        Assert.Equal(2 * GoodCount, result.Output.Count);
    }

    [Fact]
    public void A_log_that_may_not_be_read_is_an_error_with_advice()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "file modes are those of Unix");
        Assert.SkipWhen(Environment.IsPrivilegedProcess, "root may read everything; the rights are tested in LibvirtAudit.Core.Tests as another user");
        string path = Write("secret.log", "x\n"u8.ToArray());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.None);
        }

        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord '{path}', {Good}");
        AssertOne(result, "LogAccessDenied", ErrorCategory.PermissionDenied);
        Assert.Contains("log_group", result.Errors[0].ErrorDetails.RecommendedAction, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cut_record_is_an_error_that_names_its_place_and_is_given_on_request()
    {
        string path = Write("cut.log", System.Text.Encoding.UTF8.GetBytes("""
            type=USER msg=audit(1.000:1): pid=1
            type=VIRT_CONTROL msg=audit(1795359176.315:2110): pid=5431 uid=0 auid=4294967295 ses=4294967295 msg='virt=qemu op=start reason=booted vm="lab-full" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=56
            """));
        ScriptResult plain = _host.Invoke($"Get-VirtAuditRecord '{path}'");
        Assert.Empty(plain.Output);
        ErrorRecord error = Assert.Single(plain.Errors);
        Assert.StartsWith("MalformedRecord", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("line 2, offset 36", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("cut", error.ToString(), StringComparison.Ordinal);

        ScriptResult partial = _host.Invoke($"Get-VirtAuditRecord '{path}' -IncludeMalformed");
        Assert.Single(partial.Errors);
        PSObject record = Assert.Single(partial.Output);
        Assert.Equal("lab-full", record.Properties["VMName"].Value);

        // Half a number is no number.
        Assert.Null(record.Properties["VMProcessId"].Value);
        Assert.Equal("vm-pid=56", record.Properties["AdditionalFields"].Value);
        Assert.NotNull(record.Properties["RawText"].Value);
    }

    [Theory]
    [InlineData("Get-VirtAuditRecord tests/data/lxc-enriched.log -Tail 1 | Get-VirtAuditRecord")]
    [InlineData("'type=VIRT_CONTROL msg=audit(1.000:1): pid=1' | Get-VirtAuditRecord")]
    public void A_record_where_a_path_belongs_is_an_error_that_names_the_right_command(string script)
    {
        ScriptResult result = _host.Invoke(script);
        Assert.Empty(result.Output);
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith("InvalidInputObject", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Contains("ConvertFrom-VirtAuditText", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_hostile_text_an_error_quotes_can_not_move_the_cursor()
    {
        string path = Write("cut.log", "type=VIRT_CONTROL msg=audit(1.000:1): pid=1 msg='virt=\u001b[2Jqemu \u202e\n"u8.ToArray());
        // PowerShell's own colours are not the text's.
        string shown = Regex.Replace(_host.Render($"Get-VirtAuditRecord '{path}' -IncludeMalformed"), "\u001b\\[[0-9;]*m", "");
        Assert.DoesNotContain('\u001b', shown);
        Assert.DoesNotContain('\u202e', shown);
        Assert.Contains("`e[2J", shown, StringComparison.Ordinal);
    }

    private static void AssertOne(ScriptResult result, string id, ErrorCategory category)
    {
        Assert.Null(result.TerminatingError);
        Assert.Equal(GoodCount, result.Output.Count);
        ErrorRecord error = Assert.Single(result.Errors);
        Assert.StartsWith(id + ",", error.FullyQualifiedErrorId, StringComparison.Ordinal);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}
