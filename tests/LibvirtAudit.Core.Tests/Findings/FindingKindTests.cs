using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Faults;
using LibvirtAudit.Findings;
using LibvirtAudit.Tests.Analysis;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Findings;

/// <summary>For each kind of finding a trail that has it and nothing else, and the same trail without it.</summary>
public sealed partial class FindingKindTests
{
    private const string OtherUuid = "22222222-2222-4222-8222-222222222222";
    private const string Boot = "pid=789 uid=0 auid=4294967295 ses=4294967295 msg=' comm=\"systemd-update-utmp\" exe=\"/usr/lib/systemd/systemd-update-utmp\" hostname=? addr=? terminal=? res=success'";
    private const string Set = " auid=1000 ses=3 res=1";

    private static readonly List<byte[]> Lxc = TestData.Lines("lxc-enriched.log");

    /// <summary>What the capture has by itself: auditd was stopped at its end.</summary>
    private static readonly string[] Baseline = ["Information AuditDaemonStopped 1"];

    private static readonly Dictionary<string, (Func<List<VirtAuditFinding>> With, Func<List<VirtAuditFinding>> Without, string[] Also)> Cases = new()
    {
        ["NoRecords Warning"] = (() => Tested.Lines(Lxc[..3]), () => Tested.Lines(Lxc[..^1]), []),
        ["LogUnreadable Error"] = (() => Tested.Fault(LogFaults.AccessDenied("audit.log.1", new UnauthorizedAccessException())), () => Tested.Lines(Lxc), Baseline),
        ["RotationGap Warning"] = (
            () => Tested.Files(("/l/audit.log.3", Lxc[..40]), ("/l/audit.log.1", Lxc[40..80]), ("/l/audit.log", Lxc[80..])),
            () => Tested.Files(("/l/audit.log.2", Lxc[..40]), ("/l/audit.log.1", Lxc[40..80]), ("/l/audit.log", Lxc[80..])), Baseline),
        ["MalformedRecord Warning"] = (() => Tested.Lines(Edit(13, line => line[..200])), () => Tested.Lines(Lxc), Baseline),
        ["StampBackwards Warning"] = (() => Tested.Lines(SetBack(10_000_000)), () => Tested.Lines(SetBack(900)), Baseline),
        ["ConflictingRecords Error"] = (() => Tested.Lines(Insert(15, Edited(14, "ct-plain", "ct-other"))), () => Tested.Lines(Insert(15, Lxc[14])), Baseline),
        ["SerialOutOfPlace Warning"] = (() => Tested.Lines([.. Lxc[..15], .. Lxc[18..110], .. Lxc[15..18], .. Lxc[110..]]), () => Tested.Lines([.. Lxc[..15], .. Lxc[18..30], .. Lxc[15..18], .. Lxc[30..]]), Baseline),
        ["MissingSerials Warning"] = (() => Tested.Lines([.. Lxc[..18], .. Lxc[19..]]), () => Tested.Lines([.. Lxc[..17], .. Lxc[18..]]), Baseline),
        ["PartialLog Information"] = (() => Tested.Lines(Lxc.Where(line => line.AsSpan().IndexOf("=VIRT_CONTROL"u8) >= 0)), () => Tested.Lines(Lxc[..^1]), []),
        ["BootContradicted Warning"] = (
            () => Text(trail => trail.Start().Stop().Event("SYSTEM_BOOT", Boot).Start().Stop().Event("SYSTEM_BOOT", Boot)),
            () => Text(trail => trail.Start().Stop().Event("SYSTEM_BOOT", Boot).Start().Stop().Reboot().Event("SYSTEM_BOOT", Boot)), []),
        ["AuditSwitchedOff Error"] = (
            () => Text(trail => trail.Start().Event("CONFIG_CHANGE", "op=set audit_enabled=0 old=1" + Set).Stop()),
            () => Text(trail => trail.Start().Event("CONFIG_CHANGE", "op=set audit_enabled=1 old=1" + Set).Stop()), []),
        ["RecordsLost Error"] = (
            () => Text(trail => trail.Start().Raw("[  12.345678] audit: audit_lost=7 audit_rate_limit=0 audit_backlog_limit=64").Stop()),
            () => Text(trail => trail.Start().Raw("[  12.345678] other: audit_lost=7 audit_rate_limit=0 audit_backlog_limit=64").Stop()), []),
        ["RateLimitSet Warning"] = (
            () => Text(trail => trail.Start().Event("CONFIG_CHANGE", "op=set audit_rate_limit=10 old=0" + Set).Stop()),
            () => Text(trail => trail.Start().Event("CONFIG_CHANGE", "op=set audit_rate_limit=0 old=10" + Set).Stop()), []),
        ["FilterRuleAdded Warning"] = (
            () => Text(trail => trail.Start().Event("CONFIG_CHANGE", "auid=1000 ses=3 op=add_rule key=(null) list=5 res=1").Stop()),
            () => Text(trail => trail.Start().Event("CONFIG_CHANGE", "auid=1000 ses=3 op=add_rule key=\"x\" list=4 res=1").Stop()), []),
        ["AuditDaemonStopped Warning"] = (
            () => Text(trail => trail.Start().Daemon("END").Daemon("START").Stop()),
            () => Text(trail => trail.Daemon("START").Start().Stop()), []),
        ["AuditDaemonCrashed Warning"] = (
            () => Text(trail => trail.Daemon("START").Start().Daemon("START").Stop()),
            () => Text(trail => trail.Daemon("START").Start().Stop()), []),
        ["AuditDaemonStartMissing Warning"] = (
            () => Text(trail => trail.Start().Stop().Daemon("END").Daemon("END")),
            () => Text(trail => trail.Daemon("START").Start().Stop().Daemon("END")), Baseline),
        ["LoggingSuspended Warning"] = (
            () => Text(trail => trail.Start().Daemon("RESUME", "op=resume-logging auid=0 pid=5 res=success").Stop()),
            () => Text(trail => trail.Start().Daemon("ROTATE", "op=rotate-logs auid=0 pid=5 res=success").Stop()), []),
        ["ForeignWriter Warning"] = (() => Tested.Lines(Edit(14, "/usr/sbin/libvirtd", "/usr/bin/pwsh")), () => Tested.Lines(Edit(14, "/usr/sbin/libvirtd", "/usr/sbin/virtlxcd")), Baseline),
        ["UnusualSender Warning"] = (() => Tested.Lines(Edit(14, "terminal=?", "terminal=pts/0")), () => Tested.Lines(Lxc), Baseline),
        ["NotDelivered Error"] = (
            () => Tested.File("libvirtd-audit-logging.log")[..1],
            () => Tested.Lines(TestData.Lines("libvirtd-audit-logging.log").Where(line => line.AsSpan().IndexOf("Failed to send"u8) < 0)), []),
        ["StopMissing Warning"] = (() => Text(trail => trail.Start().Start(vmPid: 501).Stop()), () => Text(trail => trail.Start().Stop().Start(vmPid: 501).Stop()), []),
        ["StartMissing Warning"] = (() => Text(trail => trail.Start().Stop().Stop()), () => Text(trail => trail.Stop().Start().Stop()), []),
        ["StartResultMissing Warning"] = (
            () => Text(trail => trail.Label("a:b:c:s0:c1,c2").Disk("start", null, "/a").Step(600_000).Start(uuid: OtherUuid).Stop(uuid: OtherUuid)),
            () => Text(trail => trail.Label("a:b:c:s0:c1,c2").Disk("start", null, "/a").Start(result: "failed", vmPid: 0).Step(600_000).Start(uuid: OtherUuid).Stop(uuid: OtherUuid)), []),
        ["SessionsOverlap Warning"] = (
            () => Text(trail => trail.On("a").Start().On("b").Start(daemon: 2, vmPid: 600).Stop(daemon: 2)),
            () => Text(trail => trail.On("a").Start().On("b").Start(daemon: 2, vmPid: 600, reason: "migrated").Stop(daemon: 2)), []),
        ["ResourceOutsideSession Warning"] = (() => Text(trail => trail.Start().Stop().Disk("attach", null, "/a")), () => Text(trail => trail.Start().Disk("attach", null, "/a").Stop()), []),
    };

