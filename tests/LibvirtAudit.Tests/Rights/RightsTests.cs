using System.Runtime.Versioning;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Kernel;

namespace LibvirtAudit.Tests.Rights;

/// <summary>Every cell of the table in docs/rights.md, on the real kernel: each situation in a process of its own, which tries all cmdlets.</summary>
[Collection(UsesKernelAudit.Name)]
[SupportedOSPlatform("linux")]
public sealed class RightsTests : IDisposable
{
    private const string Nobody = "65534";
    private const string Guest = "-VMName rights -Uuid 3f2a1b4c-0000-4000-8000-000000000001";

    // What the message, or the advice, of an error must name.
    private static readonly Dictionary<string, string> Lacks = new()
    {
        ["LogAccessDenied"] = "CAP_DAC_READ_SEARCH",
        ["WatchPermissionDenied"] = "CAP_AUDIT_READ",
        ["WatchNamespace"] = "namespace",
        ["AuditPermissionDenied"] = "CAP_AUDIT_WRITE",
        ["AuditRefused"] = "namespace",
        ["BookmarkAccessDenied"] = "folder that this user may write to",
    };

    private static readonly Dictionary<string, string[]> Commands = new()
    {
        ["root"] = [],
        ["user"] = AsUser(),
        ["audit_write"] = AsUser("audit_write"),
        ["audit_read"] = AsUser("audit_read"),
        ["audit_control"] = AsUser("audit_control"),
        ["dac_read_search"] = AsUser("dac_read_search"),
        ["user namespace"] = ["unshare", "-U", "-r"],
        ["network namespace"] = ["unshare", "-n"],
        // The folder where the result goes is a mount of its own, which stays writable.
        ["read-only root"] = ["unshare", "-m", "sh", "-c", "mount --bind \"$HOME\" \"$HOME\" && mount -o remount,ro,bind / && exec \"$@\"", "sh"],
    };

    private static readonly Dictionary<string, string> Uses = new()
    {
        ["Get-VirtAuditRecord"] = Read("Get-VirtAuditRecord -LiteralPath $log"),
        ["Get-VirtAuditRecord -Bookmark"] = Read("Get-VirtAuditRecord -LiteralPath $open -Bookmark \"$own/bookmark.json\""),
        ["Get-VirtAuditSession"] = Read("Get-VirtAuditSession -LiteralPath $log"),
        ["Get-VirtAuditAssignment"] = Read("Get-VirtAuditAssignment -LiteralPath $log"),
        ["Get-VirtAuditIncident"] = Read("Get-VirtAuditIncident -LiteralPath $log"),
        ["Test-VirtAuditLog"] = Read("Test-VirtAuditLog -LiteralPath $log"),
        ["Measure-VirtAuditRecord"] = Read("Measure-VirtAuditRecord -LiteralPath $log"),
        ["Assert-VirtAuditRecord"] = "Assert-VirtAuditRecord -LiteralPath $log -VMName rights; 'ok'",
        ["ConvertFrom-VirtAuditText"] = Read("[System.IO.File]::ReadAllLines($open) | ConvertFrom-VirtAuditText"),
        ["ConvertTo-VirtAuditText"] = Read("Get-VirtAuditRecord -LiteralPath $open | ConvertTo-VirtAuditText"),
        ["Get-VirtAuditStatus"] = "if (($s = Get-VirtAuditStatus).State) { 'all' } elseif ($s.Unknown) { 'partly' } else { 'without a reason' }",
        ["Watch-VirtAuditRecord"] = "Watch-VirtAuditRecord -TimeoutSec 1 | Out-Null; 'ok'",
        ["Write-VirtControlAudit"] = Write($"Write-VirtControlAudit {Guest} -Operation start -Reason booted -VMProcessId 1 -Driver lxc"),
        ["Write-VirtMachineIdAudit"] = Write($"Write-VirtMachineIdAudit {Guest} -Model dac -VMContext '+107:+107' -ImageContext '+107:+107'"),
        ["Write-VirtResourceAudit"] = Write($"Write-VirtResourceAudit {Guest} -ResourceType disk -Reason attach -NewValue /a"),
        ["Write-VirtControlAudit -LogPath"] = $"Write-VirtControlAudit {Guest} -Operation start -Reason booted -VMProcessId 1 -LogPath \"$own/new.log\"; 'ok'",
    };

