using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Findings;
using LibvirtAudit.Tests.Findings;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>The captures, against what the steps of their scenarios did (steps_to_expectations.py, steps12_to_expectations.py).</summary>
public sealed class ScenarioTests
{
    /// <summary>The kernel's clock of records ticks at 4 ms, the steps' does not.</summary>
    private const long Tick = 8;

    [Theory]
    [InlineData("qemu-enriched", 85)]
    [InlineData("lxc-enriched", 12)]
    [InlineData("qemu12-enriched", 92)]
    [InlineData("lxc12-raw", 20)]
    [InlineData("qemu12-fakehw-raw", 6)]
    public void Sessions_are_what_the_steps_did(string scenario, int count)
    {
        string[][] expected = Rows(scenario + ".sessions.expected.tsv");

        Assert.Equal(count, expected.Length);
        Assert.Empty(Disagreements(expected, Analysed.Files(scenario + ".log").Sessions));
    }

    /// <summary>The comparison sees one record more or less: each start and each stop that is taken out of the log is told.</summary>
    [Fact]
    public void A_log_that_lacks_one_record_disagrees_with_the_steps()
    {
        string[][] expected = Rows("lxc-enriched.sessions.expected.tsv");
        List<byte[]> lines = TestData.Lines("lxc-enriched.log");
        int[] taken = [.. Enumerable.Range(0, lines.Count).Where(i => lines[i].AsSpan().IndexOf("virt=lxc op=st"u8) >= 0)];

        Assert.Equal(20, taken.Length);
        Assert.All(taken, line => Assert.NotEmpty(Disagreements(expected, Analysed.Lines(lines.Where((_, i) => i != line)).Sessions)));
    }

    [Theory]
    [InlineData("qemu-enriched", 26)]
    [InlineData("lxc-enriched", 4)]
    [InlineData("lxc12-raw", 7)]
    [InlineData("qemu12-fakehw-raw", 9)]
    public void Resources_are_what_the_steps_attached_and_detached(string scenario, int count)
    {
        string[][] expected = Rows(scenario + ".assignments.expected.tsv");
        Analysed analysed = Analysed.Files(scenario + ".log");
        List<VirtAuditAssignment> assignments = [.. analysed.Assignments.Where(IsOfStep)];

        Assert.Equal(count, expected.Length);
        foreach (string[] row in expected)
        {
            VirtAuditAssignment assignment = Assert.Single(assignments, assignment => IsOf(assignment.VMName, assignment.Uuid, row[0])
                && assignment.ResourceType == row[1] && (row[2] == "*" || Text(assignment) == row[2])
                && assignment.Result == row[7] && Lies(assignment.StartMilliseconds, row[3], row[4]));
            assignments.Remove(assignment);
            if (row[7] == "success" && row[5] != "*")
            {
                VirtAuditSession session = Assert.Single(analysed.Sessions, session => session.SessionEventId == assignment.SessionEventId);
                Assert.True(row[5].Length == 0 ? assignment.EndMilliseconds == session.EndMilliseconds : Lies(assignment.EndMilliseconds, row[5], row[6]), row[8] + ": " + assignment);
            }
        }

        Assert.Empty(assignments);
    }

    /// <summary>What the guests were started with is not told by the steps; how much of it there is, the definitions say, which name it all at once.</summary>
    [Fact]
    public void A_session_has_everything_that_its_start_lists()
    {
        Analysed analysed = Analysed.Files("qemu-enriched.log");
        VirtAuditSession full = Assert.Single(analysed.Sessions, session => session.VMName == "lab-full");

        // format.md §3: every type of resource that a boot lists; counted in the log with grep.
        Dictionary<string, int> listed = TestData.Lines("qemu-enriched.log").Select(System.Text.Encoding.UTF8.GetString)
            .Where(line => line.Contains("reason=start vm=\"lab-full\"", StringComparison.Ordinal))
            .GroupBy(line => line.Split("resrc=")[1].Split(' ')[0]).ToDictionary(group => group.Key, group => group.Count());

        Assert.Equal(12, listed["disk"]);
        Assert.Equal(listed, analysed.Assignments.Where(assignment => assignment.SessionEventId == full.SessionEventId && assignment.StartReason == "start")
            .GroupBy(assignment => assignment.ResourceType!).ToDictionary(group => group.Key, group => group.Count()));
    }

