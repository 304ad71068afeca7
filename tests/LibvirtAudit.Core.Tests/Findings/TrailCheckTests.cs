using System.Globalization;
using System.Text.RegularExpressions;
using CsCheck;
using LibvirtAudit.Findings;
using LibvirtAudit.Tests.Analysis;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Findings;

/// <summary>The check of whole trails: the captures, each judged by hand, and what edits of them leave.</summary>
public sealed partial class TrailCheckTests
{
    /// <summary>
    /// qemu, lxc, fakehw: the steps end with auditd's stop, nothing else is amiss. umsg and the end of dmesg: a C program sent
    /// bodies as if it were libvirt, guests of one UUID that start twice, one body that the kernel cut, two boots.
    /// audit-changes: what its README row says was done, no more. libvirt's own log: two refused records (captures' README). The others are extracts, and say so.
    /// </summary>
    [Theory]
    [InlineData("qemu-enriched.log", "Information AuditDaemonStopped 1")]
    [InlineData("lxc-enriched.log", "Information AuditDaemonStopped 1")]
    [InlineData("qemu-fakehw-enriched.log", "Information AuditDaemonStopped 1")]
    [InlineData("libvirtd-audit-logging.log", "Error NotDelivered 2")]
    [InlineData("umsg-enriched.log", "Information AuditDaemonStopped 1", "Information StartResultMissing 2", "Warning BootContradicted 1", "Warning ForeignWriter 1", "Warning MalformedRecord 1", "Warning ResourceOutsideSession 1", "Warning StopMissing 2")]
    [InlineData("dmesg.txt", "Information StartResultMissing 2", "Warning ForeignWriter 1", "Warning MalformedRecord 4", "Warning ResourceOutsideSession 1", "Warning StopMissing 2")]
    [InlineData("audit-changes.log", "Error AuditSwitchedOff 1", "Information AuditDaemonStopped 1", "Information FilterRuleAdded 2", "Information MissingSerials 2", "Warning AuditDaemonCrashed 1", "Warning AuditDaemonStopped 1", "Warning ForeignWriter 1", "Warning LoggingSuspended 1", "Warning RateLimitSet 1")]
    [InlineData("selinux-incidents.log", "Information PartialLog 1")]
    [InlineData("apparmor-incidents.log", "Information PartialLog 2")]
    public void The_captures_have_what_is_known_of_them(string file, params string[] told) => Assert.Equal(told, Tested.Told(Tested.File(file)));

    /// <summary>By another eye: each capture of auditd holds every serial between its first and its last.</summary>
    [Theory]
    [InlineData("qemu-enriched.log", 1493)]
    [InlineData("lxc-enriched.log", 107)]
    [InlineData("umsg-enriched.log", 46)]
    public void The_kernels_serials_have_no_holes(string file, int count)
    {
        HashSet<int> serials = [.. TestData.Lines(file).Select(line => KernelSerial().Match(System.Text.Encoding.Latin1.GetString(line))).Where(match => match.Success).Select(match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))];

