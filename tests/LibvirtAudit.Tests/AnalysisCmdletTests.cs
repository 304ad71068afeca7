using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>Get-VirtAuditSession, Get-VirtAuditAssignment, Get-VirtAuditIncident and Measure-VirtAuditRecord: where their records come from, and what the parameters choose.</summary>
public sealed class AnalysisCmdletTests : IDisposable
{
    private const string Qemu = "tests/data/qemu-enriched.log";
    private const string Lxc = "tests/data/lxc-enriched.log";
    private readonly ModuleHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>One reader and one analysis behind every way in.</summary>
    [Theory]
    [InlineData($"Get-VirtAuditSession -LiteralPath {Lxc}")]
    [InlineData($"Get-VirtAuditSession 'tests/data/lxc-enr*.log'")]
    [InlineData($"Get-VirtAuditRecord {Lxc} | Get-VirtAuditSession")]
    [InlineData($"Get-VirtAuditSession -InputObject (Get-VirtAuditRecord {Lxc})")]
    [InlineData($"[System.IO.FileInfo]::new(\"$PWD/{Lxc}\") | Get-VirtAuditSession")]
    [InlineData($"Get-VirtAuditRecord {Lxc} | ForEach-Object {{ [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }} | Get-VirtAuditSession")]
    [InlineData($"Get-VirtAuditSession {Lxc}, {Lxc}")]
    public void Sessions_are_the_same_whatever_the_way_in(string script)
    {
        string[] expected = Told(_host.Invoke($"Get-VirtAuditSession {Lxc}").ThrowOnError());

        // The steps of the scenario: eight starts, of which one guest's is a reboot, and four that fail.
        Assert.Equal(12, expected.Length);
        Assert.Equal(expected, Told(_host.Invoke(script).ThrowOnError()));

        static string[] Told(ScriptResult result) => [.. result.Output.Select(session =>
            string.Join(' ', new[] { "VMName", "State", "StartReason", "StopReason", "Duration", "ResourceCount", "FailureCount", "SessionEventId" }.Select(name => session.Properties[name].Value)))];
    }

    [Fact]
    public void A_session_is_written_as_soon_as_it_is_known()
    {
        ScriptResult result = _host.Invoke($$"""
            $order = [System.Collections.Generic.List[string]]::new()
            Get-VirtAuditRecord {{Lxc}} -RecordType VIRT_CONTROL -VMName ct-reboot |
                ForEach-Object { $order.Add("$($_.Operation) $($_.Reason)"); $_ } |
                Get-VirtAuditSession | ForEach-Object { $order.Add("session " + $_.State) }
            $order
            """).ThrowOnError();

        Assert.Equal(["start booted", "init ", "stop reboot", "session Rebooted", "start reboot", "init ", "stop shutdown", "session Stopped"], result.OutputOf<string>());
    }

    [Theory]
    [InlineData("-VMName lab-plain, LAB-CPU", 22)]
    [InlineData("-Uuid cbe51033-*", 1)]
    [InlineData("-Driver kvm", 3)]
    [InlineData("-Node x", 0)]
    [InlineData("-State FailedToStart", 27)]
    [InlineData("-State died, crash*", 5)]
    [InlineData("-EndTime '2026-11-22T14:53:49.300Z'", 1)]
    [InlineData("-StartTime '2026-11-22T14:57:25Z'", 1)]
    [InlineData("-StartTime '2026-11-22T14:53:00Z' -EndTime '2026-11-22T14:53:01Z'", 1)]
    public void Sessions_are_chosen(string filter, int count) =>
        Assert.Equal(count, _host.Invoke($"Get-VirtAuditSession {Qemu} {filter}").ThrowOnError().Output.Count);

    /// <summary>What began before the time that is asked for has its beginning all the same.</summary>
    [Fact]
    public void Time_chooses_sessions_not_records()
    {
        PSObject session = Assert.Single(_host.Invoke($"Get-VirtAuditSession {Qemu} -StartTime '2026-11-22T14:53:30Z' -EndTime '2026-11-22T14:53:31Z'").ThrowOnError().Output);

        Assert.Equal(("lab-full", "booted"), (session.Properties["VMName"].Value, session.Properties["StartReason"].Value));
    }

