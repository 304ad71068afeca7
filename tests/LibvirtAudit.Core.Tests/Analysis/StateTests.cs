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
    public static TheoryData<string> Names { get; } =
        [.. Directory.GetFiles(TestData.PathOf("states"), "*.expected.tsv").Select(path => Path.GetFileName(path).Replace(".expected.tsv", "", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_log_gives_the_right_answer(string name)
    {
        string[] expected = [.. File.ReadLines(TestData.PathOf($"states/{name}.expected.tsv")).Where(line => !line.StartsWith('#'))];
        string[] kinds = [.. expected.Select(Kind).Distinct()];
        List<byte[]> lines = TestData.Lines($"states/{name}.log");

        Assert.Equal(expected.Order(StringComparer.Ordinal), Rows(lines).Where(row => kinds.Contains(Kind(row))).Order(StringComparer.Ordinal));
    }

    /// <summary>Findings of sessions come only where the answer has them.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Nothing_is_found_about_sessions_but_what_the_answer_has(string name)
    {
        string[] expected = [.. File.ReadLines(TestData.PathOf($"states/{name}.expected.tsv"))];
        string[] about = [nameof(FindingKind.StopMissing), nameof(FindingKind.StartMissing), nameof(FindingKind.StartResultMissing), nameof(FindingKind.SessionsOverlap), nameof(FindingKind.ResourceOutsideSession)];

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
            yield return Row(session.IsInferred ? "inferred" : "session", session.IsInferred ? session.Uuid.ToString() : session.VMName, session.State, Serial(session.SessionEventId), peers);
            if (session.DenialCount + session.WouldBlockCount > 0)
            {
                yield return Row("denials", session.VMName, Number(session.DenialCount), Number(session.WouldBlockCount));
            }
        }

        foreach (VirtAuditAssignment assignment in analysed.Assignments.Where(assignment => assignment.ResourceType is not ("cgroup" or "rng" or "tpm-emulator") && !(assignment.Value is 98304L or 1L)))
        {
            yield return Row("assignment", assignment.VMName, assignment.ResourceType, Convert.ToString(assignment.Value, CultureInfo.InvariantCulture), assignment.Certainty,
                assignment.StartTime is null ? "-" : Serial(assignment.Evidence.FirstOrDefault()), assignment.IsOpen ? "open" : assignment.EndReason);
        }

        foreach (VirtAuditIncident incident in analysed.Incidents)
        {
            string[] row = [Row("incident", Serial(incident.EventId), incident.VMName, incident.TiedBy, incident.Certainty, incident.Effect)];
            yield return incident.RecordType == "USER_AVC" || incident.Target?.StartsWith("char-", StringComparison.Ordinal) == true ? Row(row[0], incident.Target) : row[0];
        }

        foreach (string finding in Findings(lines))
        {
            yield return finding;
        }
    }

    private static IEnumerable<string> Findings(List<byte[]> lines) =>
        Tested.Lines(lines)
            .Where(finding => finding.Kind is not (nameof(FindingKind.MissingSerials) or nameof(FindingKind.PartialLog)))
            .GroupBy(finding => (finding.Severity, finding.Kind))
            .Select(group => Row("finding", group.Key.Severity, group.Key.Kind, Number(group.Count())));

    private static string Row(params string?[] columns) => string.Join('\t', columns.Select(column => column ?? "-"));

    private static string Number(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string Serial(string? eventId) => eventId?[(eventId.LastIndexOf(':') + 1)..] ?? "-";
}
