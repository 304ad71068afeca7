using System.IO.Compression;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

public sealed class GetVirtAuditRecordTests : IDisposable
{
    private const string Log = "tests/data/qemu-enriched.log";
    private readonly ModuleHost _host = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("libvirtaudit-").FullName;

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("qemu-enriched.log", 1274)]
    [InlineData("lxc-enriched.log", 98)]
    [InlineData("umsg-enriched.log", 33)]
    [InlineData("qemu-fakehw-enriched.log", 178)]
    public void Every_record_of_a_file_comes_out(string file, int count)
    {
        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord tests/data/{file} -IncludeMalformed");
        int cut = File.ReadLines(Path.Combine(Repository.Root, "tests/data", file), System.Text.Encoding.Latin1)
            .Count(line => line.StartsWith("type=VIRT_", StringComparison.Ordinal) && !line.Contains(" res=", StringComparison.Ordinal));
        Assert.Equal(cut, result.Errors.Count);

        // The counts are those of libauparse, a line each in *.truth.jsonl.
        Assert.Equal(File.ReadLines(Path.Combine(Repository.Root, "tests/data", Path.ChangeExtension(file, ".truth.jsonl"))).Count(), result.Output.Count);
        Assert.Equal(count, result.Output.Count);
        Assert.All(result.Values("Source"), source => Assert.Equal(Path.Combine(Repository.Root, "tests", "data", file), source));
    }

    [Theory]
    [InlineData("-VMName lab-full", "$_.VMName -like 'lab-full'")]
    [InlineData("-VMName LAB-FULL, 'op=*'", "$_.VMName -like 'LAB-FULL' -or $_.VMName -like 'op=*'")]
    [InlineData("-VMName *", "$_.VMName -like '*'")]
    [InlineData("-VMName '`?'", "$_.VMName -like '`?'")]
    [InlineData("-VMName '*é*'", "$_.VMName -like '*é*'")]
    [InlineData("-Uuid 'a45dedb4-F4BF-*'", "$_.Uuid -like 'a45dedb4-f4bf-*'")]
    [InlineData("-RecordType VIRT_CONTROL", "$_.RecordType -like 'VIRT_CONTROL'")]
    [InlineData("-RecordType *MACHINE*, *control", "$_.RecordType -like '*MACHINE*' -or $_.RecordType -like '*control'")]
    [InlineData("-ResourceType disk,n*", "$_.ResourceType -like 'disk' -or $_.ResourceType -like 'n*'")]
    [InlineData("-Operation st*", "$_.Operation -like 'st*'")]
    [InlineData("-Reason attach,detach", "$_.Reason -in 'attach','detach'")]
    [InlineData("-Result failed", "$_.Result -eq 'failed'")]
    [InlineData("-Driver kvm", "$_.Driver -eq 'kvm'")]
    [InlineData("-Node *", "$_.Node -like '*'")]
    [InlineData("-Node x", "$_.Node -like 'x'")]
    [InlineData("-Value '/dev/loop*'", "@($_.OldValue, $_.NewValue, $_.Device, $_.HostDisk, $_.HostChardev, $_.MacAddress, $_.DevicePath, $_.DeviceNumber) -like '/dev/loop*'")]
    [InlineData("-EventId '1795359176.315:2110'", "$_.EventId -eq '1795359176.315:2110'")]
    [InlineData("-StartTime '2026-11-22T14:54:00Z'", "$_.Timestamp -ge ([datetime]'2026-11-22T14:54:00Z')")]
    [InlineData("-EndTime '2026-11-22T14:54:23.195Z'", "$_.Timestamp -le ([datetime]'2026-11-22T14:54:23.195Z')")]
    [InlineData("-VMName lab-full -ResourceType mem -Result success", "$_.VMName -eq 'lab-full' -and $_.ResourceType -eq 'mem' -and $_.Result -eq 'success'")]
    public void A_filter_gives_what_WhereObject_gives(string filter, string condition)
    {
        ScriptResult all = _host.Invoke($"Get-VirtAuditRecord {Log} | Where-Object {{ {condition} }} | ForEach-Object EventId").ThrowOnError();
        ScriptResult filtered = _host.Invoke($"Get-VirtAuditRecord {Log} {filter} | ForEach-Object EventId").ThrowOnError();
        Assert.Equal(all.OutputOf<string>(), filtered.OutputOf<string>());
        Assert.Equal(filter == "-Node x", all.Output.Count == 0);
        Assert.True(filter.EndsWith(" *", StringComparison.Ordinal) || all.Output.Count < 1274);
    }

    [Theory]
    [InlineData("lab(res=failed)x='y'")]
    [InlineData("lab\nnewline")]
    [InlineData("lab\ttab")]
    [InlineData("lab\"quote")]
    [InlineData("lab'apos")]
    [InlineData("lab\\back")]
    [InlineData("op=stop")]
    [InlineData("48656C6C6F")]
    [InlineData("?")]
    [InlineData("(null)")]
    [InlineData("12345")]
    [InlineData("lab-ünïcödé-虚拟机")]
    public void A_hostile_name_is_read_exactly_and_can_be_asked_for(string name)
    {
        // The names as the scenario defined them: its steps say which guests were started.
        _host.SetVariable("name", name);
        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord {Log} -VMName ([System.Management.Automation.WildcardPattern]::Escape($name)) -Operation start").ThrowOnError();
        Assert.Equal([name], result.Values("VMName").Distinct());
        Assert.Equal(["success"], result.Values("Result").Distinct());
    }

    [Fact]
    public void A_shared_memory_called_res_failed_does_not_turn_the_result()
    {
        ScriptResult result = _host.Invoke($"Get-VirtAuditRecord {Log} -ResourceType shmem -Value '*res=failed*'").ThrowOnError();
        Assert.Equal(["/dev/shm/shm with space res=failed"], result.Values("DevicePath"));
        Assert.Equal(["success"], result.Values("Result"));
    }

    [Fact]
    public void Files_come_through_the_pipeline_also_those_with_brackets_in_their_names()
    {
        File.Copy(Path.Combine(Repository.Root, Log), Path.Combine(_folder, "a[1].log"));
        File.Copy(Path.Combine(Repository.Root, "tests/data/lxc-enriched.log"), Path.Combine(_folder, "a1.log"));
        _host.SetVariable("folder", _folder);

        // The engine alone has no Get-ChildItem: its provider does.
        const string Items = "$ExecutionContext.InvokeProvider.ChildItem.Get($folder, $false)";
        Assert.Equal(1274 + 98, _host.Invoke($"{Items} | Get-VirtAuditRecord").ThrowOnError().Output.Count);
        Assert.Equal(98, _host.Invoke("\"$folder/a[1].log\" | Get-VirtAuditRecord").ThrowOnError().Output.Count);
        Assert.Equal(1274, _host.Invoke("Get-VirtAuditRecord -LiteralPath \"$folder/a[1].log\"").ThrowOnError().Output.Count);
        Assert.Equal(1274 + 98, _host.Invoke("Get-VirtAuditRecord \"$folder/a*\"").ThrowOnError().Output.Count);
        Assert.Equal(1274, _host.Invoke("Get-VirtAuditRecord ([System.IO.FileInfo]::new(\"$folder/a``[1``].log\"))").ThrowOnError().Output.Count);
    }

    [Fact]
    public void The_files_of_a_rotation_are_read_oldest_first()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, Log), System.Text.Encoding.Latin1);
        File.WriteAllLines(Path.Combine(_folder, "audit.log.10"), lines[..500], System.Text.Encoding.Latin1);
        using (var gzip = new GZipStream(File.Create(Path.Combine(_folder, "audit.log.2.gz")), CompressionLevel.Fastest))
        {
            gzip.Write(System.Text.Encoding.Latin1.GetBytes(string.Concat(lines[500..900].Select(line => line + "\n"))));
        }

        File.WriteAllLines(Path.Combine(_folder, "audit.log.1"), lines[900..1500], System.Text.Encoding.Latin1);
        File.WriteAllLines(Path.Combine(_folder, "audit.log"), lines[1500..], System.Text.Encoding.Latin1);
        _host.SetVariable("folder", _folder);
        Assert.Equal(
            _host.Invoke($"Get-VirtAuditRecord {Log} | ForEach-Object EventId").OutputOf<string>(),
            _host.Invoke("Get-VirtAuditRecord \"$folder/audit.log*\" | ForEach-Object EventId").ThrowOnError().OutputOf<string>());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1273)]
    [InlineData(2000)]
    public void Tail_gives_the_last_that_match(int count)
    {
        IReadOnlyList<string> all = _host.Invoke($"Get-VirtAuditRecord {Log} -ResourceType disk | ForEach-Object EventId").OutputOf<string>();
        IReadOnlyList<string> tail = _host.Invoke($"Get-VirtAuditRecord {Log} -ResourceType disk -Tail {count} | ForEach-Object EventId").ThrowOnError().OutputOf<string>();
        Assert.Equal(all.Skip(Math.Max(0, all.Count - count)), tail);
    }

    [Theory]
    [InlineData("carriers.journal-export.txt")]
    [InlineData("libvirtd-audit-logging.log")]
    [InlineData("carriers.journal-json.txt")]
    public void Tail_gives_the_same_for_records_that_span_lines(string file)
    {
        // Long enough that the first look at the end doesn't reach the beginning.
        string path = Path.Combine(_folder, "long.txt");
        byte[] text = File.ReadAllBytes(Path.Combine(Repository.Root, "tests/data", file));
        File.WriteAllBytes(path, [.. text, .. text, .. text, .. text]);
        _host.SetVariable("path", path);
        foreach (int count in new[] { 1, 7, 100, 500 })
        {
            string[] all = Describe("Get-VirtAuditRecord $path");
            Assert.Equal(all[^Math.Min(count, all.Length)..], Describe($"Get-VirtAuditRecord $path -Tail {count}"));
        }
    }

    [Theory]
    [InlineData("-StartTime '2026-11-22 14:54:00Z' -EndTime '2026-11-22 14:54:10Z'")]
    [InlineData("-StartTime '2026-11-22 14:54:00Z'")]
    [InlineData("-EndTime '2026-11-22 14:54:00Z' -VMName lab-full")]
    [InlineData("-EndTime '2026-11-22 14:54:00Z' -Tail 5")]
    [InlineData("-Tail 5")]
    public void AssumeOrdered_gives_the_same_of_a_log_whose_stamps_step_back_as_real_ones_do(string filters)
    {
        string[] all = Describe($"Get-VirtAuditRecord {Log} {filters}");
        Assert.NotEmpty(all);
        Assert.Equal(all, Describe($"Get-VirtAuditRecord {Log} {filters} -AssumeOrdered"));
    }

    [Fact]
    public void AssumeOrdered_misses_what_stands_out_of_order_unless_the_log_has_a_bookmark()
    {
        // What came first stands last.
        string[] lines = File.ReadAllLines(Path.Combine(Repository.Root, Log), System.Text.Encoding.Latin1);
        string path = Path.Combine(_folder, "turned.log");
        File.WriteAllLines(path, [.. lines[200..], .. lines[..200]], System.Text.Encoding.Latin1);
        _host.SetVariable("path", path);
        _host.SetVariable("bookmark", Path.Combine(_folder, "bookmark"));
        const string Early = "Get-VirtAuditRecord $path -EndTime '2026-11-22 14:53:00Z'";

        string[] all = Describe(Early);
        Assert.InRange(Describe(Early + " -AssumeOrdered").Length, 0, all.Length - 1);
        Assert.Equal(all, Describe(Early + " -AssumeOrdered -Bookmark $bookmark"));
    }

    [Fact]
    public void RawText_is_there_when_asked_for()
    {
        string line = File.ReadLines(Path.Combine(Repository.Root, Log)).First(line => line.StartsWith("type=VIRT_", StringComparison.Ordinal));
        Assert.Equal([null], _host.Invoke($"Get-VirtAuditRecord {Log} -EventId 1795359175.823:2047").Values("RawText"));
        Assert.Equal([line], _host.Invoke($"Get-VirtAuditRecord {Log} -EventId 1795359175.823:2047 -IncludeRawText").Values("RawText"));
    }

    [Fact]
    public void Evidence_pipes_back_into_its_records()
    {
        ScriptResult result = _host.Invoke($"""
            [pscustomobject]@{'{'} Evidence = '1795359176.315:2110', '1795359175.823:2047' {'}'}, [pscustomobject]@{'{'} Evidence = @('node=other 1795359228.899:2174') {'}'} |
                Get-VirtAuditRecord -Path {Log}
            """).ThrowOnError();
        Assert.Equal(["1795359175.823:2047", "1795359176.315:2110"], result.Values("EventId"));
    }

    [Theory]
    [InlineData("[pscustomobject]@{ Evidence = @() } | Get-VirtAuditRecord -Path $log")]
    [InlineData("[pscustomobject]@{ Evidence = @() } | Get-VirtAuditRecord -Path $log -Wait")]
    [InlineData("[pscustomobject]@{ Evidence = @() } | Get-VirtAuditRecord")]
    [InlineData("[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize([pscustomobject]@{ Evidence = [string[]]@() })) | Get-VirtAuditRecord -Path $log")]
    [InlineData("Get-VirtAuditRecord $log -EventId @()")]
    [InlineData("$log | Get-VirtAuditRecord -EventId @()")]
    [InlineData("Test-VirtAuditLog $folder/noise.log -Kind NoRecords | Get-VirtAuditRecord -Path $log")]
    public void Where_there_is_no_evidence_nothing_is_looked_up(string script)
    {
        _host.SetVariable("log", Repository.PathOf(Log));
        _host.SetVariable("folder", _folder);
        File.WriteAllText(Path.Combine(_folder, "noise.log"), "type=SYSCALL msg=audit(1795359176.315:2110): arch=c000003e\n");
        Assert.Empty(_host.Invoke(script).ThrowOnError().Output);
    }

    [Fact]
    public void Evidence_of_none_takes_nothing_from_that_of_others()
    {
        ScriptResult result = _host.Invoke($"""
            [pscustomobject]@{'{'} Evidence = @() {'}'}, [pscustomobject]@{'{'} Evidence = '1795359176.315:2110' {'}'}, [pscustomobject]@{'{'} Evidence = @() {'}'} |
                Get-VirtAuditRecord -Path {Log}
            """).ThrowOnError();
        Assert.Equal(["1795359176.315:2110"], result.Values("EventId"));
    }

    [Theory]
    [InlineData("$null")]
    [InlineData("''")]
    [InlineData("'1795359176.315:2110', ''")]
    public void An_event_without_a_name_is_refused(string events) =>
        Assert.Equal(["ParameterArgumentValidationError"], _host.Invoke($"Get-VirtAuditRecord {Log} -EventId {events}").ErrorIds);

    [Fact]
    public void A_downstream_break_closes_the_file()
    {
        File.Copy(Path.Combine(Repository.Root, Log), Path.Combine(_folder, "x.log"));
        _host.SetVariable("path", Path.Combine(_folder, "x.log"));
        Assert.Single(_host.Invoke("foreach ($once in 1) { Get-VirtAuditRecord $path | ForEach-Object { $_; break } }").Output);
        if (OperatingSystem.IsLinux())
        {
            Assert.DoesNotContain(Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget), target => target?.EndsWith("x.log", StringComparison.Ordinal) == true);
        }
    }

    private string[] Describe(string script) =>
        [.. _host.Invoke($"{script} | ForEach-Object {{ \"$_ $($_.EventId) $($_.Delivered)\" }}").ThrowOnError().OutputOf<string>()];
}
