using System.Globalization;
using System.Runtime.Versioning;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Hostile;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Kernel;

/// <summary>Live reading on the real kernel, beside a real auditd.</summary>
[Collection(UsesKernelAudit.Name)]
[SupportedOSPlatform("linux")]
public sealed class WatchKernelTests : IDisposable
{
    private const int Count = 5000;
    private readonly KernelAudit _kernel;
    private readonly ModuleHost _host = new();

    public WatchKernelTests(KernelAudit kernel)
    {
        _kernel = kernel;
        _kernel.Require();
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task What_the_kernel_sends_out_is_what_auditd_writes()
    {
        long start = _kernel.End;
        Task<ScriptResult> watching = Task.Run(() => _host.Invoke($"Watch-VirtAuditRecord -TimeoutSec 120 -MaxEvents {Count} -IncludeRawText"), TestContext.Current.CancellationToken);
        await Listening();
        Write(Count);
        ScriptResult seen = (await watching).ThrowOnError();
        Assert.Empty(seen.Warnings);
        Assert.All(seen.Values("Source"), source => Assert.Equal("netlink", source));
        Assert.Equal(await _kernel.RecordsFrom(start), seen.Values("RawText"));
        Assert.Equal(Enumerable.Range(1, Count), seen.Values("VMProcessId").Select(id => Convert.ToInt32(id, CultureInfo.InvariantCulture)));
        AssertNoSocketLeft();
    }

    [Fact]
    public async Task What_is_shown_of_hostile_records_is_harmless()
    {
        string[] names = [.. HostileText.All.Select(hostile => hostile.Text).Where(text => Terminal.Danger(text) is not null && text.Length < 1000)];
        Assert.True(names.Length > 20);
        Task<string> watching = Task.Run(() => _host.Render($$"""
            $VerbosePreference = $DebugPreference = $InformationPreference = 'Continue'
            Watch-VirtAuditRecord -TimeoutSec 120 -MaxEvents {{names.Length}} -IncludeRawText -IncludeMalformed -Verbose -Debug | ForEach-Object { $_ | Out-Default; $_ | Format-List | Out-Default; "$_" | Out-Default }
            """, escapes: true), TestContext.Current.CancellationToken);
        await Listening();
        using var writer = new ModuleHost();
        writer.SetVariable("names", names);
        writer.Invoke("foreach ($name in $names) { Write-VirtResourceAudit -VMName $name -Uuid 3f2a1b4c-0000-4000-8000-000000000001 -Driver kvm -ResourceType disk -Reason attach -OldValue $name -NewValue $name -AuditLevel 2 }").ThrowOnError();
        string shown = await watching;
        Assert.All(_host.Written, text => Assert.Null(Terminal.Danger(text)));
        Assert.Contains("`e[2J`e[1;1Hroot@host", shown, StringComparison.Ordinal);
        Assert.Contains("`u{202e}", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Waiting_for_the_log_gives_what_is_written_to_it()
    {
        _host.SetVariable("path", _kernel.LogPath);
        Task<ScriptResult> following = Task.Run(() => _host.InvokeAndStop("Get-VirtAuditRecord -LiteralPath $path -Wait -Tail 0", 300), TestContext.Current.CancellationToken);
        await FollowedLog.Begun(_kernel.LogPath);
        Write(300);
        Assert.Equal(Enumerable.Range(1, 300), (await following).Values("VMProcessId").Select(id => Convert.ToInt32(id, CultureInfo.InvariantCulture)));
    }

    [Fact]
    public async Task Auditds_own_rotation_is_followed()
    {
        const int Records = 12_000;
        string configuration = Path.Combine(_kernel.Folder, "auditd.conf");
        string before = await File.ReadAllTextAsync(configuration, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(configuration, before.Replace("max_log_file_action = IGNORE", "max_log_file = 1\nnum_logs = 5\nmax_log_file_action = ROTATE", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        await _kernel.Signal("HUP");
        try
        {
            _host.SetVariable("path", _kernel.LogPath);
            Task<ScriptResult> following = Task.Run(() => _host.InvokeAndStop("Get-VirtAuditRecord -LiteralPath $path -Wait -Tail 0", Records), TestContext.Current.CancellationToken);
            await FollowedLog.Begun(_kernel.LogPath);
            Write(Records);
            ScriptResult result = await following;
            Assert.Equal(Enumerable.Range(1, Records), result.Values("VMProcessId").Select(id => Convert.ToInt32(id, CultureInfo.InvariantCulture)));
            Assert.Empty(result.Warnings);

            // Records of 300 bytes in files of a megabyte.
            Assert.True(File.Exists(_kernel.LogPath + ".2"));
        }
        finally
        {
            await File.WriteAllTextAsync(configuration, before, CancellationToken.None);
            await _kernel.Signal("HUP");
        }
    }

    [Fact]
    public async Task Filters_apply_and_it_can_be_stopped()
    {
        Task<ScriptResult> watching = Task.Run(() => _host.InvokeAndStop("Watch-VirtAuditRecord -VMName watched -Operation st*", 1), TestContext.Current.CancellationToken);
        await Listening();
        Write(3);
        using var other = new ModuleHost();
        other.Invoke("Write-VirtControlAudit -VMName watched -Uuid 3f2a1b4c-0000-4000-8000-000000000001 -Driver kvm -Operation start -Reason booted -VMProcessId 9").ThrowOnError();
        ScriptResult result = await watching;
        Assert.True(result.Stopped);
        Assert.Equal(["watched"], result.Values("VMName"));
        AssertNoSocketLeft();
    }

    [Fact]
    public void It_ends_when_its_time_is_over_and_that_is_no_error() => Assert.Empty(_host.Invoke("Watch-VirtAuditRecord -TimeoutSec 1 -VMName nobody").ThrowOnError().Output);

    [Fact]
    public async Task In_another_network_namespace_the_error_says_so()
    {
        _kernel.RequirePrograms("unshare");
        ChildResult child = await ChildSession.Run(_kernel.Folder, "Watch-VirtAuditRecord -TimeoutSec 5", ["unshare", "-n"]);
        Assert.Equal(["WatchNamespace"], child.ErrorIds);
        Assert.Contains("network namespace", child.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task In_another_user_namespace_the_error_says_so()
    {
        _kernel.RequirePrograms("unshare");
        ChildResult child = await ChildSession.Run(_kernel.Folder, "Watch-VirtAuditRecord -TimeoutSec 5", ["unshare", "-U", "-r"]);
        Assert.Equal(["WatchNamespace"], child.ErrorIds);
        Assert.Contains("user namespace", child.Messages[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_capability_the_error_names_it()
    {
        _kernel.RequirePrograms("setpriv");
        ChildResult child = await ChildSession.Run(_kernel.Folder, "Watch-VirtAuditRecord -TimeoutSec 5", ["setpriv", "--bounding-set", "-audit_read", "--inh-caps", "-audit_read"]);
        Assert.Equal(["WatchPermissionDenied"], child.ErrorIds);
        Assert.Contains("CAP_AUDIT_READ", child.Messages[0], StringComparison.Ordinal);
    }

    // Who listens to netlink stands in /proc: the protocol of audit is 9, its only group 1.
    private static bool IsListening() => File.ReadLines("/proc/self/net/netlink").Skip(1)
        .Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        .Any(fields => fields[1] == "9" && fields[3] == "00000001");

    private static Task Listening() => Patience.Until(IsListening, "the listening to the kernel");

    private static void AssertNoSocketLeft() => Assert.False(IsListening());

    private static void Write(int count)
    {
        using var writer = new ModuleHost();
        ScriptResult result = writer.Invoke($$"""
            1..{{count}} | ForEach-Object { [pscustomobject]@{ VMName = 'live'; Uuid = '3f2a1b4c-0000-4000-8000-000000000001'; Driver = 'kvm'; Operation = 'start'; Reason = 'booted'; VMProcessId = $_ } } |
                Write-VirtControlAudit -AuditLevel 2
            """);
        result.ThrowOnError();
    }
}
