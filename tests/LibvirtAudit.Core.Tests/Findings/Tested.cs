using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Findings;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Findings;

/// <summary>What the check of a trail finds in files, each of them lines under a name.</summary>
internal sealed class Tested : IEventSink
{
    private readonly TrailCheck _check;

    private Tested() => _check = new TrailCheck(new TrailAnalysis(), Found.Add);

    public List<VirtAuditFinding> Found { get; } = [];

    public static List<VirtAuditFinding> Text(params string[] lines) => Lines(lines.Select(System.Text.Encoding.UTF8.GetBytes));

    public static List<VirtAuditFinding> Lines(IEnumerable<byte[]> lines) => Files(("audit.log", lines));

    public static List<VirtAuditFinding> File(string name) => Files((name, TestData.Lines(name)));

    public static List<VirtAuditFinding> Files(params (string Name, IEnumerable<byte[]> Lines)[] files)
    {
        var tested = new Tested();
        foreach ((string name, IEnumerable<byte[]> lines) in files)
        {
            tested.Read(name, lines);
        }

        tested._check.Complete();
        return tested.Found;
    }

    public static List<VirtAuditFinding> Fault(Fault fault)
    {
        var tested = new Tested();
        tested._check.Accept(fault);
        tested.Read("audit.log", TestData.Lines("lxc-enriched.log"));
        tested._check.Complete();
        return tested.Found;
    }

    /// <summary>Kinds and severities, each with its number, in the order of their names.</summary>
    public static string[] Told(IEnumerable<VirtAuditFinding> findings) =>
        [.. findings.GroupBy(finding => $"{finding.Severity} {finding.Kind}").Select(group => $"{group.Key} {group.Count()}").Order(StringComparer.Ordinal)];

    public void OnRecord(VirtAuditRecord record) => _check.Accept(record);

    public void OnFault(Fault fault) => _check.Accept(fault);

    public void OnEvent(AuditEvent record) => _check.Accept(record);

    public void OnMoment(in EventMoment moment) => _check.Accept(moment);

    public void OnLoss(in LossNotice notice) => _check.Accept(notice);

    private void Read(string name, IEnumerable<byte[]> lines)
    {
        _check.Open(name);
        var reader = new TextRecordReader(new ReadOptions(RecordFilter.All) { IncludeMalformed = true, Events = EventTypes.Analysis, Moments = true }, name, this)
        {
            At = offset => new FaultPlace(name, null, offset),
        };
        long offset = 0;
        foreach (byte[] line in lines)
        {
            reader.Feed(line, offset);
            offset += line.Length + 1;
        }

        reader.Complete();
    }
}
