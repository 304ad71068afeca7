using CsCheck;
using LibvirtAudit.Analysis;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Denials and anomalies, tied to the guests that they hit. Where each line comes from: tests/data/README-incidents.md.</summary>
public sealed class IncidentTests
{
    [Theory]
    [InlineData("1643289472.663:1197", "se-tun", "Label", "Certain", "relabelfrom")]
    [InlineData("1643289472.700:1198", "se-tun", "Label", "Certain", "relabelto")]
    [InlineData("1733476544.855:6456", "se-sysfs", "ProcessId", "Certain", "read")]
    [InlineData("1733476545.000:6457", "se-other", "Label", "Certain", "read")]
    [InlineData("1733476600.500:6501", "se-sysfs", "Label", "Probable", "relabelfrom")]
    [InlineData("1744744407.650:300", null, null, null, "relabelfrom")]
    [InlineData("1729238705.963:170", null, null, null, "read write")]
    public void SELinux_denials_are_tied_by_process_and_level(string eventId, string? guest, string? by, string? certainty, string operation)
    {
        VirtAuditIncident incident = Assert.Single(Analysed.Files("selinux-incidents.log").Incidents, incident => incident.EventId == eventId);

        Assert.Equal(("Denial", "AVC", "denied", operation), (incident.Kind, incident.RecordType, incident.Action, incident.Operation));
        Assert.Equal((guest, by, certainty), (incident.VMName, incident.TiedBy, incident.Certainty));
        Assert.Equal(guest is null, incident.SessionEventId is null);
    }

    [Theory]
    [InlineData("1438180376.667:12391", "aa-lttng", "1c01664c-8f99-4942-85c9-2c0c90b2e92b", "ProcessId", "Certain")]
    [InlineData("1471478263.879:29", "aa-tpm", "e5dd312d-8a15-4652-925e-cc915a27b98e", "Profile", "Certain")]
    [InlineData("1476425403.666:27", null, "4d4f9b58-f50d-4f60-a8a1-315c9a2d02c1", "Profile", "Certain")]
    [InlineData("1547117832.842:491", "aa-disk", "00000009-5e11-4000-8000-000000000000", "Path", "Probable")]
    [InlineData("1599150806.386:58", null, null, null, null)]
    [InlineData("1777400298.935:410", null, "4e5bc69d-9446-48bd-acec-14f40f9179da", "Profile", "Certain")]
    public void AppArmor_denials_are_tied_by_process_profile_and_path(string eventId, string? guest, string? uuid, string? by, string? certainty)
    {
        VirtAuditIncident incident = Assert.Single(Analysed.Files("apparmor-incidents.log").Incidents, incident => incident.EventId!.EndsWith(eventId, StringComparison.Ordinal));

        Assert.Equal(("Denial", "denied"), (incident.Kind, incident.Action));
        Assert.Equal((guest, uuid, by, certainty), (incident.VMName, incident.Uuid?.ToString(), incident.TiedBy, incident.Certainty));
    }

    [Fact]
    public void Denials_count_in_their_session()
    {
        Analysed analysed = Analysed.Files("selinux-incidents.log");

        Assert.Equal([("se-other", 1), ("se-sysfs", 1), ("se-tun", 2)], analysed.Sessions.Select(session => (session.VMName!, session.DenialCount)).Order());
        Assert.Equal(6, Analysed.Files("apparmor-incidents.log").Incidents.Count); // the profile that was loaded is none
    }

    [Fact]
    public void A_denial_is_not_tied_by_a_level_without_categories_or_one_that_is_only_alike()
    {
        const string Avc = "avc:  denied  { read } for  pid=77 comm=\"x\" name=\"y\" scontext=system_u:system_r:svirt_t:{0} tcontext=system_u:object_r:sysfs_t:s0 tclass=file permissive=0";
        var trail = new Trail();
        trail.Label("system_u:system_r:svirt_t:s0:c1,c2").Start().Label("system_u:system_r:svirt_t:s0", name: "bare", uuid: null).Start("bare", null, vmPid: 9);
        foreach (string level in new[] { "s0", "s0:c1,c20", "s0:c1", "s0-s0:c0.c1023", "s0:c1,c2" })
        {
            trail.Event("AVC", Avc.Replace("{0}", level, StringComparison.Ordinal));
        }

        Assert.Equal([null, null, null, null, "web01"], Analysed.Text(trail.Lines).Incidents.Select(incident => incident.VMName));
    }

    [Fact]
    public void A_shared_level_is_possible_and_names_the_latest()
    {
        var trail = new Trail();
        trail.Label("system_u:system_r:svirt_t:s0:c1,c2").Start().Label("system_u:system_r:svirt_t:s0:c1,c2", name: "two", uuid: null).Start("two", null, vmPid: 9)
            .Event("AVC", "avc:  denied  { read } for  pid=77 comm=\"x\" scontext=system_u:system_r:svirt_t:s0:c1,c2 tcontext=a:b:c:s0 tclass=file");

        VirtAuditIncident incident = Assert.Single(Analysed.Text(trail.Lines).Incidents);
        Assert.Equal(("two", "Label", "Possible"), (incident.VMName, incident.TiedBy, incident.Certainty));
    }

