using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>The sessions of a log in Core, as Get-VirtAuditSession finds them; counts the records that were taken.</summary>
internal sealed class SessionWork(string log) : IWork
{
    private long _count;

    /// <inheritdoc/>
    public void Run()
    {
        var analysis = new TrailAnalysis { SessionKnown = static _ => { } };
        analysis.ExpectOneLog();
        var sink = new Sink(analysis);
        new LogSource(new ReadOptions(RecordFilter.All) { IncludeMalformed = true, Events = EventTypes.Analysis }, sink, CancellationToken.None).ReadFile(log);
        analysis.Complete();
        _count = sink.Count;
    }

    /// <inheritdoc/>
    public long GetCount() => _count;

    private sealed class Sink(TrailAnalysis analysis) : CountingSink
    {
        public override void OnRecord(VirtAuditRecord record)
        {
            base.OnRecord(record);
            analysis.Accept(record);
        }

        public override void OnEvent(AuditEvent record) => analysis.Accept(record);
    }
}
