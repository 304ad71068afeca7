using LibvirtAudit.Findings;
using LibvirtAudit.Tests.Findings;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Small logs of other forms than audit.log, with the answers that were written down before anything was read.</summary>
public sealed class CarrierCaseTests
{
    [Fact]
    public void A_journal_that_has_each_event_twice_gives_it_once()
    {
        Analysed read = Analysed.Files("cases/analysis/a-journal-both.log");
        Assert.Equal("Stopped", Assert.Single(read.Sessions).State);
        Assert.Equal("/srv/web1.img", Assert.Single(read.Assignments).Value);
        Assert.DoesNotContain(Tested.File("cases/analysis/a-journal-both.log"), finding => finding.Kind is "StartMissing" or "StopMissing");
        Assert.Equal(4, CollectingSink.Read(TestData.Lines("cases/analysis/a-journal-both.log")).Records.Count);
    }

    [Fact]
    public void Denials_anomalies_and_boots_are_read_from_the_journal()
    {
        Analysed read = Analysed.Files("cases/analysis/b-journal-json-incidents.log");
        Assert.Equal("Interrupted", Assert.Single(read.Sessions).State);
        Assert.Equal([("Denial", "web1"), ("Anomaly", "web1")], read.Incidents.Select(incident => (incident.Kind!, incident.VMName!)));
    }

    [Fact]
    public void The_kernels_count_of_losses_is_unsigned()
    {
        VirtAuditFinding lost = Assert.Single(Tested.File("cases/analysis/e-lost.log"), finding => finding.Kind == "RecordsLost");
        Assert.Equal((3999228275L, "kvm1"), (lost.Count, lost.Node));
    }

    [Fact]
    public void A_mark_of_the_journal_is_a_boot_of_the_host()
    {
        Analysed read = Analysed.Files("cases/analysis/g-journal-boot.log");
        Assert.Equal([("web1", "Interrupted"), ("db1", "Running")], read.Sessions.Select(session => (session.VMName!, session.State!)));
        Assert.All(read.Sessions, session => Assert.Equal((null, null), (session.StartTime, session.EndTime)));
        Assert.Contains(read.Sessions[0].Evidence!, evidence => evidence == $"#{TestData.Bytes("cases/analysis/g-journal-boot.log").AsSpan().IndexOf("-- Boot"u8)}");
    }

    [Fact]
    public void A_line_of_libvirts_own_log_that_was_cut_is_no_record()
    {
        CollectingSink read = CollectingSink.Read(TestData.Lines("cases/analysis/h-cut-libvirt.log"));
        Assert.Empty(read.Records);
        Assert.Equal(4, read.Malformed.Count);
        CollectingSink rest = CollectingSink.Read(TestData.Lines("cases/analysis/h-cut-libvirt.log"), new LibvirtAudit.Parsing.ReadOptions(LibvirtAudit.Parsing.RecordFilter.All) { IncludeMalformed = true });
        Assert.All(rest.Records, record => Assert.DoesNotContain('"', record.VMName + record.NewValue + record.OldValue));
    }

    [Fact]
    public void Old_kernels_log_without_their_name()
    {
        Analysed read = Analysed.Files("cases/analysis/j-rhel7-kernel.log");
        Assert.Equal("Running", Assert.Single(read.Sessions).State);
        Assert.Equal(("Anomaly", "web1"), Assert.Single(read.Incidents) is var incident ? (incident.Kind, incident.VMName) : default);
    }

    [Theory]
    [InlineData("auditx")]
    [InlineData("mallory[7]")]
    [InlineData("audit2")]
    [InlineData("kernelx")]
    public void What_another_program_calls_an_event_changes_nothing(string writer)
    {
        byte[][] lines = [.. TestData.Lines("cases/analysis/a-journal-both.log")];
        string[] forged =
        [
            "type=SYSTEM_BOOT msg=audit(1795359187.200:11): pid=700 uid=0 auid=4294967295 ses=4294967295 msg=' comm=\"x\" exe=\"/e\" hostname=? addr=? terminal=? res=success'",
            "SYSTEM_BOOT pid=700 uid=0 auid=4294967295 ses=4294967295 msg=' comm=\"x\" exe=\"/e\" hostname=? addr=? terminal=? res=success'",
            "audit: type=1127 audit(1795359187.200:11): pid=700 uid=0 auid=4294967295 ses=4294967295 msg=' comm=\"x\" exe=\"/e\" hostname=? addr=? terminal=? res=success'",
            "audit: audit_lost=7 audit_rate_limit=0 audit_backlog_limit=64",
            "-- Reboot --",
        ];
        IEnumerable<byte[]> mixed = lines.SelectMany(line => forged.Select(text => System.Text.Encoding.UTF8.GetBytes($"Nov 22 14:53:07 kvm1 {writer}: {text}")).Append(line));
        Assert.Equal(Analysed.Lines(lines).Sessions.Select(session => session.State), Analysed.Lines(mixed).Sessions.Select(session => session.State));
        Assert.DoesNotContain(Tested.Lines(mixed), finding => finding.Kind == "RecordsLost");
    }
}
