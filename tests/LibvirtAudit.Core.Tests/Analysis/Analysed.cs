using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>What the analysis makes of a text, in the order in which it hands things out.</summary>
internal sealed class Analysed : IEventSink
{
    private readonly TrailAnalysis _analysis;

    private Analysed(int? window, bool withAssignments = true)
    {
        _analysis = window is int count ? new TrailAnalysis(count) : new TrailAnalysis();
        _analysis.SessionKnown = Sessions.Add;
        _analysis.AssignmentKnown = withAssignments ? Assignments.Add : null;
        _analysis.IncidentKnown = Incidents.Add;
    }

    public List<VirtAuditSession> Sessions { get; } = [];

    public List<VirtAuditAssignment> Assignments { get; } = [];

    public List<VirtAuditIncident> Incidents { get; } = [];

    public int Repeats { get; private set; }

    public long PossibleRepeats => _analysis.PossibleRepeats;

    public long Forgotten => _analysis.Forgotten;

    public static Analysed Files(params string[] names) => Lines(names.SelectMany(TestData.Lines));

    public static Analysed Text(params string[] lines) => Lines(lines.Select(System.Text.Encoding.UTF8.GetBytes));

    public static Analysed Lines(IEnumerable<byte[]> lines, int? window = null, bool withAssignments = true, bool withMalformed = false)
    {
        var result = new Analysed(window, withAssignments);
        var options = new ReadOptions(RecordFilter.All) { IncludeMalformed = withMalformed, Events = EventTypes.Analysis };
        var reader = new TextRecordReader(options, null, result);
        long offset = 0;
        foreach (byte[] line in lines)
        {
            reader.Feed(line, offset);
            offset += line.Length + 1;
        }

        reader.Complete();
        result._analysis.Complete();
        return result;
    }

    public static Analysed Records(IEnumerable<VirtAuditRecord> records, int? window = null)
    {
        var result = new Analysed(window);
        foreach (VirtAuditRecord record in records)
        {
            result.OnRecord(record);
        }

        result._analysis.Complete();
        return result;
    }

    public void OnRecord(VirtAuditRecord record) => Repeats += _analysis.Accept(record) ? 0 : 1;

    public void OnEvent(AuditEvent record) => Repeats += _analysis.Accept(record) ? 0 : 1;

    public void OnFault(Fault fault)
    {
    }
}
