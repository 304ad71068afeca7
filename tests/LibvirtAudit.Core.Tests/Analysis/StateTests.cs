using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Findings;
using LibvirtAudit.Tests.Findings;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>
/// Small logs of tests/data/states, each for a rule of design.md §4, with the right answer beside it: rows of
/// <c>session GUEST STATE EVENT PEERS</c>, <c>inferred UUID STATE EVENT PEERS</c>, <c>assignment GUEST TYPE VALUE CERTAINTY EVENT
/// ENDREASON</c>, <c>incident EVENT GUEST TIEDBY CERTAINTY EFFECT [TARGET]</c>, <c>denials GUEST BLOCKED WOULDBLOCK</c> and <c>finding
/// SEVERITY KIND COUNT</c>. Events are serials. Kinds of row that an answer does not have are not compared; findings about
/// sessions always are.
/// </summary>
public sealed class StateTests
{
    private const string Answer = ".expected.tsv";

    public static TheoryData<string> Names { get; } =
    [
        .. Directory.GetFiles(TestData.PathOf("states"), "*" + Answer)
            .Select(path => Path.GetFileName(path)[..^Answer.Length])
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_log_gives_the_right_answer(string name)
    {
        string[] expected = [.. File.ReadLines(TestData.PathOf($"states/{name}.expected.tsv")).Where(line => !line.StartsWith('#'))];
        string[] kinds = [.. expected.Select(Kind).Distinct()];
        List<byte[]> lines = TestData.Lines($"states/{name}.log");

        Assert.Equal(
            expected.Order(StringComparer.Ordinal),
            Rows(lines).Where(row => kinds.Contains(Kind(row))).Order(StringComparer.Ordinal));
    }

    /// <summary>Findings of sessions come only where the answer has them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_found_about_sessions_but_what_the_answer_has(string name)
    {
        string[] expected = [.. File.ReadLines(TestData.PathOf($"states/{name}.expected.tsv"))];
        string[] about =
        [
            nameof(FindingKind.StopMissing), nameof(FindingKind.StartMissing), nameof(FindingKind.StartResultMissing),
            nameof(FindingKind.SessionsOverlap), nameof(FindingKind.ResourceOutsideSession),
        ];

        Assert.Equal(
            expected.Where(row => Kind(row) == "finding" && about.Contains(row.Split('\t')[2])).Order(StringComparer.Ordinal),
            Findings(TestData.Lines($"states/{name}.log")).Where(row => about.Contains(row.Split('\t')[2])).Order(StringComparer.Ordinal));
    }

    /// <summary>Each log tells something else than its answer when its first start is taken out, so that the comparison can fail.</summary>
    [Fact]
    public void A_log_without_its_first_start_gives_another_answer()
    {
        string[] withStart = [.. Names.Select(row => row.Data).Where(name => TestData.Lines($"states/{name}.log").Exists(IsStart))];

        Assert.True(withStart.Length > 20);
        foreach (string name in withStart)
        {
            List<byte[]> lines = TestData.Lines($"states/{name}.log");
            string[] whole = [.. Rows(lines)];
            lines.RemoveAt(lines.FindIndex(IsStart));

            Assert.NotEqual(whole, Rows(lines));
        }
    }

    private static bool IsStart(byte[] line) => line.AsSpan().IndexOf("op=start"u8) >= 0;

    private static string Kind(string row) => row.Split('\t')[0];

    private static IEnumerable<string> Rows(List<byte[]> lines)
    {
        Analysed analysed = Analysed.Lines(lines, withMalformed: true);
        foreach (VirtAuditSession session in analysed.Sessions)
        {
            string peers = session.PeerEventId.Length == 0 ? "-" : string.Join(',', session.PeerEventId.Select(Serial));
            string?[] guest = session.IsInferred ? ["inferred", session.Uuid.ToString()] : ["session", session.VMName];
            yield return Row([.. guest, session.State, Serial(session.SessionEventId), peers]);
            if (session.DenialCount + session.WouldBlockCount > 0)
            {
                yield return Row("denials", session.VMName, Number(session.DenialCount), Number(session.WouldBlockCount));
            }
        }

        foreach (VirtAuditAssignment assignment in analysed.Assignments.Where(IsCompared))
        {
            string? value = Convert.ToString(assignment.Value, CultureInfo.InvariantCulture);
            string start = assignment.StartTime is null ? "-" : Serial(assignment.Evidence.FirstOrDefault());
            string? end = assignment.IsOpen ? "open" : assignment.EndReason;
            yield return Row("assignment", assignment.VMName, assignment.ResourceType, value, assignment.Certainty, start, end);
        }

        foreach (VirtAuditIncident incident in analysed.Incidents)
        {
            string row = Row("incident", Serial(incident.EventId), incident.VMName, incident.TiedBy, incident.Certainty, incident.Effect);
            bool hasTarget = incident.RecordType == "USER_AVC" || incident.Operation == "module_request";
            yield return hasTarget ? Row(row, incident.Target) : row;
        }

        foreach (string finding in Findings(lines))
        {
            yield return finding;
        }
    }

    /// <summary>Grants, and what the real guests have beside the resources that their rule is about.</summary>
    private static bool IsCompared(VirtAuditAssignment assignment) =>
        assignment.ResourceType is not ("cgroup" or "rng" or "tpm-emulator") && assignment.Value is not (98304L or 1L);

    private static IEnumerable<string> Findings(List<byte[]> lines) =>
        Tested.Lines(lines)
            .Where(finding => finding.Kind is not (nameof(FindingKind.MissingSerials) or nameof(FindingKind.PartialLog)))
            .GroupBy(finding => (finding.Severity, finding.Kind))
            .Select(group => Row("finding", group.Key.Severity, group.Key.Kind, Number(group.Count())));

    private static string Row(params string?[] columns) => string.Join('\t', columns.Select(column => column ?? "-"));

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Serial(string? eventId) => eventId?[(eventId.LastIndexOf(':') + 1)..] ?? "-";
}
