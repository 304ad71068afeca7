using System.Globalization;
using System.Runtime.Versioning;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>The Write cmdlets on the real kernel, with a real auditd behind it.</summary>
[Collection(UsesKernelAudit.Name)]
[SupportedOSPlatform("linux")]
public sealed class WriteToKernelTests : IDisposable
{
    private const string AnyStart = "Write-VirtControlAudit -VMName web01 -Uuid 3f2a1b4c-0000-4000-8000-000000000001 -Driver kvm -Operation start -Reason booted";
    private const string Start = AnyStart + " -VMProcessId 4711";
    private const string StartBody = "virt=kvm op=start reason=booted vm=\"web01\" uuid=3f2a1b4c-0000-4000-8000-000000000001 vm-pid=4711";

    private readonly KernelAudit _kernel;
    private readonly ModuleHost _host;

    public WriteToKernelTests(KernelAudit kernel)
    {
        _kernel = kernel;
        _kernel.Require();
        _host = new ModuleHost();
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Every_record_of_the_captures_arrives_as_libvirt_wrote_it()
    {
        long start = _kernel.End;
        var expected = new List<(string Body, string Result)>();
        var refused = new List<string>();
        foreach (string file in (string[])["qemu-enriched.log", "lxc-enriched.log"])
        {
            foreach ((string type, string cmdlet) in (ReadOnlySpan<(string, string)>)[("VIRT_CONTROL", "Control"), ("VIRT_MACHINE_ID", "MachineId"), ("VIRT_RESOURCE", "Resource")])
            {
                ScriptResult result = _host.Invoke($"Get-VirtAuditRecord -LiteralPath '{Repository.Data(file)}' -RecordType {type} | Write-Virt{cmdlet}Audit -AuditLevel 2");
                Assert.Null(result.TerminatingError);
                Assert.All(result.ErrorIds, id => Assert.Equal("UnsafeFieldValue", id));
                Assert.Empty(result.Output);
                refused.AddRange(result.Errors.Select(error => error.ToString()));
                expected.AddRange(AuditText.Captured(file, type + " ").Select(line => (AuditText.Body(line), AuditText.Result(line))));
            }
        }

        string[] unsafePaths = ["shm with space res=failed", "usb-Logitech kbd res=failed", "nosuch shm.sock"];
        Assert.Equal(3, refused.Count);
        Assert.All(unsafePaths, path => Assert.Single(refused, message => message.Contains(path, StringComparison.Ordinal)));
        Assert.Equal(1372, expected.Count);
        expected.RemoveAll(record => unsafePaths.Any(path => record.Body.EndsWith(path, StringComparison.Ordinal)));

        string[] lines = await _kernel.RecordsFrom(start);
        Assert.Equal(1369, lines.Length);
        Assert.Equal(expected, lines.Select(line => (AuditText.Body(line), AuditText.Result(line))));
    }

    [Fact]
    public async Task Libauparse_sees_the_fields_that_it_sees_in_libvirts_own_records()
    {
        const string Python = "/usr/bin/python3";
        Assert.SkipUnless(File.Exists(Python) && (await ProgramRun.Of([Python, "-c", "import auparse"])).ExitCode == 0, "libauparse's Python binding is not installed");
        long start = _kernel.End;
        _host.Invoke($"Get-VirtAuditRecord -LiteralPath '{Repository.Data("qemu-enriched.log")}' -RecordType VIRT_RESOURCE | Write-VirtResourceAudit -AuditLevel 2");
        string[] lines = await _kernel.RecordsFrom(start);
        string log = Path.Combine(_kernel.Folder, "auparse.log");
        await File.WriteAllLinesAsync(log, lines, TestContext.Current.CancellationToken);
        string original = Path.Combine(_kernel.Folder, "original.log");
        await File.WriteAllLinesAsync(original, AuditText.Captured("qemu-enriched.log", "VIRT_RESOURCE ").Where(line => !IsUnsafe(line)).Select(line => line.Split('\u001d')[0]), TestContext.Current.CancellationToken);

        // The sender's own fields differ, and 'node' is what the reader puts there.
        const string Script = """
            import auparse, sys
            own = {'pid', 'uid', 'auid', 'ses', 'exe', 'hostname', 'addr', 'terminal', 'node'}
            parser = auparse.AuParser(auparse.AUSOURCE_FILE, sys.argv[1])
            while parser.parse_next_event():
                fields = []
                while True:
                    if parser.get_field_name() not in own:
                        fields.append((parser.get_field_name(), parser.get_field_str(), parser.interpret_field()))
                    if not parser.next_field():
                        break
                print(fields)
            """;
        ProgramRun ours = await ProgramRun.Of([Python, "-c", Script, log]), libvirts = await ProgramRun.Of([Python, "-c", Script, original]);
        Assert.Equal(0, ours.ExitCode);
        Assert.True(ours.Output.Length > 100_000);
        Assert.Equal(libvirts.Output, ours.Output);

        // The comparison sees one byte.
        int byteOfBody = lines[^1].IndexOf("reason=", StringComparison.Ordinal) + "reason=".Length;
        lines[^1] = lines[^1][..byteOfBody] + "X" + lines[^1][(byteOfBody + 1)..];
        await File.WriteAllLinesAsync(log, lines, TestContext.Current.CancellationToken);
        Assert.NotEqual(libvirts.Output, (await ProgramRun.Of([Python, "-c", Script, log])).Output);
    }

    [Fact]
    public async Task Ausearch_finds_what_was_written()
    {
        long start = _kernel.End;
        const string Guest = "5a5a5a5a-0000-4000-8000-00000000ffff";
        _host.Invoke($$"""
            $guest = @{ VMName = 'Gäste (res=failed)'; Uuid = '{{Guest}}'; Driver = 'kvm'; AuditLevel = 2 }
            Write-VirtControlAudit @guest -Operation start -Reason booted -VMProcessId 1
            Write-VirtMachineIdAudit @guest -Model dac -VMContext '+107:+107' -ImageContext '+107:+107'
            Write-VirtResourceAudit @guest -ResourceType disk -Reason attach -NewValue '/a b' -Result failed
            """).ThrowOnError();
        await _kernel.RecordsFrom(start);
        ProgramRun found = await ProgramRun.Of(["ausearch", "-if", _kernel.LogPath, "--uuid", Guest, "-i"]);
        Assert.Equal(0, found.ExitCode);
        string[] lines = [.. found.Output.Split('\n').Where(line => line.StartsWith("type=", StringComparison.Ordinal))];
        Assert.Equal(["VIRT_CONTROL", "VIRT_MACHINE_ID", "VIRT_RESOURCE"], lines.Select(line => line[5..line.IndexOf(' ', StringComparison.Ordinal)]));
        Assert.All(lines, line => Assert.Contains("vm=Gäste (res=failed)", line, StringComparison.Ordinal));
        Assert.Contains("new-disk=/a b", lines[2], StringComparison.Ordinal);
        Assert.EndsWith("res=failed", lines[2].TrimEnd(' ', '\''), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_program_in_C_sends_the_same(bool terminal)
    {
        _kernel.RequirePrograms("gcc", "script");
        string library = await LibauditLibrary.Build(_kernel.Folder);
        long start = _kernel.End;
        ChildResult child = await ChildSession.Run(_kernel.Folder, $$"""
            {{Start}} -AuditLevel 2
            {{Start}} -AuditLevel 2 -Result failed
            Write-VirtResourceAudit -VMName 'a b' -Uuid 3f2a1b4c-0000-4000-8000-000000000001 -ResourceType disk -Reason attach -NewValue "/dev/`"é" -AuditLevel 2
            $library = [System.Runtime.InteropServices.NativeLibrary]::Load('{{library}}')
            $send = [System.Runtime.InteropServices.Marshal]::GetDelegateForFunctionPointer(
                [System.Runtime.InteropServices.NativeLibrary]::GetExport($library, 'send_record'), [LibvirtAudit.Tests.Kernel.SendRecord])
            $send.Invoke(2500, '{{StartBody}}', 1)
            $send.Invoke(2500, '{{StartBody}}', 0)
            $send.Invoke(2501, 'virt=? resrc=disk reason=attach vm=612062 uuid=3f2a1b4c-0000-4000-8000-000000000001 old-disk="?" new-disk=2F6465762F22C3A9', 1)
            """, [], terminal);
        Assert.Empty(child.ErrorIds);
        Assert.Equal(3, child.Output.Count(result => int.Parse(result, CultureInfo.InvariantCulture) > 0));

        string[] lines = [.. (await _kernel.RecordsFrom(start)).Select(AuditText.Timeless)];
        Assert.Equal(6, lines.Length);
        Assert.Equal(lines[3..], lines[..3]);
        Assert.NotEqual(lines[0], lines[1]);
        Assert.Equal(terminal, lines[0].Contains(" terminal=pts/", StringComparison.Ordinal));
        Assert.Equal(terminal, !lines[0].Contains(" hostname=? ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Without_the_right_to_write_it_is_an_error()
    {
        _kernel.RequirePrograms("setpriv");
        long start = _kernel.End;
        ChildResult child = await ChildSession.Run(_kernel.Folder, Start + " -PassThru | ForEach-Object Delivered", ["setpriv", "--bounding-set", "-audit_write", "--inh-caps", "-audit_write"]);
        Assert.Equal(["AuditPermissionDenied"], child.ErrorIds);
        Assert.Empty(child.Output);
        Assert.Empty(await _kernel.RecordsFrom(start));
    }

    [Theory]
    [InlineData(1, "", "Delivered: ")]
    [InlineData(2, "AuditPermissionDenied", null)]
    public async Task With_the_right_to_write_but_not_to_ask_nothing_is_claimed(int level, string error, string? claimed)
    {
        _kernel.RequirePrograms("setpriv");
        long start = _kernel.End;
        ChildResult child = await ChildSession.Run(
            _kernel.Folder, $"{Start} -AuditLevel {level} -PassThru | ForEach-Object {{ \"Delivered: $($_.Delivered)\" }}", ["setpriv", "--bounding-set", "-audit_control", "--inh-caps", "-audit_control"]);
        Assert.Equal(error, string.Concat(child.ErrorIds));
        Assert.Equal(claimed is null ? [] : [claimed], child.Output);
        Assert.Equal(claimed is null ? 0 : 1, (await _kernel.RecordsFrom(start)).Length);
    }

    [Fact]
    public async Task In_a_user_namespace_it_is_an_error()
    {
        _kernel.RequirePrograms("unshare");
        Assert.SkipUnless((await ProgramRun.Of(["unshare", "-Ur", "true"])).ExitCode == 0, "user namespaces are not to be had here");
        long start = _kernel.End;
        ChildResult child = await ChildSession.Run(_kernel.Folder, Start + " -PassThru | ForEach-Object Delivered", ["unshare", "-Ur"]);
        Assert.Equal(["AuditRefused"], child.ErrorIds);
        Assert.Empty(child.Output);
        Assert.Empty(await _kernel.RecordsFrom(start));
    }

    [Fact]
    public async Task An_ordinary_user_gets_the_state_with_reasons_for_what_is_missing()
    {
        _kernel.RequirePrograms("setpriv");
        string folder = Directory.CreateDirectory(Path.Combine(Path.GetTempPath(), $"virtaudit-{Guid.NewGuid():N}")).FullName;
        File.SetUnixFileMode(folder, (UnixFileMode)0b1_111_111_111);
        try
        {
            ChildResult child = await ChildSession.Run(
                folder, "$s = Get-VirtAuditStatus; $null -eq $s.State; $s.CanWrite; $s.Summary; $s.Unknown[0]", ["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"]);
            Assert.Equal(["True", "False"], child.Output[..2]);
            Assert.Contains("CAP_AUDIT_WRITE", child.Output[2], StringComparison.Ordinal);
            Assert.Contains("CAP_AUDIT_CONTROL", child.Output[3], StringComparison.Ordinal);
            Assert.Empty(child.ErrorIds);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task The_state_names_the_daemon_and_its_log()
    {
        ScriptResult result = _host.Invoke("Get-VirtAuditStatus").ThrowOnError();
        Assert.Equal([true], result.Values("WouldBeLogged"));
        Assert.Equal(["Enabled"], result.Values("State"));
        Assert.Equal([(uint)_kernel.DaemonId], result.Values("DaemonProcessId"));
        Assert.Equal(["auditd"], result.Values("DaemonName"));
        Assert.Equal([_kernel.LogPath], result.Values("LogPath"));
        Assert.Equal(["RAW"], result.Values("LogFormat"));

        // The same numbers as auditctl's.
        ProgramRun peer = await ProgramRun.Of(["auditctl", "-s"]);
        Assert.Contains($"backlog_limit {result.Values("BacklogLimit")[0]}\n", peer.Output, StringComparison.Ordinal);
        Assert.Contains($"backlog_wait_time {result.Values("BacklogWaitTime")[0]}\n", peer.Output, StringComparison.Ordinal);
        Assert.Contains($"rate_limit {result.Values("RateLimit")[0]}\n", peer.Output, StringComparison.Ordinal);
        Assert.Contains($"lost {result.Values("Lost")[0]}\n", peer.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false, 0, null)]
    [InlineData(1, false, 1, null)]
    [InlineData(2, null, 0, "AuditDisabled")]
    public async Task With_the_hosts_audit_off_nothing_is_sent_or_claimed(int level, object? delivered, int warnings, string? error)
    {
        long start = _kernel.End;
        await KernelAudit.Control("-e", "0");
        try
        {
            ScriptResult result = _host.Invoke($"{Starts(3)} -AuditLevel {level} -PassThru");
            Assert.Equal(warnings, result.Warnings.Count);
            Assert.Equal(error is null ? [] : [error], result.ErrorIds);
            Assert.All(result.Values("Delivered"), claimed => Assert.Equal(delivered, claimed));
            Assert.Equal(error is null ? 3 : 0, result.Output.Count);
        }
        finally
        {
            await KernelAudit.Control("-e", "1");
        }

        Assert.Empty(await _kernel.RecordsFrom(start));
    }

    [Fact]
    public async Task With_a_backlog_that_nobody_empties_nothing_is_claimed_and_it_is_told()
    {
        long start = _kernel.End;
        ScriptResult result;
        await KernelAudit.Control("-b", "4");
        await KernelAudit.Control("--backlog_wait_time", "1");
        await _kernel.Signal("STOP");
        try
        {
            result = _host.Invoke(Starts(220) + " -PassThru");
        }
        finally
        {
            await _kernel.Signal("CONT");
            await KernelAudit.Control("-b", "8192");
            await KernelAudit.Control("--backlog_wait_time", "15000");
        }

        Assert.All(result.ErrorIds, id => Assert.Equal("AuditBufferFull", id));
        HashSet<string> arrived = [.. (await _kernel.RecordsFrom(start)).Select(line => AuditText.Body(line).Split("vm-pid=")[1])];
        Assert.NotEmpty(result.Output);
        Assert.Contains(result.Output, record => record.Properties["Delivered"].Value is null);
        Assert.Contains(result.Warnings, warning => warning.Contains("daemon", StringComparison.Ordinal));

        // The record that the kernel is just handing to the daemon waits in no queue that it shows.
        string[] claimed = [.. result.Output.Where(record => record.Properties["Delivered"].Value is true).Select(record => $"{record.Properties["VMProcessId"].Value}")];
        Assert.True(claimed.Length > 50);
        Assert.InRange(claimed.Count(id => !arrived.Contains(id)), 0, 1);
    }

    [Fact]
    public async Task Twenty_thousand_records_go_down_one_pipeline_over_one_socket()
    {
        long start = _kernel.End;
        ScriptResult result = _host.Invoke($$"""
            function Get-SocketCount { @([System.IO.Directory]::GetFiles('/proc/self/fd') | Where-Object { [System.IO.FileInfo]::new($_).LinkTarget -like 'socket:*' }).Count }
            Get-SocketCount
            $during = [System.Collections.Generic.List[int]]::new()
            1..20000 | ForEach-Object {
                if ($_ % 5000 -eq 2) { $during.Add((Get-SocketCount)) }
                [pscustomobject]@{ VMProcessId = $_ }
            } | {{AnyStart}} -AuditLevel 2
            $during
            Get-SocketCount
            """).ThrowOnError();
        Assert.Empty(result.Warnings);
        IReadOnlyList<int> sockets = result.OutputOf<int>();
        int before = sockets[0];
        Assert.Equal([before, before + 1, before + 1, before + 1, before + 1, before], sockets);

        string[] lines = await _kernel.RecordsFrom(start);
        Assert.Equal(Enumerable.Range(1, 20000).Select(i => i.ToString(CultureInfo.InvariantCulture)), lines.Select(line => AuditText.Body(line).Split("vm-pid=")[1]));
    }

    [Fact]
    public void The_socket_is_closed_however_the_pipeline_ends()
    {
        string records = Starts(50) + " -PassThru";
        int before = Sockets();
        _host.Invoke(records);
        Assert.Equal(before, Sockets());
        _host.Invoke(records + " | ForEach-Object { throw 'enough' }");
        Assert.Equal(before, Sockets());
        _host.Invoke("do { " + records + " | ForEach-Object { break } } while ($false)");
        Assert.Equal(before, Sockets());
        _host.InvokeAndStop(records + "; while ($true) { [System.Threading.Thread]::Sleep(5) }", count: 50);
        _host.InvokeAndStop(Starts(1_000_000) + " -PassThru", count: 10);
        Assert.Equal(before, Sockets());
    }

    private static string Starts(int count) => $"1..{count} | ForEach-Object {{ [pscustomobject]@{{ VMProcessId = $_ }} }} | {AnyStart}";

    private static int Sockets() => Directory.GetFiles("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static bool IsUnsafe(string line) => AuditText.Body(line) is string body
        && (body.EndsWith("shm with space res=failed", StringComparison.Ordinal) || body.EndsWith("usb-Logitech kbd res=failed", StringComparison.Ordinal) || body.EndsWith("nosuch shm.sock", StringComparison.Ordinal));
}