    public static TheoryData<string> Kinds => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_trail_with_it_has_that_finding_and_no_other(string kind)
    {
        (Func<List<VirtAuditFinding>> with, Func<List<VirtAuditFinding>> without, string[] also) = Cases[kind];
        string name = kind.Split(' ')[0];

        Assert.Equal([.. also.Append($"{kind.Split(' ')[1]} {name} 1").Order(StringComparer.Ordinal)], Tested.Told(with()));
        Assert.DoesNotContain(without(), finding => finding.Kind == name && finding.Severity == kind.Split(' ')[1]);
    }

    [Fact]
    public void No_kind_is_left_out() => Assert.Equal(Enum.GetNames<FindingKind>().Order(StringComparer.Ordinal), Cases.Keys.Select(kind => kind.Split(' ')[0]).Order(StringComparer.Ordinal));

    /// <summary>docs/findings.md has a row for each kind, which begins with its severity.</summary>
    [Fact]
    public void Each_kind_is_explained()
    {
        Dictionary<string, string[]> rows = File.ReadLines(Path.Combine(TestData.RepositoryRoot, "docs", "findings.md"))
            .Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split(" | "))
            .ToDictionary(cells => cells[0].Trim('|', ' ', '`'));

        Assert.Equal(Enum.GetNames<FindingKind>().Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (FindingKind kind in Enum.GetValues<FindingKind>())
        {
            (FindingSeverity severity, string advice) = FindingCatalog.Describe(kind);
            Assert.Equal(severity.ToString(), rows[kind.ToString()][1].Split(';')[0]);
            Assert.NotEmpty(advice);
            Assert.Equal(5, rows[kind.ToString()].Length);
        }
    }

