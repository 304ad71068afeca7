using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>That what is kept does not grow with the log.</summary>
[Collection(RunsAlone.Name)]
public sealed class MemoryTests
{
    /// <summary>Ten times the log of the same guests takes no more to remember.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_is_kept_does_not_grow_with_the_log(bool withAssignments)
    {
        _ = Kept(20_000, withAssignments);
        long small = Kept(20_000, withAssignments), large = Kept(200_000, withAssignments);

        // Less is possible: what other tests left is collected at any time.
        Assert.True(large - small < 1_000_000, $"{large - small} bytes more");

        static long Kept(int records, bool withAssignments)
        {
            var analysis = new TrailAnalysis(1000) { AssignmentKnown = withAssignments ? static _ => { } : null };
            var random = new Random(1);
            for (int i = 0; i < records; i++)
            {
                analysis.Accept(ScaleTests.Control(i, random.Next(3) == 0 ? "stop" : "start", random.Next(50), daemon: random.Next(4)));
                analysis.Accept(new VirtAuditRecord
                {
                    RecordTypeId = 2501, ResourceType = "disk", Reason = random.Next(2) == 0 ? "attach" : "detach", Result = "success", UnixMilliseconds = i, Serial = (ulong)i,
                    VMName = "g", Uuid = ScaleTests.Uuid(random.Next(50)), NewValue = i % 2 == 0 ? "/d" + random.Next(20).ToString(CultureInfo.InvariantCulture) : null,
                    OldValue = i % 2 == 1 ? "/d" + random.Next(20).ToString(CultureInfo.InvariantCulture) : null,
                });
            }

            long used = GC.GetTotalMemory(forceFullCollection: true);
            GC.KeepAlive(analysis);
            return used;
        }
    }

    /// <summary>One session that lasts as long as the log: containers' inits, hot-plugged network devices, labels, failures, auditd's restarts.</summary>
    [Fact]
    public void One_endless_session_keeps_no_more_with_time()
    {
        _ = Kept(2_000);
        long small = Kept(2_000), large = Kept(20_000);

        Assert.True(large - small < 500_000, $"{large - small} bytes more");

        static long Kept(int rounds)
        {
            var analysis = new TrailAnalysis(1000) { AssignmentKnown = static _ => { } };
            var trail = new Trail();
            var reader = new TextRecordReader(new ReadOptions(RecordFilter.All) { Events = EventTypes.Analysis }, null, new Sink(analysis));
            Feed(trail.Start().Lines);
            for (int i = 0; i < rounds; i++)
            {
                var round = new Trail();
                string device = "macvtap" + i.ToString(CultureInfo.InvariantCulture);
                Feed(round.Step(i * 10_000L).Event("ANOM_PROMISCUOUS", $"dev=vnet{i} prom=256 old_prom=0 auid=0 uid=0 gid=0 ses=1")
                    .Resource("net", "open", "net=52:54:00:aa:00:01 path=\"/dev/net/tun\" rdev=0A:C8").Resource("net", "open", $"net=52:54:00:aa:00:01 path=\"{device}\" rdev=?")
                    .Resource("net", "attach", "old-net=\"?\" new-net=\"52:54:00:aa:00:01\"").Resource("net", "detach", "old-net=\"52:54:00:aa:00:01\" new-net=\"?\"")
                    .Disk("attach", null, "/x", "failed").Event("DAEMON_START", "op=start res=success").Lines);
            }

            long used = GC.GetTotalMemory(forceFullCollection: true);
            GC.KeepAlive(analysis);
            return used;

            void Feed(string[] lines)
            {
                foreach (string line in lines)
                {
                    reader.Feed(System.Text.Encoding.UTF8.GetBytes(line), 0);
                }
            }
        }
    }

    private sealed class Sink(TrailAnalysis analysis) : IEventSink
    {
        public void OnEvent(AuditEvent record) => analysis.Accept(record);

        public void OnRecord(VirtAuditRecord record) => analysis.Accept(record);

        public void OnFault(Fault fault) => Assert.Fail(fault.Message);
    }
}