    [Fact]
    public void A_level_is_the_last_guests_until_that_guest_gets_another()
    {
        const string Denial = "avc:  denied  { read } for  pid=77 comm=\"x\" scontext=system_u:system_r:svirt_t:s0:c1,c2 tcontext=a:b:c:s0 tclass=file";
        var trail = new Trail();
        trail.Label("system_u:system_r:svirt_t:s0:c1,c2").Start().Stop().Event("AVC", Denial).Label("system_u:system_r:svirt_t:s0:c3,c4").Start().Stop().Event("AVC", Denial);

        Assert.Equal(["Probable", null], Analysed.Text(trail.Lines).Incidents.Select(incident => incident.Certainty));
    }

    /// <summary>
    /// The anomalies of the capture, by what the scenario's steps and the records' own SYSCALL lines say: the four of QEMU's
    /// processes by pid, those of tap devices by the guest whose interface was opened beside them, the four of the lab's own
    /// bridge port (veth-lab0) to none. auvirt ties the first four of the 26.
    /// </summary>
    [Fact]
    public void Anomalies_of_the_capture_are_tied()
    {
        List<VirtAuditIncident> incidents = Analysed.Files("qemu-enriched.log").Incidents;
        string[] expected =
        [
            "ANOM_PROMISCUOUS lab-full Device 12", "ANOM_PROMISCUOUS lab-kvm Device 4", "ANOM_PROMISCUOUS lab-kvm-vhost Device 2", "ANOM_PROMISCUOUS   4",
            "ANOM_ABEND lab-cpu ProcessId 1", "ANOM_ABEND lab-plain ProcessId 2", "SECCOMP lab-plain ProcessId 1",
        ];

        Assert.Equal(26, incidents.Count);
        Assert.Equal(expected.Order(), incidents.GroupBy(incident => $"{incident.RecordType} {incident.VMName} {incident.TiedBy}").Select(group => $"{group.Key} {group.Count()}").Order());
        Assert.All(incidents, incident => Assert.Equal(incident.VMName is null, incident.Target == "veth-lab0"));
    }

    [Fact]
    public void A_device_that_another_record_separates_from_the_interface_is_no_guests()
    {
        var trail = new Trail();
        trail.Start().Event("ANOM_PROMISCUOUS", "dev=vnet0 prom=256 old_prom=0 auid=0 uid=0 gid=0 ses=1").Disk("attach", null, "/x")
            .Resource("net", "open", "net=52:54:00:aa:00:01 path=\"/dev/net/tun\" rdev=0A:C8").Event("ANOM_PROMISCUOUS", "dev=vnet0 prom=0 old_prom=256 auid=0 uid=0 gid=0 ses=1");

        Assert.Equal([null, null], Analysed.Text(trail.Lines).Incidents.Select(incident => incident.VMName));
    }

    [Fact]
    public void A_macvtap_is_named_by_the_record_that_opened_it()
    {
        var trail = new Trail();
        trail.Start().Resource("net", "open", "net=52:54:00:aa:00:01 path=\"macvtap0\" rdev=?").Event("ANOM_PROMISCUOUS", "dev=macvtap0 prom=256 old_prom=0 auid=0 uid=0 gid=0 ses=1");

        VirtAuditIncident incident = Assert.Single(Analysed.Text(trail.Lines).Incidents);
        Assert.Equal(("web01", "Device", "Certain", "promiscuous on"), (incident.VMName, incident.TiedBy, incident.Certainty, incident.Operation));
    }

    [Fact]
    public void Types_are_known_by_name_number_and_unknown_number()
    {
        // libaudit.h: 1700–1799 and 2100–2199 are the anomalies.
        string[] types = ["ANOM_ABEND", "UNKNOWN[1750]", "1701", "ANOM_LOGIN_FAILURES", "UNKNOWN[2150]", "2100"];
        string[] others = ["ANOM_", "UNKNOWN[1800]", "1800", "2200", "2099", "1699", "SYSCALL", "AVC_PATH", "RESP_ANOMALY", ""];

        Assert.All(types, type => Assert.True(TrailTypes.IsAnomaly(Parse($"type={type} msg=audit(1.000:2): pid=1")!.Type)));
        Assert.All(others, type => Assert.Null(Parse($"type={type} msg=audit(1.000:2): pid=1")));
    }