    [Theory]
    [InlineData("uid=0 auid=4294967295", "uid=1000 auid=4294967295", "as user 1000")]
    [InlineData("uid=0 auid=4294967295", "uid=0 auid=1000", "from the login of user 1000")]
    [InlineData("addr=?", "addr=192.0.2.1", "for the address 192.0.2.1")]
    public void A_daemon_that_ran_as_none_does_is_told(string from, string to, string told)
    {
        VirtAuditFinding finding = Assert.Single(Tested.Lines(Edit(14, from, to)), finding => finding.Kind == nameof(FindingKind.UnusualSender));

        Assert.Contains(told, finding.Message, StringComparison.Ordinal);
        Assert.Equal(["1795360006.827:4864"], finding.Evidence);
    }

    [Theory]
    [InlineData("/usr/sbin/libvirtd (deleted)", null)]
    [InlineData("/usr/lib/libvirt/libvirt_lxc", null)]
    [InlineData("/nix/store/0abc-libvirt-9.0.0/bin/virtqemud", null)]
    [InlineData("/tmp/libvirtd", "Warning")]
    [InlineData("/usr/bin/dockerd", "Information")]
    [InlineData("/tmp/dockerd", "Warning")]
    [InlineData("/usr/share/dotnet/dotnet", "Warning")]
    public void A_writer_is_known_by_its_name_and_place(string program, string? severity)
    {
        string exe = program.Contains(' ', StringComparison.Ordinal) ? Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(program)) : $"\"{program}\"";

