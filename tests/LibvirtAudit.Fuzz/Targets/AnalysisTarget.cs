using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>Whole trails through the analysis: sessions, assignments and incidents of records in any order.</summary>
internal sealed class AnalysisTarget : FuzzTarget
{
    private const int Window = 64;

    public override int LongestInput => 4096;

    public override IReadOnlyList<string> Words =>
    [
        "op=start ", "op=stop ", "op=init ", "reason=booted ", "reason=migrated ", "reason=from-snapshot ", "reason=shutdown ", "reason=mirror ", "reason=snapshot ", "reason=update ", "reason=attach ", "reason=detach ",
        "res=failed'", "res=success'", "type=SYSTEM_BOOT msg=audit(1795360115.435:1): ", "type=SYSTEM_SHUTDOWN msg=audit(1795360115.435:2): ", "type=DAEMON_END msg=audit(1795360115.435:3): ", "type=AVC msg=audit(1795360115.435:4): ",
        "node=b ", "\n", "resrc=cgroup ", "class=all", "class=major ", "reason=deny ", "reason=allow ",
    ];

    public override IEnumerable<byte[]> Seeds() =>
        new[] { "qemu-enriched.log", "lxc-enriched.log", "qemu-fakehw-enriched.log" }.SelectMany(file => TestData.Groups(file, 10, 40))
            .Concat(TestData.Groups("selinux-incidents.log", 10, 5)).Concat(TestData.Groups("apparmor-incidents.log", 10, 5));

    public override void Run(ReadOnlySpan<byte> input)
    {
        int records = 0, events = 0, sessions = 0, inferred = 0;
        var analysis = new TrailAnalysis(Window)
        {
            SessionKnown = session =>
            {
                sessions += session.IsInferred ? 0 : 1;
                inferred += session.IsInferred ? 1 : 0;
                Shown.Check("a session's ToString()", session.ToString());
                if (session.Duration < TimeSpan.Zero)
                {
                    throw new PropertyException("no session lasts less than no time", session.ToString());
                }
            },
            AssignmentKnown = assignment => Shown.Check("an assignment's ToString()", assignment.ToString()),
            IncidentKnown = incident => Shown.Check("an incident's ToString()", incident.ToString()),
        };
        var sink = new Sink(record =>
        {
            records++;
            analysis.Accept(record);
        }, other =>
        {
            events++;
            analysis.Accept(other);
        });
        var reader = new TextRecordReader(new ReadOptions(RecordFilter.All) { Events = EventTypes.Analysis }, null, sink);
        long offset = 0;
        while (!input.IsEmpty)
        {
            int length = input.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? input : input[..length];
            reader.Feed(line, offset);
            offset += line.Length + 1;
            input = length < 0 ? [] : input[(length + 1)..];
        }

        reader.Complete();
        analysis.Complete();
        if (sessions > records)
        {
            throw new PropertyException("each session is of a record", $"{sessions} of {records}");
        }

        if (inferred > events)
        {
            throw new PropertyException("each inferred session is of an event", $"{inferred} of {events}");
        }
    }

    private sealed class Sink(Action<VirtAuditRecord> take, Action<AuditEvent> takeEvent) : IEventSink
    {
        public void OnRecord(VirtAuditRecord record) => take(record);

        public void OnEvent(AuditEvent record) => takeEvent(record);

        public void OnFault(Fault fault)
        {
            // A reader of whole trails tells it; here there is nothing to analyse.
        }
    }
}
