using LibvirtAudit.Analysis;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Findings;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Which names are of one host, and that sessions, incidents, repeats, findings and summaries go by it (docs/fleet.md, Names).</summary>
public sealed class HostNamesTests
{
    private const string Full = "kvm1.example.com";
    private const string Other = "kvm1.example.org";

    [Theory]
    [InlineData("kvm1", Full)]
    [InlineData(Full, "kvm1")]
    [InlineData("kvm1", "KVM1")]
    [InlineData(Full, "KVM1.Example.COM")]
    [InlineData(Full, "kvm1.example.com.")]
    [InlineData("KVM1.example.com.", "kvm1")]
    [InlineData("192.168.1.5", "192.168.1.5")]
    public void Names_of_one_host(string first, string second)
    {
        var hosts = new HostNames();

        Assert.Equal(hosts.Of(first), hosts.Of(second));
        Assert.Equal(hosts.Of(second), hosts.Of(first));
    }

    [Theory]
    [InlineData("kvm1", "kvm2")]
    [InlineData("kvm1", "kvm11.example.com")]
    [InlineData("kvm1", "www.kvm1")]
    [InlineData(Full, Other)]
    [InlineData("10", "10.0.0.1")]
    [InlineData("10.0.0.1", "10.0.0.2")]
    [InlineData("fe80::1", "fe80")]
    [InlineData("kvm1", null)]
    public void Names_of_two_hosts(string first, string? second)
    {
        var hosts = new HostNames();

        Assert.NotEqual(hosts.Of(first), hosts.Of(second));
        Assert.NotEqual(hosts.Of(second), hosts.Of(first));
    }

    [Theory]
    [InlineData("kvm1", Full, Other)]
    [InlineData(Full, "kvm1", Other)]
    [InlineData(Full, Other, "kvm1")]
    public void A_short_name_of_two_full_ones_is_of_neither(params string[] order)
    {
        var hosts = new HostNames();
        foreach (string name in order)
        {
            _ = hosts.Of(name);
        }

        Assert.Equal(3, order.Select(hosts.Of).Distinct().Count());
        Assert.Equal(hosts.Of("kvm1"), hosts.Of("KVM1"));
        Assert.NotEqual(hosts.Of("kvm1.example.net"), hosts.Of("kvm1"));
    }

    [Fact]
    public void The_first_full_name_stays_what_it_was()
    {
        var hosts = new HostNames();
        string? before = hosts.Of("kvm1");

        Assert.Equal(before, hosts.Of(Full));
        _ = hosts.Of(Other);
        Assert.Equal(before, hosts.Of(Full));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_syslog_copy_under_the_short_name_counts_once(bool syslogFirst)
    {
        string[] audit = new Trail().On(Full).Start().Disk("attach", null, "/a.img").Stop().Start(vmPid: 501).Lines;
        string[] syslog = Syslog("kvm1", audit);

        Analysed analysed = Analysed.Text(syslogFirst ? [.. syslog, .. audit] : [.. audit, .. syslog]);

        Assert.Equal((4, 0), (analysed.Repeats, analysed.PossibleRepeats));
        Assert.Equal(["Stopped", "Running"], analysed.Sessions.Select(session => session.State));
        Assert.All(analysed.Sessions, session => Assert.Equal(syslogFirst ? "kvm1" : Full, session.Node));
    }

    [Fact]
    public void A_life_that_goes_on_under_the_other_name_is_one_session()
    {
        Analysed analysed = Analysed.Text(new Trail().On("kvm1").Start().On("KVM1.example.com").Stop().Lines);

        VirtAuditSession session = Assert.Single(analysed.Sessions);
        Assert.Equal(("kvm1", "Stopped"), (session.Node, session.State));
    }

    [Fact]
    public void A_boot_under_the_short_name_interrupts_what_runs_under_the_full_one()
    {
        Analysed analysed = Analysed.Text(new Trail().On(Full).Start().On("kvm1").Event("SYSTEM_BOOT", Boot).Lines);

        Assert.Equal("Interrupted", Assert.Single(analysed.Sessions).State);
    }

    [Fact]
    public void A_boot_of_another_full_name_or_of_their_short_one_interrupts_nothing()
    {
        Trail trail = new Trail().On(Full).Start().On(Other).Start(uuid: "22222222-2222-4222-8222-222222222222").On("kvm1").Event("SYSTEM_BOOT", Boot);
        Assert.Equal(["Running", "Running"], Analysed.Text(trail.Lines).Sessions.Select(session => session.State));

        trail.On(Other).Event("SYSTEM_BOOT", Boot);
        Assert.Equal(
            [(Full, "Running"), (Other, "Interrupted")],
            Analysed.Text(trail.Lines).Sessions.Select(session => (session.Node, session.State)).Order());
    }

    [Fact]
    public void Lines_without_a_host_are_not_of_a_named_one_with_which_they_share_no_event()
    {
        Analysed analysed = Analysed.Text(new Trail().Start().On("kvm1").Event("SYSTEM_BOOT", Boot).Lines);

        Assert.Equal("Running", Assert.Single(analysed.Sessions).State);
    }

    [Fact]
    public void A_denial_under_the_short_name_is_tied_to_the_guest()
    {
        Analysed analysed = Analysed.Text(new Trail().On(Full).Start().On("kvm1").Event("AVC",
            "avc:  denied  { read } for  pid=500 comm=\"qemu-kvm\" path=\"/x\" scontext=system_u:system_r:svirt_t:s0:c1,c2 "
            + "tcontext=system_u:object_r:default_t:s0 tclass=file permissive=0").Lines);

        VirtAuditIncident incident = Assert.Single(analysed.Incidents);
        Assert.Equal(("kvm1", "web01", "ProcessId"), (incident.Node, incident.VMName, incident.TiedBy));
    }

    [Fact]
    public void Findings_are_those_of_one_log()
    {
        string[] audit = new Trail().On(Full).Start().Disk("attach", null, "/a.img").Stop().Start(vmPid: 501).Stop().Lines;

        Assert.Equal(Tested.Told(Tested.Text(audit)), Tested.Told(Tested.Text([.. audit, .. Syslog("kvm1", audit)])));
        string[] halves = [.. audit.Select((line, i) => i % 2 == 0 ? line : Syslog("kvm1", [line])[0])];
        Assert.Equal(Tested.Told(Tested.Text(audit)), Tested.Told(Tested.Text(halves)));
    }

    [Fact]
    public void A_summary_has_one_group_and_one_guest_of_a_host()
    {
        var summary = new SummaryTracker(SummaryGrouping.Node, new HostNames());
        foreach (string node in (string[])["kvm1", Full, "kvm2"])
        {
            summary.Add(new VirtAuditRecord { Node = node, VMName = "web01", RecordTypeId = 2500, Operation = "start", Result = "success" });
        }

        Assert.Equal([("kvm1", 2L, 1L), ("kvm2", 1L, 1L)], summary.Complete().Select(group => (group.Group!, (long)group.Starts, (long)group.Guests)));
    }

    private const string Boot = "pid=1 uid=0 auid=4294967295 ses=4294967295 msg=' comm=\"systemd-update-utmp\" exe=\"/usr/lib/systemd/systemd-update-utmp\" hostname=? addr=? terminal=? res=success'";

    /// <summary>The lines as audispd hands them to syslog on a host whose auditd writes no name.</summary>
    private static string[] Syslog(string host, string[] lines) =>
        [.. lines.Select(line => $"Nov 14 22:13:21 {host} audispd: " + line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..])];
}