    [Theory]
    [InlineData("-Value /dev/loop2 -ResourceType disk", "14:53:05-14:53:11")]
    [InlineData("-Value '*mirror copy*'", "14:56:21-14:56:23")]
    [InlineData("-Value 52:54:00:aa:00:24", "14:53:12-14:53:17")]
    [InlineData("-Value 07:02", "14:53:05-14:53:11")]
    [InlineData("-Value '/dev/loop*' -ResourceType disk -At '2026-11-22T14:53:06Z' -VMName lab-full", "14:52:56-14:53:48 14:53:05-14:53:11")]
    [InlineData("-Value '/dev/loop*' -ResourceType disk -At '2026-11-22T14:53:20Z' -VMName lab-full", "14:52:56-14:53:48")]
    [InlineData("-Value '/dev/loop2' -At '2026-11-22T14:53:20Z'", "")]
    [InlineData("-Open", "")]
    public void Assignments_answer_who_had_it_when(string filter, string times)
    {
        ScriptResult result = _host.Invoke($"Get-VirtAuditAssignment {Qemu} {filter}").ThrowOnError();

        Assert.Equal(times.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), result.Output.Select(assignment => Clock(assignment, "StartTime") + "-" + Clock(assignment, "EndTime")).Order());

        static string Clock(PSObject item, string name) => ((DateTime)item.Properties[name].Value).ToUniversalTime().ToString("HH:mm:ss", CultureInfo.InvariantCulture);
    }

    [Theory]
    [InlineData(Qemu, "", 22)]
    [InlineData(Qemu, "-IncludeUnrelated", 26)]
    [InlineData(Qemu, "-Kind seccomp", 1)]
    [InlineData(Qemu, "-VMName lab-cpu", 1)]
    [InlineData("tests/data/selinux-incidents.log", "", 5)]
    [InlineData("tests/data/selinux-incidents.log", "-IncludeUnrelated", 7)]
    [InlineData("tests/data/selinux-incidents.log", "-VMName se-tun", 2)]
    [InlineData("tests/data/apparmor-incidents.log", "-Uuid 4e5bc69d-*", 1)]
    public void Incidents_are_chosen(string log, string filter, int count) =>
        Assert.Equal(count, _host.Invoke($"Get-VirtAuditIncident {log} {filter}").ThrowOnError().Output.Count);

    [Fact]
    public void Evidence_pipes_back_into_its_records()
    {
        ScriptResult records = _host.Invoke($"Get-VirtAuditSession {Qemu} -VMName lab-cpu | Get-VirtAuditRecord -Path {Qemu}").ThrowOnError();
        Assert.Equal(["VIRT_MACHINE_ID", "VIRT_CONTROL", "VIRT_CONTROL"], records.Values("RecordType"));

        ScriptResult given = _host.Invoke($"Get-VirtAuditAssignment {Qemu} -Value /dev/loop2 -ResourceType disk | Get-VirtAuditRecord -Path {Qemu}").ThrowOnError();
        Assert.Equal(["attach", "detach"], given.Values("Reason"));
    }

    [Fact]
    public void The_summary_of_everything_is_the_sum_of_its_groups()
    {
        string[] numbers = ["Records", "Starts", "FailedStarts", "Stops", "Failures", "Assignments", "Denials", "Anomalies"];
        PSObject all = Assert.Single(_host.Invoke($"Measure-VirtAuditRecord {Qemu}").ThrowOnError().Output);
        int[] expected = [.. numbers.Select(name => (int)all.Properties[name].Value)];

        // Records, starts, stops and failures by libauparse (grep in *.truth.jsonl), the rest in docs/auvirt.md.
        Assert.Equal([1274, 58, 27, 58, 39, 743, 0, 22], expected);
        foreach (string grouping in new[] { "Guest", "Node", "Driver", "Hour", "Day", "Week", "Month", "Year" })
        {
            IReadOnlyList<PSObject> groups = _host.Invoke($"Measure-VirtAuditRecord {Qemu} -GroupBy {grouping}").ThrowOnError().Output;
            Assert.Equal(expected, numbers.Select(name => groups.Sum(group => (int)group.Properties[name].Value)));
        }
    }

    [Fact]
    public void The_summary_of_a_time_counts_what_lies_in_it()
    {
        PSObject all = Assert.Single(_host.Invoke($"Measure-VirtAuditRecord {Qemu} -StartTime '2026-11-22T14:54:00Z' -EndTime '2026-11-22T14:54:59.999Z'").ThrowOnError().Output);
        int records = _host.Invoke($"Get-VirtAuditRecord {Qemu} -StartTime '2026-11-22T14:54:00Z' -EndTime '2026-11-22T14:54:59.999Z'").ThrowOnError().Output.Count;

        Assert.Equal(records, all.Properties["Records"].Value);
        Assert.True(records is > 0 and < 1274);
    }

    [Fact]
    public void Repeated_and_malformed_records_are_counted()
    {
        ScriptResult result = _host.Invoke("Measure-VirtAuditRecord tests/data/umsg-enriched.log, tests/data/umsg-enriched.log");
        PSObject all = Assert.Single(result.Output);

        int cut = File.ReadLines(Repository.Data("umsg-enriched.log"), System.Text.Encoding.Latin1).Count(line => line.StartsWith("type=VIRT_", StringComparison.Ordinal) && !line.Contains(" res=", StringComparison.Ordinal));
        Assert.Equal((33, 33, 2 * cut), (all.Properties["Records"].Value, all.Properties["Repeated"].Value, all.Properties["Malformed"].Value));
        Assert.All(result.ErrorIds, id => Assert.Equal("MalformedRecord", id));
    }

    /// <summary>One log of 540,000 records and the first thousand again: more than is remembered of one log, and not of several.</summary>
    [Fact]
    public void What_is_not_known_to_be_repeated_counts_and_is_said()
    {
        const int Count = 540_000, Again = 1000;
        string log = Path.Combine(_folder, "long.log"), tail = Path.Combine(_folder, "tail.log");
        using (var writer = new StreamWriter(log))
        {
            for (int i = 0; i < Count; i++)
            {
                writer.WriteLine(Line(i));
            }
        }

        File.WriteAllLines(tail, Enumerable.Range(0, Again).Select(Line));
        PSObject several = Assert.Single(_host.Invoke($"Measure-VirtAuditRecord {log}, {tail}").ThrowOnError().Output);
        File.AppendAllLines(log, File.ReadLines(tail));
        ScriptResult one = _host.Invoke($"Measure-VirtAuditRecord {log}").ThrowOnError();

        Assert.Equal((Count, Again, 0L), Numbers(several));
        Assert.Equal((Count + Again, 0, (long)Again), Numbers(Assert.Single(one.Output)));
        Assert.StartsWith($"Whether {Again} of the records", Assert.Single(one.Warnings), StringComparison.Ordinal);

        static (object, object, object) Numbers(PSObject summary)
        {
            object[] values = [.. new[] { "Records", "Repeated", "PossibleRepeats" }.Select(name => summary.Properties[name].Value)];
            return (values[0], values[1], values[2]);
        }

        static string Line(int i) =>
            string.Create(CultureInfo.InvariantCulture, $"type=VIRT_CONTROL msg=audit({1_700_000_000 + i}.000:{i + 1}): pid=1 uid=0 ")
            + $"auid=4294967295 ses=4294967295 msg='virt=kvm op={(i % 2 == 0 ? "start" : "stop")} reason=x vm=\"a\" "
            + "uuid=11111111-1111-4111-8111-111111111111 vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";
    }

    /// <summary>As Get-ChildItem gives them: the newest of a rotation first.</summary>
    [Fact]
    public void Files_from_the_pipeline_are_read_oldest_first()
    {
        string[] lines = File.ReadAllLines(Repository.PathOf(Lxc), System.Text.Encoding.Latin1);
        File.WriteAllLines(Path.Combine(_folder, "audit.log.2"), lines[..40], System.Text.Encoding.Latin1);
        File.WriteAllLines(Path.Combine(_folder, "audit.log.1"), lines[35..80], System.Text.Encoding.Latin1);
        File.WriteAllLines(Path.Combine(_folder, "audit.log"), lines[80..], System.Text.Encoding.Latin1);
        ScriptResult whole = _host.Invoke($"Get-VirtAuditSession {Lxc}").ThrowOnError();

        string files = $"'audit.log', 'audit.log.1', 'audit.log.2' | ForEach-Object {{ [System.IO.FileInfo]::new('{_folder}/' + $_) }}";
        Assert.Equal(whole.Values("SessionEventId"), _host.Invoke(files + " | Get-VirtAuditSession").ThrowOnError().Values("SessionEventId"));
        Assert.Equal(whole.Values("SessionEventId"), _host.Invoke($"Get-VirtAuditSession '{_folder}/audit.log*'").ThrowOnError().Values("SessionEventId"));
    }

    [Fact]
    public void What_is_no_record_is_an_error_and_the_rest_goes_on()
    {
        ScriptResult result = _host.Invoke($"& {{ 'type=VIRT_CONTROL'; 5; $null; Get-VirtAuditRecord {Lxc} -VMName ct-exit; [version]'1.0' }} | Get-VirtAuditSession");

        Assert.Equal(["InvalidInputObject", "InvalidInputObject", "InvalidInputObject"], result.ErrorIds.Where(id => id == "InvalidInputObject"));
        Assert.Equal(["ct-exit"], result.Values("VMName"));
    }

    /// <summary>A variable that was never set must not mean all there is, nor a list that came out empty the host's own logs.</summary>
    [Theory]
    [InlineData("Get-VirtAuditSession", "State")]
    [InlineData("Get-VirtAuditIncident", "Kind")]
    [InlineData("Get-VirtAuditAssignment", "ResourceType")]
    [InlineData("Get-VirtAuditAssignment", "Value")]
    [InlineData("Get-VirtAuditRecord", "ResourceType")]
    [InlineData("Measure-VirtAuditRecord", "VMName")]
    [InlineData("Get-VirtAuditSession", "Path")]
    [InlineData("Get-VirtAuditSession", "LiteralPath")]
    [InlineData("Assert-VirtAuditRecord", "Path")]
    [InlineData("Assert-VirtAuditRecord", "LiteralPath")]
    public void Null_an_empty_list_and_empty_text_are_refused(string cmdlet, string parameter)
    {
        string log = parameter is "Path" or "LiteralPath" ? "" : Lxc;
        Assert.All(["$null", "@()", "''"], value =>
        {
            ErrorRecord error = Assert.Single(_host.Invoke($"{cmdlet} {log} -{parameter} {value}").Errors);
            Assert.Equal(parameter, Assert.IsType<ParameterBindingException>(error.Exception, exactMatch: false).ParameterName);
        });
    }

    [Fact]
    public void A_file_that_is_not_there_is_an_error_and_the_rest_goes_on()
    {
        ScriptResult result = _host.Invoke($"Get-VirtAuditSession /no/such.log, {Lxc}");

        Assert.Equal(["PathNotFound"], result.ErrorIds);
        Assert.Equal(12, result.Output.Count);
    }

    [Theory]
    [InlineData("Get-VirtAuditSession")]
    [InlineData("Get-VirtAuditAssignment")]
    [InlineData("Get-VirtAuditIncident")]
    public void A_pipeline_that_brings_nothing_gives_nothing(string cmdlet)
    {
        ScriptResult result = _host.Invoke($"@() | {cmdlet}").ThrowOnError();

        Assert.Empty(result.Output);
    }

    [Theory]
    [InlineData("Get-VirtAuditSession -State Cr", "Crashed")]
    [InlineData("Get-VirtAuditIncident -Kind s", "Seccomp")]
    [InlineData("Get-VirtAuditAssignment -ResourceType iv", "ivshmem-socket")]
    [InlineData("Measure-VirtAuditRecord -GroupBy No", "Node")]
    [InlineData("Get-VirtAuditAssignment -At yes", "yesterday")]
    public void Closed_sets_complete(string line, string word) => Assert.Contains(word, _host.Complete(line).Select(match => match.CompletionText));

    [Fact]
    public void The_views_are_tables_that_fit_and_hold_no_control_characters()
    {
        foreach (string script in new[] { $"Get-VirtAuditSession {Qemu}", $"Get-VirtAuditAssignment {Qemu}", $"Get-VirtAuditIncident {Qemu} -IncludeUnrelated", $"Measure-VirtAuditRecord {Qemu} -GroupBy Guest" })
        {
            foreach (int width in new[] { 80, 120 })
            {
                string text = Uncoloured(_host.Render(script, width));
                Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width, line));
                Assert.DoesNotContain(text, character => char.IsControl(character) && character != '\n');
            }
        }

        string sessions = Uncoloured(_host.Render($"Get-VirtAuditSession {Qemu}", 140));
        Assert.Matches(@"lab`nnewline +2026-\d\d-\d\d \d\d:54:27 2026-\d\d-\d\d \d\d:54:28 +00:00:01 Destroyed", sessions);
        Assert.Matches(@"lab-kvm +.* 00:00:02 Destroyed, 1 failed, 2 anomalous", sessions);
        Assert.Matches(@"lab-full +2026-\d\d-\d\d \d\d:53:05 2026-\d\d-\d\d \d\d:53:11 disk /dev/loop2\n", Uncoloured(_host.Render($"Get-VirtAuditAssignment {Qemu} -Value /dev/loop2", 80)));
    }

    /// <summary>The text without the colours of the host and the module's own red.</summary>
    private static string Uncoloured(string text) => System.Text.RegularExpressions.Regex.Replace(text, @"\e\[[0-9;]*m", "");

    [Fact]
    public void Deserialized_results_are_shown_alike()
    {
        foreach (string script in new[] { $"Get-VirtAuditSession {Lxc}", $"Get-VirtAuditAssignment {Lxc}", $"Get-VirtAuditIncident {Qemu}", $"Measure-VirtAuditRecord {Lxc}" })
        {
            Assert.Equal(_host.Render(script), _host.Render(script + " | ForEach-Object { [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($_)) }"));
        }
    }

    [Fact]
    public void Results_hold_nothing_nested()
    {
        foreach (string script in new[] { $"Get-VirtAuditSession {Lxc}", $"Get-VirtAuditAssignment {Lxc}", $"Get-VirtAuditIncident {Qemu}", $"Measure-VirtAuditRecord {Lxc}" })
        {
            Assert.All(_host.Invoke(script).ThrowOnError().Output.SelectMany(item => item.Properties), property =>
                Assert.True(property.Value is null or string or string[] or int or long or ulong or bool or Guid or DateTime or TimeSpan, property.Name));
        }
    }
}
