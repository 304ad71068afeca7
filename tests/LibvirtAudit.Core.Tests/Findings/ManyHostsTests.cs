using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Findings;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Findings;

/// <summary>The check of a central log: what it keeps of each host.</summary>
[Collection(RunsAlone.Name)]
public sealed class ManyHostsTests
{
    /// <summary>Of a host with a start and a stop it kept 22 KB.</summary>
    [Fact]
    public void A_host_of_which_little_is_there_takes_little()
    {
        const int Hosts = 5000;
        _ = Kept(100, 2);
        long used = Kept(Hosts, 2) - Kept(1, 2);

        Assert.InRange(used / Hosts, 0, 3000);
    }

    /// <summary>What the serials of all hosts take has an end: 2,000 hosts whose serials have holes took 88 MB for them.</summary>
    [Fact]
    public void The_serials_of_many_hosts_have_an_end()
    {
        const int Hosts = 2000;
        _ = Kept(100, 2);
        long few = Kept(Hosts, 2), many = Kept(Hosts, 600);

        Assert.InRange(many - few, 0, 60_000_000);
    }

    private static long Kept(int hosts, int events)
    {
        var check = new TrailCheck(new TrailAnalysis(1000), static _ => { });
        var sink = new Sink(check);
        var options = new ReadOptions(RecordFilter.All) { IncludeMalformed = true, Events = EventTypes.Analysis, Moments = true };
        var reader = new TextRecordReader(options, "audit.log", sink);
        check.Open("audit.log");
        for (int i = 0; i < events; i++)
        {
            for (int host = 0; host < hosts; host++)
            {
                string id = string.Create(CultureInfo.InvariantCulture, $"msg=audit({1_700_000_000 + i}.000:{10 + (3 * i)}):");
                string line = $"node=h{host} " + (i < 2
                    ? $"type=VIRT_CONTROL {id} pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm "
                        + (i == 0 ? "op=start reason=booted" : "op=stop reason=shutdown")
                        + $" vm=\"web\" uuid=11111111-1111-4111-8111-111111111111 vm-pid={i} exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'"
                    : $"type=USER_ACCT {id} pid=1 uid=0");
                reader.Feed(System.Text.Encoding.UTF8.GetBytes(line), 0);
            }
        }

        reader.Complete();
        long used = GC.GetTotalMemory(forceFullCollection: true);
        GC.KeepAlive(check);
        return used;
    }

    private sealed class Sink(TrailCheck check) : IEventSink
    {
        public void OnRecord(VirtAuditRecord record) => check.Accept(record);

        public void OnEvent(AuditEvent record) => check.Accept(record);

        public void OnMoment(in EventMoment moment) => check.Accept(moment);

        public void OnFault(Fault fault) => Assert.Fail(fault.Message);
    }
}