    private readonly KernelAudit _kernel;
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"virtaudit-rights-{Guid.NewGuid():N}");

    public RightsTests(KernelAudit kernel)
    {
        _kernel = kernel;
        _kernel.RequirePrograms("setpriv", "unshare", "chown");
    }

    public static TheoryData<string> Situations => [.. RightsTable.Situations];

    public void Dispose()
    {
        if (Directory.Exists(_folder))
        {
            Directory.Delete(_folder, recursive: true);
        }
    }

    [Theory]
    [MemberData(nameof(Situations))]
    public async Task Each_cmdlet_does_what_it_may_and_says_what_it_lacks(string situation)
    {
        await Prepare(isOfUser: Commands[situation] is ["setpriv", ..]);
        using (var writer = new ModuleHost())
        {
            writer.Invoke($"Write-VirtControlAudit {Guest} -Driver kvm -Operation start -Reason booted -VMProcessId 1 -AuditLevel 2").ThrowOnError();
        }

        await _kernel.RecordsFrom(0);
        string uses = string.Join('\n', Uses.Select(use => $"Test-Use '{use.Key}' {{ {use.Value} }}"));
        ChildResult child = await ChildSession.Run(Path.Combine(_folder, "home"), $$"""
            $log, $open, $own = '{{_kernel.LogPath}}', '{{_folder}}/open.log', '{{_folder}}/own'
            function Test-Use([string] $Name, [scriptblock] $Use) {
                $ErrorActionPreference = 'Continue'
                $all = [System.Collections.Generic.List[object]]::new()
                try { & $Use 2>&1 | ForEach-Object { $all.Add($_) } } catch { $all.Add($_) }
                $failure = @($all | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] })[0]
                if ($failure) {
                    "$Name=$(($failure.FullyQualifiedErrorId -split ',')[0])=$($failure.Exception.Message) $($failure.ErrorDetails.RecommendedAction)"
                }
                else {
                    "$Name=$($all[-1])="
                }
            }
            {{uses}}
            """, Commands[situation]);
        Assert.True(child.ErrorIds.Length == 0, string.Join('\n', child.Messages));
        string[][] found = [.. child.Output.Select(line => line.Split('=', 3))];
        Assert.Equal(string.Join('\n', RightsTable.In(situation).Select(use => $"{use.Key}: {use.Value}")), string.Join('\n', found.Select(use => $"{use[0]}: {use[1]}")));
        Assert.All(found, use => Assert.Contains(Lacks.GetValueOrDefault(use[1], ""), use[2], StringComparison.Ordinal));
    }

    [Fact]
    public void The_table_has_every_cmdlet()
    {
        using var host = new ModuleHost();
        IReadOnlyList<string> cmdlets = host.Invoke("(Get-Command -Module LibvirtAudit).Name").ThrowOnError().OutputOf<string>();
        Assert.Equal(cmdlets.Order(), RightsTable.Uses.Select(use => use.Split(' ')[0]).Distinct().Order());
    }

    private static string[] AsUser(string? capability = null) =>
        ["setpriv", "--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. capability is null ? Array.Empty<string>() : ["--inh-caps", "+" + capability, "--ambient-caps", "+" + capability]];

    private static string Read(string command) => $"{command} | Out-Null; 'ok'";

    // libvirt's default level: where the state can't be asked for, the record is sent all the same.
    private static string Write(string command) => $"switch (({command} -PassThru).Delivered) {{ $true {{ 'logged' }} $false {{ 'not logged' }} default {{ 'sent' }} }}";

    // A home for the child, which everybody may write to; a folder of the user's own; a log that everybody may read.
    private async Task Prepare(bool isOfUser)
    {
        Directory.CreateDirectory(_folder);
        File.SetUnixFileMode(_folder, (UnixFileMode)0b111_101_101);
        File.SetUnixFileMode(Directory.CreateDirectory(Path.Combine(_folder, "home")).FullName, (UnixFileMode)0b1_111_111_111);
        string open = Path.Combine(_folder, "open.log");
        File.Copy(Repository.Data("lxc-enriched.log"), open);
        File.SetUnixFileMode(open, (UnixFileMode)0b110_100_100);
        string own = Directory.CreateDirectory(Path.Combine(_folder, "own")).FullName;
        Assert.Equal(0, isOfUser ? (await Support.ProgramRun.Of(["chown", $"{Nobody}:{Nobody}", own])).ExitCode : 0);
    }
}