        Assert.Equal(severity, Tested.Lines(Edit(14, "\"/usr/sbin/libvirtd\"", exe)).Find(finding => finding.Kind == nameof(FindingKind.ForeignWriter))?.Severity);
    }

    [Theory]
    [InlineData("op=set audit_enabled=0 old=2 auid=1000 ses=3 res=0", "Warning AuditSwitchedOff 1")]
    [InlineData("audit_enabled=0 old=1 auid=1000 ses=3 subj=a:b:c:s0 res=1", "Error AuditSwitchedOff 1")]
    [InlineData("op=set lost=0 old=17 auid=1000 ses=3 res=1", "Error RecordsLost 1")]
    [InlineData("op=set audit_lost=0 old=17 auid=1000 ses=3 res=1", "Error RecordsLost 1")]
    [InlineData("op=set lost=0 old=0 auid=1000 ses=3 res=1", null)]
    [InlineData("auid=1000 ses=3 op=\"add rule\" key=(null) list=0 res=1", "Warning FilterRuleAdded 1")]
    [InlineData("auid=1000 ses=3 op=add_rule key=(null) list=5 res=0", null)]
    [InlineData("auid=1000 ses=3 op=remove_rule key=(null) list=5 res=1", null)]
    [InlineData("op=set audit_rate_limit=10 old=10 auid=1000 ses=3 res=1", null)]
    [InlineData("op=set audit_backlog_limit=8192 old=64 auid=1000 ses=3 res=1", null)]
    public void Changes_of_the_audit_are_judged(string fields, string? told)
    {
        List<VirtAuditFinding> findings = Text(trail => trail.Start().Event("CONFIG_CHANGE", fields).Stop());

        Assert.Equal(told is null ? [] : [told], Tested.Told(findings));
        Assert.All(findings, finding => Assert.Contains("1000", finding.Message, StringComparison.Ordinal));
    }

    /// <summary>The kernel doesn't log that audit is switched on: what it logs next tells.</summary>
    [Fact]
    public void The_next_record_says_how_long_audit_was_off()
    {
        const string Off = "op=set audit_enabled=0 old=1" + Set;
        VirtAuditFinding finding = Assert.Single(Text(trail => trail.Start().Event("CONFIG_CHANGE", Off).Step(59_000).Stop()));
        Assert.Contains("60 seconds later", finding.Message, StringComparison.Ordinal);
        Assert.Equal(2, finding.Evidence.Length);

        finding = Assert.Single(Text(trail => trail.Start().Stop().Event("CONFIG_CHANGE", Off)));
        Assert.Contains("no record of the kernel follows", finding.Message, StringComparison.Ordinal);
    }

    /// <summary>What explains a finding makes it an information.</summary>
    [Fact]
    public void An_explanation_in_the_trail_counts()
    {
        Assert.Equal(["Information AuditDaemonStopped 1"], Tested.Told(Text(trail => trail.Start().Stop().Event("SYSTEM_SHUTDOWN", Boot).Daemon("END").Step(60_000).Reboot().Daemon("START").Event("SYSTEM_BOOT", Boot).Start().Stop())));
        Assert.Equal(["Information FilterRuleAdded 1"], Tested.Told(Text(trail => trail.Daemon("START").Event("CONFIG_CHANGE", "op=add_rule key=(null) list=5 res=1").Start().Stop())));

        string[] lines = new Trail().Start().Stop().Start().Stop().Start().Stop().Start().Disk("attach", null, "/a").Disk("attach", null, "/b").Disk("detach", "/b", null).Stop().Lines;
        string[] down = [.. lines[..7], "type=DAEMON_END msg=audit(1700000007.500:3): op=terminate", "type=DAEMON_START msg=audit(1700000009.500:4): op=start", .. lines[9..]];
        Assert.Equal(["Information MissingSerials 1", "Warning AuditDaemonStopped 1"], Tested.Told(Tested.Text(down)));
    }

    private static List<VirtAuditFinding> Text(Func<Trail, Trail> write) => Tested.Text(write(new Trail()).Lines);

    private static List<byte[]> Edit(int index, string from, string to) => Edit(index, _ => Edited(index, from, to));

    private static List<byte[]> Edit(int index, Func<byte[], byte[]> edit) => [.. Lxc[..index], edit(Lxc[index]), .. Lxc[(index + 1)..]];

    private static byte[] Edited(int index, string from, string to)
    {
        string line = System.Text.Encoding.Latin1.GetString(Lxc[index]);
        Assert.Contains(from, line, StringComparison.Ordinal);
        return System.Text.Encoding.Latin1.GetBytes(line.Replace(from, to, StringComparison.Ordinal));
    }

    private static List<byte[]> Insert(int index, byte[] line) => [.. Lxc[..index], line, .. Lxc[index..]];

    /// <summary>The clock is set back before a record of libvirt, by milliseconds.</summary>
    private static List<byte[]> SetBack(long by)
    {
        int index = Lxc.FindIndex(50, line => line.AsSpan().StartsWith("type=VIRT_"u8));
        return [.. Lxc[..index], .. Lxc[index..].Select(line => System.Text.Encoding.Latin1.GetBytes(Stamp().Replace(System.Text.Encoding.Latin1.GetString(line), Earlier)))];

        string Earlier(Match match)
        {
            long stamp = long.Parse(match.Groups[1].Value + match.Groups[2].Value, CultureInfo.InvariantCulture) - by;
            return string.Create(CultureInfo.InvariantCulture, $"audit({stamp / 1000}.{stamp % 1000:000}:");
        }
    }

    [GeneratedRegex(@"audit\((\d+)\.(\d+):")]
    private static partial Regex Stamp();
}