        Assert.Equal(count, serials.Count);
        Assert.Equal(count, serials.Max() - serials.Min() + 1);
    }

    /// <summary>So each record that is taken out leaves a hole that names it; all but the last of all, behind which nothing is numbered.</summary>
    [Fact]
    public void Any_record_that_is_taken_out_is_missed()
    {
        List<byte[]> lines = TestData.Lines("lxc-enriched.log");
        int[] virt = [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].AsSpan().StartsWith("type=VIRT_"u8))];

        Assert.Equal(98, virt.Length);
        foreach (int taken in virt[..^1])
        {
            VirtAuditFinding hole = Assert.Single(Tested.Lines(lines.Where((_, i) => i != taken)), finding => finding.Kind == nameof(FindingKind.MissingSerials));
            Assert.Contains(KernelSerial().Match(System.Text.Encoding.Latin1.GetString(lines[taken])).Groups[1].Value, hole.Message, StringComparison.Ordinal);
            Assert.Equal(("Warning", 1L), (hole.Severity, hole.Count));
            Assert.Equal(2, hole.Evidence.Length);
        }
    }

    /// <summary>Near its original, far behind it, or in another file: a changed copy of a record is in conflict with it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(30)]
    [InlineData(1200)]
    public void A_changed_copy_of_a_record_is_in_conflict(int behind)
    {
        List<byte[]> lines = TestData.Lines("qemu-enriched.log");
        foreach (int index in Enumerable.Range(0, lines.Count - behind).Where(i => lines[i].AsSpan().StartsWith("type=VIRT_RESOURCE"u8)).Where((_, i) => i % 100 == 7))
        {
            string text = System.Text.Encoding.Latin1.GetString(lines[index]);
            byte[] copy = System.Text.Encoding.Latin1.GetBytes(text.Replace(" reason=", " reason=x", StringComparison.Ordinal));
            string evidence = Stamp().Match(text).Groups[1].Value;

            foreach (List<VirtAuditFinding> findings in new[]
            {
                Tested.Lines([.. lines[..(index + behind)], copy, .. lines[(index + behind)..]]),
                Tested.Files(("a.log", lines), ("b.log", [copy])),
            })
            {
                VirtAuditFinding conflict = Assert.Single(findings, finding => finding.Kind == nameof(FindingKind.ConflictingRecords));
                Assert.Equal([evidence], conflict.Evidence);
            }
        }
    }

    /// <summary>A line with the serial of another, but a moment of its own.</summary>
    [Fact]
    public void A_number_that_is_given_twice_is_in_conflict()
    {
        List<byte[]> lines = TestData.Lines("lxc-enriched.log");
        byte[] forged = System.Text.Encoding.Latin1.GetBytes(System.Text.Encoding.Latin1.GetString(lines[60]).Replace(Stamp().Match(System.Text.Encoding.Latin1.GetString(lines[60])).Groups[1].Value, "1795360010.000:4900", StringComparison.Ordinal));

        Assert.Contains(Tested.Lines([.. lines[..90], forged, .. lines[90..]]), finding => finding is { Kind: nameof(FindingKind.ConflictingRecords), Severity: "Error" });
    }

    /// <summary>Records that are pasted in with numbers of another boot, of before or of after, stand where they do not belong.</summary>
    [Theory]
    [InlineData("1795360040.000:17", "1795360040.001:18")]
    [InlineData("1795350000.000:17", "1795350000.001:18")]
    [InlineData("1795360040.000:999999")]
    public void What_was_pasted_in_is_out_of_place(params string[] stamps)
    {
        List<byte[]> lines = TestData.Lines("lxc-enriched.log");
        IEnumerable<byte[]> pasted = stamps.Select(stamp => System.Text.Encoding.UTF8.GetBytes($"type=USER msg=audit({stamp}): pid=1 uid=0 msg='x'"));

        VirtAuditFinding finding = Assert.Single(Tested.Lines([.. lines[..90], .. pasted, .. lines[90..]]), finding => finding.Kind != nameof(FindingKind.AuditDaemonStopped));
        Assert.Equal((nameof(FindingKind.SerialOutOfPlace), (long)stamps.Length), (finding.Kind, finding.Count));
        Assert.Equal(stamps, finding.Evidence);
    }

    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    [InlineData("umsg-enriched.log")]
    [InlineData("dmesg.txt")]
    public void A_log_that_is_given_twice_is_tested_once(string file)
    {
        List<byte[]> lines = TestData.Lines(file);
        int malformed = Tested.File(file).Count(finding => finding.Kind == nameof(FindingKind.MalformedRecord));

        List<VirtAuditFinding> twice = Tested.Files((file, lines), ("copy of " + file, lines));
        Assert.Equal(2 * malformed, twice.RemoveAll(finding => finding.Kind == nameof(FindingKind.MalformedRecord)));
        Assert.Equal(Tested.Told(Tested.File(file).Where(finding => finding.Kind != nameof(FindingKind.MalformedRecord))), Tested.Told(twice));
    }

    [Fact]
    public void Overlapping_rotated_copies_are_no_conflict()
    {
        List<byte[]> lines = TestData.Lines("qemu-enriched.log");

        Assert.Equal(["Information AuditDaemonStopped 1"], Tested.Told(Tested.Files(("audit.log.2", lines[..900]), ("audit.log.1", lines[500..1500]), ("audit.log", lines[1400..]))));
        Assert.DoesNotContain(Tested.Files(("extract.log", lines.Where(line => line.AsSpan().IndexOf("VIRT_CONTROL"u8) >= 0)), ("audit.log", lines)),
            finding => finding.Kind is nameof(FindingKind.ConflictingRecords) or nameof(FindingKind.SerialOutOfPlace) or nameof(FindingKind.MissingSerials));
    }

    /// <summary>Each boot numbers its events anew, also where the boot before was short, and where nothing but the numbers tells of it.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_boot_is_no_conflict(bool isMarked)
    {
        var trail = new Trail();
        for (int boot = 0; boot < 20; boot++)
        {
            trail.Reboot();
            if (isMarked)
            {
                trail.Step(30_000).Daemon("START").Event("SYSTEM_BOOT", "pid=1 uid=0 msg='res=success'");
            }

            for (int i = 0; i < 10 + boot; i++)
            {
                trail.Start(vmPid: 500 + i).Stop();
            }

            _ = isMarked ? trail.Event("SYSTEM_SHUTDOWN", "pid=1 uid=0 msg='res=success'").Daemon("END") : trail.Step(30_000);
        }

        Assert.DoesNotContain(Tested.Text(trail.Lines), finding => finding.Severity != "Information");
    }

    /// <summary>Processors that log at the same moment are written in either order, also where the clock ticks between them, and where the log begins.</summary>
    [Fact]
    public void Neighbours_in_either_order_are_no_finding()
    {
        string[] lines = new Trail().Start().Stop().Start().Stop().Start().Stop().Lines;
        string[] events = [.. lines.Select((line, i) => Stamp().Replace(line, string.Create(CultureInfo.InvariantCulture, $"audit(1700000000.{(i < 4 ? 100 : 104)}:{100 + i})")))];

        Assert.Empty(Tested.Text(events));
        Assert.DoesNotContain(Tested.Text([events[1], "type=USER msg=audit(1700000000.100:100): pid=1", .. events[2..]]), finding => finding.Kind!.Contains("Serial", StringComparison.Ordinal));
        Assert.DoesNotContain(Tested.Text([.. events[..3], "type=USER msg=audit(1700000000.104:104): pid=1", "type=USER msg=audit(1700000000.108:103): pid=1", events[5]]), finding => finding.Kind!.Contains("Serial", StringComparison.Ordinal));
    }

    /// <summary>Hosts number their events by themselves.</summary>
    [Fact]
    public void A_central_log_of_many_hosts_is_followed_host_by_host()
    {
        List<byte[]> lines = TestData.Lines("lxc-enriched.log");
        byte[][] merged = [.. lines.SelectMany(line => Enumerable.Range(1, 3).Select(host => (byte[])[.. System.Text.Encoding.UTF8.GetBytes($"node=kvm{host} "), .. line]))];

        Assert.Equal(["Information AuditDaemonStopped 3"], Tested.Told(Tested.Lines(merged).Where(finding => finding.Kind != nameof(FindingKind.SessionsOverlap))));
        VirtAuditFinding hole = Assert.Single(Tested.Lines(merged.Where((_, i) => i != 3 * 18)), finding => finding.Kind == nameof(FindingKind.MissingSerials));
        Assert.Equal("kvm1", hole.Node);
        Assert.All(hole.Evidence, name => Assert.StartsWith("node=kvm1 ", name, StringComparison.Ordinal));
    }

    [Fact]
    public void A_damaged_line_is_placed()
    {
        VirtAuditFinding finding = Assert.Single(Tested.File("umsg-enriched.log"), finding => finding.Kind == nameof(FindingKind.MalformedRecord));
        List<byte[]> lines = TestData.Lines("umsg-enriched.log");
        int index = lines.FindIndex(line => line.AsSpan().IndexOf("BBBBBBBB"u8) >= 0 && line.AsSpan().IndexOf(" res="u8) < 0);

        Assert.Equal(("umsg-enriched.log", lines[..index].Sum(line => line.Length + 1)), (finding.Source, finding.Offset));
        Assert.Equal(["1795360193.423:5346"], finding.Evidence);
        Assert.StartsWith("BBBB", finding.VMName, StringComparison.Ordinal);
    }

    /// <summary>Lines in any order, doubled, cut, of any bytes: findings, but no failure, and nothing that could move a cursor.</summary>
    [Fact]
    public void Any_disorder_is_borne()
    {
        List<byte[]> lines = [.. TestData.Lines("umsg-enriched.log"), .. TestData.Lines("lxc-enriched.log"), .. TestData.Lines("samples.log")];
        Gen.Select(Gen.Int[0, lines.Count - 1].Array[1, 60], Gen.Int[0, 400], Gen.Byte.Array[0, 20]).Sample((order, cut, noise) =>
        {
            List<byte[]> text = [.. order.Select(i => lines[i])];
            text[0] = [.. text[0][..Math.Min(cut, text[0].Length)], .. noise];
            Assert.All(Tested.Lines(text), finding =>
            {
                Assert.DoesNotContain(finding.Message!, char.IsControl);
                Assert.DoesNotContain(finding.ToString(), char.IsControl);
                Assert.True(finding.Evidence.Length <= Found.MostEvidence);
            });
        }, iter: 300);
    }

    /// <summary>What is kept of serials does not grow with a log that is all holes.</summary>
    [Fact]
    public void Holes_are_bounded()
    {
        var sequence = new SerialSequence(new SerialRoom(), 1, 0, null);
        for (ulong serial = 3; serial < 40_000; serial += 2)
        {
            sequence.Extend(serial, (long)serial, null, false);
        }

        Assert.Equal(SerialSequence.MaxHoles, sequence.Holes.Count);
        Assert.Equal((ulong)(40_000 / 2) - 1, sequence.Missing);
        Assert.Equal(sequence.Missing, sequence.Forgotten + (ulong)sequence.Holes.Count);
        Assert.Equal(SerialPresence.Forgotten, sequence.Find(4, 4));
        Assert.Equal(SerialPresence.Missing, sequence.Find(39_998, 0));
    }

    [GeneratedRegex(@"^type=(?!DAEMON)\S+ msg=audit\(\d+\.\d+:(\d+)\)")]
    private static partial Regex KernelSerial();

    [GeneratedRegex(@"audit\(([\d.:]+)\)")]
    private static partial Regex Stamp();
}