    [Fact]
    public void Both_sides_of_each_migration_are_tied()
    {
        List<VirtAuditSession> sessions = [.. Analysed.Files("qemu-enriched.log").Sessions];
        List<VirtAuditSession> arrived = [.. sessions.Where(session => session is { StartReason: "migrated", State: not VirtAuditSessionState.FailedToStart })];

        // steps.tsv: there, back, and there again.
        Assert.Equal(3, arrived.Count);
        foreach (VirtAuditSession destination in arrived)
        {
            VirtAuditSession source = Assert.Single(sessions, session => session.PeerEventId.Contains(destination.SessionEventId) && session.StartMilliseconds < destination.StartMilliseconds);
            Assert.Contains(source.SessionEventId, destination.PeerEventId);
            Assert.Equal(VirtAuditSessionState.Migrated, source.State);
            Assert.True(destination.StartMilliseconds < source.EndMilliseconds);
        }
    }

    [Fact]
    public void Faked_host_devices_are_assigned_and_given_back()
    {
        Analysed analysed = Analysed.Files("qemu-fakehw-enriched.log");

        foreach ((string bus, string value) in new[] { ("usb", "001.002"), ("pci", "0000:5e:00.0"), ("scsi", "scsi_host0:0:3:1"), ("mdev", "c2177883-f1bb-47f0-914d-32a22e3a8804") })
        {
            VirtAuditAssignment device = Assert.Single(analysed.Assignments, assignment => assignment.Bus == bus && Equals(assignment.Value, value) && assignment.Result == "success");
            Assert.Equal(("start", "detach"), (device.StartReason, device.EndReason));
            VirtAuditAssignment refused = Assert.Single(analysed.Assignments, assignment => assignment.Bus == bus && Equals(assignment.Value, value) && assignment.Result == "failed");
            Assert.Equal(("attach", "failed"), (refused.StartReason, refused.EndReason));
        }
    }

    /// <summary>format.md §4: a healthy trail of libvirt 12.8. Emulators for jobs are no warning, every stop is there.</summary>
    [Theory]
    [InlineData("qemu12-enriched.log")]
    [InlineData("lxc12-raw.log")]
    [InlineData("qemu12-fakehw-raw.log")]
    public void Nothing_is_found_against_the_sessions_of_a_healthy_trail(string file)
    {
        string[] about = [nameof(FindingKind.StopMissing), nameof(FindingKind.StartMissing), nameof(FindingKind.StartResultMissing), nameof(FindingKind.SessionsOverlap), nameof(FindingKind.ResourceOutsideSession)];

        Assert.DoesNotContain(Tested.File(file), finding => about.Contains(finding.Kind) && finding.Severity != nameof(FindingSeverity.Information));
    }

    /// <summary>The steps that have no session, the sessions that no step made, and those that tell something else than the steps.</summary>
    private static List<string> Disagreements(string[][] expected, IEnumerable<VirtAuditSession> told)
    {
        List<VirtAuditSession> sessions = [.. told];
        var disagreements = new List<string>();
        foreach (string[] row in expected)
        {
            VirtAuditSession? session = sessions.Find(session => IsOf(session.VMName, session.Uuid, row[0])
                && Lies(session.StartMilliseconds, row[4], row[5]) && (session.StartReason ?? "") == row[1]);
            if (session is null || (row[2] != "*" && session.State != row[2]) || (row[3] != "*" && (session.StopReason ?? "") != row[3]) || !Lies(session.EndMilliseconds, row[6], row[7]))
            {
                disagreements.Add(row[8] + ": " + session);
            }

            sessions.Remove(session!);
        }

        return [.. disagreements, .. sessions.Select(session => "no step: " + session)];
    }

    private static bool IsOfStep(VirtAuditAssignment assignment) =>
        assignment is { ResourceType: not "cgroup", StartReason: not ("start" or "open") }
        && (assignment.Result == "success" || assignment.ResourceType is "vcpu")
        && !(assignment is { StartReason: null, ResourceType: "rng" }) // attached without a record, format.md §4
        && !(assignment is { ResourceType: "mem", StartReason: "update" } && assignment.Value is 262144L); // the memory module taken out again

    private static bool IsOf(string? name, Guid? uuid, string guest) => name == guest || uuid?.ToString() == guest;

    private static bool Lies(long? stamp, string after, string before) =>
        after.Length == 0 ? stamp is null : stamp is long time && time >= Milliseconds(after) - Tick && time <= Milliseconds(before) + Tick;

    private static long Milliseconds(string seconds) => (long)(decimal.Parse(seconds, CultureInfo.InvariantCulture) * 1000);

    private static string? Text(VirtAuditAssignment assignment) => Convert.ToString(assignment.Value, CultureInfo.InvariantCulture);

    private static string[][] Rows(string name) =>
        [.. File.ReadLines(TestData.PathOf(name)).Where(line => !line.StartsWith('#')).Select(line => line.Split('\t'))];
}
