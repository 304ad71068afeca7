using LibvirtAudit.Fuzz.Differential;
using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Analysis;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>
/// Beside auvirt 3.0.9 on the same files (its outputs are *.auvirt*.txt): every difference, counted from what libauparse
/// makes of the records, and the counts add up to both totals. docs/auvirt.md shows the same tables.
/// </summary>
public sealed partial class AuvirtTests
{
    /// <summary>The resource types that auvirt knows.</summary>
    private static readonly string[] Known = ["disk", "net", "rng", "mem", "vcpu", "cgroup"];

    public static TheoryData<string> Captures => new("qemu-enriched", "lxc-enriched", "qemu-fakehw-enriched");

    [Theory]
    [MemberData(nameof(Captures))]
    public void Assignments_differ_by_what_auvirt_miscounts(string capture)
    {
        List<Given> records = Resources(capture);
        int auvirt = Summary(capture, "Number of resource assignments");
        int ours = Analysed.Files(capture + ".log").Assignments.Count(assignment => assignment.Result == "success");

        // auvirt counts the successful records of six types that have a new value, and every cgroup record.
        List<Given> counted = [.. records.Where(record => record is { Failed: false, Reason: not "open" } && Known.Contains(record.Type) && (record.Type == "cgroup" || record.HasNew))];
        Assert.Equal(auvirt, counted.Count);

        int denials = counted.Count(record => record is { Type: "cgroup", Reason: "deny" });
        int neverUsed = counted.Count(record => record is { OfFailedStart: true } && record is not { Type: "cgroup", Reason: "deny" });
        int opened = records.Count(record => record is { Failed: false, Reason: "open", OfFailedStart: false });
        int unknown = records.Count(record => record is { Failed: false, OfFailedStart: false, HasNew: true } && !Known.Contains(record.Type));
        int onlyEnds = Analysed.Files(capture + ".log").Assignments.Count(assignment => assignment.StartTime is null);

        Assert.Equal(ours, auvirt - denials - neverUsed + opened + unknown + onlyEnds);
        Assert.Equal(
            capture switch { "qemu-enriched" => (956, 71, 180, 12, 25, 1, 743), "lxc-enriched" => (30, 0, 9, 0, 25, 0, 46), _ => (131, 22, 4, 0, 8, 0, 113) },
            (auvirt, denials, neverUsed, opened, unknown, onlyEnds, ours));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Failures_differ_by_the_types_that_auvirt_does_not_know(string capture)
    {
        List<Given> records = Resources(capture);
        int auvirt = Summary(capture, "Number of failed operations");
        VirtAuditSummary ours = Summarized(capture);

        int unseen = records.Count(record => record.Failed && (!Known.Contains(record.Type) || record.Reason == "open" || (record.Type != "cgroup" && !record.HasNew)));
        Assert.Equal(ours.Failures, auvirt + unseen);
        Assert.Equal(capture switch { "qemu-enriched" => (32, 7), "lxc-enriched" => (5, 2), _ => (1, 9) }, (auvirt, unseen));
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void Starts_stops_and_anomalies_differ_by_its_faults(string capture)
    {
        VirtAuditSummary ours = Summarized(capture);

        Assert.Equal(Summary(capture, "Number of guest starts"), ours.Starts);
        Assert.Equal(Summary(capture, "Number of guest stops") + (capture == "qemu-enriched" ? 1 : 0), ours.Stops); // the stop at the end of the chain of migrations
        Assert.Equal(Summary(capture, "Number of related anomalies") + (capture switch { "qemu-enriched" => 18, "lxc-enriched" => 2, _ => 0 }), ours.Anomalies); // tap devices
        Assert.Equal(Summary(capture, "Number of related AVCs"), ours.Denials);
    }

    /// <summary>auvirt's --proof names start and stop of each session: it pairs the sessions of the migrations wrongly, and no others.</summary>
    [Theory]
    [MemberData(nameof(Captures))]
    public void Sessions_differ_where_auvirt_mispairs_migrations(string capture)
    {
        string[] auvirt = [.. Proof().Matches(File.ReadAllText(TestData.PathOf(capture + ".auvirt-proof.txt"))).Select(match => match.Groups[1].Value)];
        List<VirtAuditSession> sessions = Analysed.Files(capture + ".log").Sessions;
        string[] ours = [.. sessions.Select(session => Serial(session.SessionEventId!) + (session.StopReason is null ? "" : "," + Serial(session.Evidence[^1])))];

        Assert.Equal(auvirt.Length, ours.Length);
        Assert.Equal(capture == "qemu-enriched" ? ["3025", "3041,3042", "3059,3060", "3077,3078"] : [], auvirt.Except(ours));
        Assert.Equal(capture == "qemu-enriched" ? ["3025,3042", "3041,3060", "3059,3078", "3077,3080"] : [], ours.Except(auvirt));

        static string Serial(string eventId) => eventId.Split(':')[1];
    }

    private static VirtAuditSummary Summarized(string capture)
    {
        var summary = new SummaryTracker(SummaryGrouping.None, new HostNames());
        foreach (Records.VirtAuditRecord record in CollectingSink.Read(TestData.Lines(capture + ".log")).Records)
        {
            summary.Add(record);
        }

        Analysed analysed = Analysed.Files(capture + ".log");
        analysed.Assignments.ForEach(summary.Add);
        analysed.Incidents.ForEach(summary.Add);
        return Assert.Single(summary.Complete());
    }

    private static int Summary(string capture, string what) =>
        int.Parse(File.ReadLines(TestData.PathOf(capture + ".auvirt-summary.txt")).Single(line => line.StartsWith(what, StringComparison.Ordinal)).Split(':')[1], CultureInfo.InvariantCulture);

    /// <summary>The resource records as libauparse splits them, each with whether the start that it belongs to failed.</summary>
    private static List<Given> Resources(string capture)
    {
        var records = new List<Given>();
        var pending = new Dictionary<(string? Uuid, string? Daemon), List<int>>();
        foreach (TruthRecord truth in TruthRecord.Load(TestData.PathOf(capture + ".truth.jsonl")))
        {
            (string? Uuid, string? Daemon) guest = (Field("uuid"), Field("pid"));
            if (truth.Type == "VIRT_RESOURCE")
            {
                string type = Field("resrc")!;
                bool isNew = Field("new-" + type) is { } value ? value != "\"?\"" : Field("reason") is not "detach";
                records.Add(new Given(type, Field("reason")!, Field("res") == "failed", isNew, false));
                (pending.TryGetValue(guest, out List<int>? list) ? list : pending[guest] = []).Add(records.Count - 1);
            }
            else if (truth.Type == "VIRT_CONTROL" && Field("op") is "start" or "stop")
            {
                foreach (int index in pending.Remove(guest, out List<int>? list) && Field("op") == "start" && Field("res") == "failed" ? list : [])
                {
                    records[index] = records[index] with { OfFailedStart = true };
                }
            }

            // A bare path that holds ' res=failed' fools libauparse: the trailer's is the last.
            string? Field(string name) => truth.Fields.LastOrDefault(field => field.Name == name)?.Raw;
        }

        return records;
    }

    [GeneratedRegex(@"^\s+Proof:(\S+)$", RegexOptions.Multiline)]
    private static partial Regex Proof();

    private sealed record Given(string Type, string Reason, bool Failed, bool HasNew, bool OfFailedStart);
}
