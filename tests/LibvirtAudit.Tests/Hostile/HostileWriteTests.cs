using System.Collections;
using System.Management.Automation;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>Every cmdlet that writes, with every hostile text as each of its values: refused under a promised id with nothing written, or read back as exactly that.</summary>
public sealed class HostileWriteTests : IDisposable
{
    private static readonly string[] Refusals = ["UnsafeFieldValue", "InvalidFieldValue", "MessageTooLong", "MissingField", "MisplacedField"];
    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-test-").FullName;
    private readonly ModuleHost _host = new();

    public static TheoryData<string> Bodies => [.. LibvirtBody.All.Select(body => body.Template)];

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_value_is_refused_or_written_as_it_is(string template)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux writes records");
        LibvirtBody body = LibvirtBody.All.Single(candidate => candidate.Template == template);
        string cmdlet = body.Type switch { 2500 => "Write-VirtControlAudit", 2501 => "Write-VirtResourceAudit", _ => "Write-VirtMachineIdAudit" };
        string[] plain = [.. body.Open.Select(field => field.Property)];
        PSObject whole = _host.Invoke("$input | ConvertFrom-VirtAuditText", System.Text.Encoding.ASCII.GetString(Carrier.Line(body.Type, body.With("", [])))).ThrowOnError().Output.Single();
        _host.SetVariable("log", Path.Combine(_folder, "x.log"));
        foreach (string property in plain.Append("Reason").Append("Driver").Where(name => whole.Properties[name].Value is not null))
        {
            foreach (HostileText hostile in HostileText.All)
            {
                // As a file that somebody wrote would bring it: an object with text in it.
                var item = new PSObject();
                foreach (PSPropertyInfo value in whole.Properties.Where(value => value.Value is not null && value.Name is not ("RawText" or "Source" or "DeviceNumber")))
                {
                    item.Properties.Add(new PSNoteProperty(value.Name, value.Name == property ? hostile.Text : value.Value));
                }

                File.Delete(Path.Combine(_folder, "x.log"));
                ScriptResult written = _host.Invoke($"$input | {cmdlet} -LogPath $log -AuditLevel 1 -WarningAction SilentlyContinue", item);
                Assert.Null(written.TerminatingError);
                string name = $"{hostile.Name} as {property}";
                if (written.Errors.Count > 0)
                {
                    Assert.True(Refusals.Contains(Assert.Single(written.ErrorIds)), $"{name}: {written.ErrorIds[0]}");
                    Assert.False(File.Exists(Path.Combine(_folder, "x.log")) && new FileInfo(Path.Combine(_folder, "x.log")).Length > 0, name);
                }
                else
                {
                    PSObject read = Assert.Single(_host.Invoke("Get-VirtAuditRecord -LiteralPath $log").ThrowOnError().Output);
                    bool isNone = hostile.Text == "?" && property is not "VMName";
                    Assert.True(isNone || Equals(hostile.Text, read.Properties[property].Value), name);
                    Assert.Equal("success", read.Properties["Result"].Value);
                    Assert.Equal(property == "VMName" ? hostile.Text : "plain", read.Properties["VMName"].Value);
                }
            }
        }
    }

    [Fact]
    public void A_value_that_is_written_as_it_is_and_would_end_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux writes records");
        _host.SetVariable("log", Path.Combine(_folder, "x.log"));
        ScriptResult result = _host.Invoke("Write-VirtResourceAudit -LogPath $log -AuditLevel 1 -VMName a -Uuid a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 -Driver qemu -ResourceType evdev -Reason start -DevicePath '/dev/input/a res=failed'");
        Assert.Equal(["UnsafeFieldValue"], result.ErrorIds);
    }

    [Fact]
    public void A_bookmark_or_log_does_not_end_at_a_NUL()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the paths are those of Linux");
        _host.SetVariable("path", Path.Combine(_folder, "x\0y"));
        Assert.Equal(["PathNotFound"], _host.Invoke("Get-VirtAuditRecord tests/data/lxc-enriched.log -Bookmark $path").ErrorIds);
        Assert.Equal(["PathNotFound"], _host.Invoke("Write-VirtControlAudit -LogPath $path -AuditLevel 1 -VMName a -Uuid a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 -Driver qemu -Operation start -Reason booted -VMProcessId 1").ErrorIds);
        Assert.Empty(Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("Get-VirtAuditSession")]
    [InlineData("Get-VirtAuditAssignment")]
    [InlineData("Get-VirtAuditIncident")]
    [InlineData("Measure-VirtAuditRecord")]
    [InlineData("Assert-VirtAuditRecord -Count 0")]
    public void A_list_that_holds_itself_has_an_end(string cmdlet)
    {
        var list = new ArrayList();
        list.Add(list);
        _host.SetVariable("list", list);
        Assert.Equal(["InvalidInputObject"], _host.Invoke(cmdlet + " -InputObject $list").ErrorIds);
    }

    [Fact]
    public void Nothing_that_a_log_says_is_run()
    {
        string canary = Path.Combine(_folder, "canary");
        string log = Path.Combine(_folder, "run.log");
        LibvirtBody body = LibvirtBody.All[0];
        string[] attempts = [$"$([IO.File]::WriteAllText('{canary}','x'))", $"`touch {canary}`", "$global:canary", "{0}"];
        File.WriteAllLines(log, attempts.Select(text => System.Text.Encoding.ASCII.GetString(Carrier.Line(body.Type, body.With("VMName", System.Text.Encoding.ASCII.GetBytes(text))))));
        _host.SetVariable("log", log);
        _host.SetVariable("canary", "expanded");
        string shown = _host.Render("Get-VirtAuditRecord $log | Format-List; Get-VirtAuditSession $log; Get-VirtAuditAssignment $log; Measure-VirtAuditRecord $log -GroupBy Guest; Assert-VirtAuditRecord $log -Count 0");
        Assert.False(File.Exists(canary));
        Assert.DoesNotContain("expanded", shown, StringComparison.Ordinal);
        Assert.Contains("$global:canary", shown, StringComparison.Ordinal);
    }
}
