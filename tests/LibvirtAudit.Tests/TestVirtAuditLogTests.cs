using System.Management.Automation;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>Test-VirtAuditLog: where its records come from, what the parameters choose, what is shown.</summary>
public sealed class TestVirtAuditLogTests : IDisposable
{
    private const string Lxc = "tests/data/lxc-enriched.log";
    private const string Umsg = "tests/data/umsg-enriched.log";
    private readonly ModuleHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData($"Test-VirtAuditLog -LiteralPath {Umsg}")]
    [InlineData("Test-VirtAuditLog 'tests/data/umsg-enr*.log'")]
    [InlineData($"[System.IO.FileInfo]::new(\"$PWD/{Umsg}\") | Test-VirtAuditLog")]
    public void Findings_are_the_same_whatever_the_way_in(string script)
    {
        string[] expected = Told(_host.Invoke($"Test-VirtAuditLog {Umsg}").ThrowOnError());

        Assert.Equal(9, expected.Length);
        Assert.Equal(expected, Told(_host.Invoke(script).ThrowOnError()));
    }

    /// <summary>Records tell of writers and sessions; what is between them in the log they can't.</summary>
    [Theory]
    [InlineData("")]
    [InlineData("| ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }")]
    public void Records_are_tested_without_their_log(string by)
    {
        Assert.Equal(["Information StartResultMissing", "Warning ResourceOutsideSession", "Warning StopMissing", "Warning StopMissing", "Information StartResultMissing", "Warning ForeignWriter"],
            Told(_host.Invoke($"Get-VirtAuditRecord {Umsg} -ErrorAction Ignore {by} | Test-VirtAuditLog").ThrowOnError()));
        Assert.Empty(_host.Invoke($"Get-VirtAuditRecord {Lxc} {by} | Test-VirtAuditLog").ThrowOnError().Output);
    }

    [Theory]
    [InlineData("-Severity Error", 0)]
    [InlineData("-Severity Information", 3)]
    [InlineData("-Severity warn", 6)]
    [InlineData("-Severity Warning, Information", 9)]
    [InlineData("-Kind Start*", 2)]
    [InlineData("-Kind bootcontradicted, ForeignWriter", 2)]
    [InlineData("-VMName t2502", 5)]
    [InlineData("-VMName nobody", 3)]
    [InlineData("-Driver qemu", 9)]
    [InlineData("-EndTime '2026-11-22T15:09:53.400Z'", 5)]
    [InlineData("-StartTime '2026-11-22T15:09:54Z'", 2)]
    [InlineData("-StartTime '2020-01-01' -EndTime '2020-01-02'", 0)]
    public void Findings_are_chosen(string filter, int count) => Assert.Equal(count, _host.Invoke($"Test-VirtAuditLog {Umsg} {filter}").ThrowOnError().Output.Count);

    [Theory]
    [InlineData($"{Lxc} -Quiet", true)]
    [InlineData($"{Lxc} -Quiet -Severity Information", false)]
    [InlineData($"{Umsg} -Quiet", false)]
    [InlineData($"{Umsg} -Quiet -Severity Error", true)]
    [InlineData($"{Umsg} -Quiet -Kind Start*", true)]
    [InlineData("tests/data/libvirtd-audit-logging.log -Quiet", false)]
    public void Quiet_answers_yes_or_no(string arguments, bool sound) => Assert.Equal([sound], _host.Invoke("Test-VirtAuditLog " + arguments).ThrowOnError().OutputOf<bool>());

    [Fact]
    public void A_log_that_can_not_be_read_is_an_error_and_a_finding()
    {
        ScriptResult result = _host.Invoke($"Test-VirtAuditLog /no/such.log, {Lxc}");

        Assert.Equal(["PathNotFound"], result.ErrorIds);
        Assert.Equal(["Error LogUnreadable", "Information AuditDaemonStopped"], Told(result));
        Assert.Equal("/no/such.log", result.Values("Source")[0]);
        Assert.Equal([false], _host.Invoke($"Test-VirtAuditLog /no/such.log, {Lxc} -Quiet -ErrorAction Ignore").OutputOf<bool>());
    }

    [Fact]
    public void A_log_without_records_is_not_trusted()
    {
        File.WriteAllText(Path.Combine(_folder, "empty.log"), "");

        ScriptResult result = _host.Invoke($"Test-VirtAuditLog '{_folder}/empty.log'").ThrowOnError();
        Assert.Equal(["Warning NoRecords"], Told(result));
        Assert.Equal([false], _host.Invoke($"Test-VirtAuditLog '{_folder}/empty.log' -Quiet").ThrowOnError().OutputOf<bool>());
        Assert.Equal([false], _host.Invoke("@() | Test-VirtAuditLog -Quiet").ThrowOnError().OutputOf<bool>());
    }

    /// <summary>Also where the files around the gap are empty.</summary>
    [Fact]
    public void A_missing_copy_of_a_rotation_is_told()
    {
        File.Copy(Repository.PathOf(Lxc), Path.Combine(_folder, "audit.log.4"));
        foreach (string name in new[] { "audit.log", "audit.log.1", "audit.log.2" })
        {
            File.WriteAllText(Path.Combine(_folder, name), "");
        }

        PSObject finding = Assert.Single(_host.Invoke($"Test-VirtAuditLog '{_folder}/audit.log*' -Severity Warning, Error").ThrowOnError().Output);
        Assert.Equal("RotationGap", finding.Properties["Kind"].Value);
        Assert.Equal(Path.Combine(_folder, "audit.log.3"), finding.Properties["Source"].Value);
    }

    /// <summary>By format.md serials rise by one in a log; a copy that was moved away is still its beginning.</summary>
    [Fact]
    public void A_set_that_was_written_over_rotations_is_in_order()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "writing is Linux's");
        string log = Path.Combine(_folder, "audit.log");
        const string Guest = "-VMName g -Uuid 361a97ab-96fe-574e-96e8-c45fbccba83f -Driver kvm";
        string write = $"1..3 | ForEach-Object {{ Write-VirtControlAudit {Guest} -Operation start -Reason booted -VMProcessId 4711 -LogPath '{log}' }}; ";
        _host.Invoke($"{write} Move-Item '{log}' '{log}.1'; {write} Move-Item '{log}.1' '{log}.2'; Move-Item '{log}' '{log}.1'; {write}").ThrowOnError();
        Assert.Equal("1 2 3 4 5 6 7 8 9", string.Join(' ', _host.Invoke($"Get-VirtAuditRecord '{log}*' | ForEach-Object Serial").ThrowOnError().Output));
        const string OfOrder = "SerialOutOfPlace, ConflictingRecords, MissingSerials, RotationGap, StampBackwards";
        Assert.Empty(_host.Invoke($"Test-VirtAuditLog '{log}*' -Kind {OfOrder}").ThrowOnError().Output);
    }

    [Fact]
    public void A_cut_record_is_a_finding_with_its_place_and_no_error()
    {
        PSObject finding = Assert.Single(_host.Invoke($"Test-VirtAuditLog {Umsg} -Kind MalformedRecord").ThrowOnError().Output);
        string[] lines = File.ReadAllLines(Repository.PathOf(Umsg), System.Text.Encoding.Latin1);
        int line = Array.FindIndex(lines, text => text.Contains("BBBBBBBB", StringComparison.Ordinal) && !text.Contains(" res=", StringComparison.Ordinal)) + 1;

        Assert.Equal((long)line, finding.Properties["LineNumber"].Value);
        Assert.Equal((long)lines[..(line - 1)].Sum(text => text.Length + 1), finding.Properties["Offset"].Value);
    }

    [Fact]
    public void Evidence_pipes_into_its_records()
    {
        ScriptResult records = _host.Invoke($"Test-VirtAuditLog {Umsg} -Kind StopMissing | Get-VirtAuditRecord -Path {Umsg} -ErrorAction Ignore");

        Assert.Equal(["1795360193.379:5312", "1795360193.407:5336", "1795360193.407:5337"], records.Values("EventId"));
    }

    [Theory]
    [InlineData("Test-VirtAuditLog -Severity W", "Warning")]
    [InlineData("Test-VirtAuditLog -Kind Co", "ConflictingRecords")]
    public void Closed_sets_complete(string line, string word) => Assert.Contains(word, _host.Complete(line).Select(match => match.CompletionText));

    [Fact]
    public void The_views_fit_hold_no_control_characters_and_survive_serialization()
    {
        foreach (string format in new[] { "", " | ForEach-Object ToString" })
        {
            foreach (int width in new[] { 80, 120 })
            {
                string text = System.Text.RegularExpressions.Regex.Replace(_host.Render($"Test-VirtAuditLog {Umsg} -Kind [!M]*{format}", width), @"\e\[[0-9;]*m", "");
                Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width || format.Contains("ToString", StringComparison.Ordinal), line));
                Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n');
            }

            string script = $"Test-VirtAuditLog {Umsg}";
            Assert.Equal(_host.Render(script), _host.Render(script + " | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }"));
        }

        Assert.All(_host.Invoke($"Test-VirtAuditLog {Umsg}").ThrowOnError().Output.SelectMany(item => item.Properties), property =>
            Assert.True(property.Value is null or string or string[] or long or Guid or DateTime, property.Name));
    }

    /// <summary>What this module writes by hand is told from libvirt's.</summary>
    [Fact]
    public void Records_of_this_module_are_a_foreign_writers()
    {
        string log = Path.Combine(_folder, "audit.log");
        ScriptResult result = _host.Invoke($$"""
            foreach ($operation in 'start', 'stop') {
                Write-VirtControlAudit -VMName web01 -Uuid 11111111-1111-4111-8111-111111111111 -Operation $operation -Reason booted -VMProcessId 7 -Driver kvm -LogPath '{{log}}'
            }
            Test-VirtAuditLog '{{log}}'
            """).ThrowOnError();

        PSObject finding = Assert.Single(result.Output, item => Equals(item.Properties["Kind"].Value, "ForeignWriter"));
        Assert.Equal(2L, finding.Properties["Count"].Value);
        Assert.DoesNotContain("Error", result.Values("Severity"));
    }

    private static string[] Told(ScriptResult result) => [.. result.Output.Select(item => $"{item.Properties["Severity"].Value} {item.Properties["Kind"].Value}")];
}