    [Theory]
    [InlineData("Nov  1 10:00:00 kvm1 kernel: [ 12.3] audit: type=1701 audit(1.000:2): pid=1", "kvm1")]
    [InlineData("Nov  1 10:00:00 kvm1 audisp-syslog[44]: node=other type=ANOM_ABEND msg=audit(1.000:2): pid=1", "other")]
    [InlineData("audit: type=1701 audit(1.000:2): pid=1", null)]
    [InlineData("Nov  1 10:00:00 kvm1 app[44]: type=SYSTEM_BOOT msg=audit(1.000:2): pid=1", "refused")]
    [InlineData("type=USER msg=audit(1.000:2): pid=1 msg='type=SYSTEM_BOOT msg=audit(1.000:2): '", "refused")]
    [InlineData("x type=SYSTEM_BOOT msg=audit(1.000:2): pid=1", "refused")]
    public void Only_the_writers_own_words_stand_before_a_record(string line, string? node)
    {
        AuditEvent? record = Parse(line);

        Assert.Equal(node == "refused", record is null);
        Assert.Equal(node == "refused" ? null : node, record?.Node);
    }

    /// <summary>A scanner finds by these words what a look at every line finds.</summary>
    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    [InlineData("selinux-incidents.log")]
    [InlineData("apparmor-incidents.log")]
    [InlineData("dmesg.txt")]
    public void No_line_lacks_the_words_by_which_it_is_looked_for(string file)
    {
        byte[] text = TestData.Bytes(file);
        var scanner = new CandidateScanner([.. CandidateScanner.VirtWords, .. TrailTypes.Words]);
        var found = new List<string>();
        for (int position = 0; scanner.TryNext(text, ref position, out int start, out int end);)
        {
            found.AddRange(AuditEventParser.TryParse(text.AsSpan(start..end), out AuditEvent? record) ? [record.EventId] : []);
        }

        Assert.Equal(TestData.Lines(file).Select(line => AuditEventParser.TryParse(line, out AuditEvent? record) ? record.EventId : null).OfType<string>(), found);
    }

    [Fact]
    public void Fields_are_found_where_they_begin()
    {
        AuditEvent record = Parse("node=n type=AVC msg=audit(7.008:9): avc:  denied  { read } for  pid=12 comm=\"a pid=13 exe=\" path=2F7820792F name=(null) msg='op=x hostname=? res=success'\x1DUID=\"root\"")!;

        Assert.Equal(("n", 7008L, 9UL, "7.008:9"), (record.Node, record.UnixMilliseconds, record.Serial, record.EventId));
        Assert.Equal((12L, "a pid=13 exe=", "/x y/", null), (record.Number("pid"u8), record.Text("comm"u8), record.Text("path"u8), record.Text("name"u8)));
        Assert.Equal((null, "x", null, "success", "root"), (record.Text("exe"u8), record.Text("op"u8), record.Text("hostname"u8), record.Text("res"u8), record.Text("UID"u8)));
    }

    /// <summary>Every line of these types in the captures, by another eye: a search for the type's name.</summary>
    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    [InlineData("umsg-enriched.log")]
    [InlineData("dmesg.txt")]
    public void No_line_of_the_types_is_missed_or_made_up(string file)
    {
        int parsed = 0, searched = 0;
        foreach (byte[] line in TestData.Lines(file))
        {
            string text = System.Text.Encoding.Latin1.GetString(line);
            searched += System.Text.RegularExpressions.Regex.IsMatch(text, Types) ? 1 : 0;
            parsed += AuditEventParser.TryParse(line, out _) ? 1 : 0;
        }

        Assert.Equal(searched, parsed);
        Assert.True(parsed > 0 || file != "qemu-enriched.log");
    }

    [Fact]
    public void Any_bytes_at_all_are_read_without_harm() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 200]).Sample((noise, cut) =>
        {
            byte[] real = System.Text.Encoding.UTF8.GetBytes("type=AVC msg=audit(1733476544.855:6456): avc:  denied  { read } for  pid=3 comm=\"q\" scontext=a:b:c:s0:c1 apparmor=\"DENIED\"");
            byte[] line = [.. real[..Math.Min(cut, real.Length)], .. noise, .. real[Math.Min(cut, real.Length)..]];
            Assert.False(AuditEventParser.TryParse(noise, out _) && noise.Length < 20);
            if (AuditEventParser.TryParse(line, out AuditEvent? record))
            {
                IncidentReader.Read(record);
            }
        });

    /// <summary>The types, and of those that only say more of an event the ones that may name a guest.</summary>
    private const string Types = @"^(\[ *[\d.]+\] audit: )?type=((ANOM_\w+|SECCOMP|(USER_)?AVC|CONFIG_CHANGE|DAEMON_(START|END)|SYSTEM_\w+|1305|17\d\d|1326|21\d\d) (msg=)?audit\("
        + @"|(SYSCALL|PROCTITLE|1300|1327) (msg=)?audit\(.*(67756573743D|comm=""(swtpm|virtiofsd)))";

    private static AuditEvent? Parse(string line) => AuditEventParser.TryParse(System.Text.Encoding.UTF8.GetBytes(line), out AuditEvent? record) ? record : null;
}
