using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Findings;
using LibvirtAudit.Tests.Findings;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>
/// Logs of libvirt 12.8 whose daemons, guests and hosts were killed (tests/data/lab17), against the sessions that the script which
/// did it wrote down. What the log can hold of them follows from format.md §4 and design.md §4.
/// </summary>
public sealed class DaemonDeathTests
{
    /// <summary>The kernel's clock of records ticks at 4 ms, the steps' does not.</summary>
    private const long Tick = 8;

    /// <summary>Log, steps, sessions of the log.</summary>
    public static TheoryData<string, string, int> Runs { get; } = new()
    {
        { "i17-qemu", "i17-qemu", 27 },
        { "i17-lxc", "i17-lxc", 14 },
        { "i17-boot", "i17-boot", 10 },
        { "i17-boot-renumbered", "i17-boot", 10 },
    };

    [Theory]
    [MemberData(nameof(Runs))]
    public void Sessions_are_what_was_done(string run, string steps, int count)
    {
        List<Expected> expected = Expectations(run, steps);

        Assert.Equal(count, expected.Count);
        Assert.Empty(Disagreements(expected, Analysed.Files($"lab17/{run}.log").Sessions));
    }

    /// <summary>
    /// The stops that were joined to the rows from the log, against the steps: each lies between the guest's steps before and after
    /// its end, and its reason is the true one unless the note tells what libvirt wrote instead.
    /// </summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void Recorded_ends_lie_between_the_steps(string run, string steps, int count)
    {
        string[][] allSteps = [.. Rows($"lab17/{steps}.steps.tsv")];
        List<VirtAuditSession> sessions = Analysed.Files($"lab17/{run}.log").Sessions;
        string[][] recorded = [.. Rows($"lab17/{run}.sessions.tsv").Where(row => row[9] == "yes")];

        Assert.InRange(recorded.Length, 4, count);
        foreach (string[] row in recorded)
        {
            long[] times = [.. allSteps.Where(step => step[4] == row[1]).Select(step => Milliseconds(step[0]))];
            var end = new Span(
                times.Last(time => time < Milliseconds(row[7])),
                times.FirstOrDefault(time => time > Milliseconds(row[8]), long.MaxValue - Tick));
            long stop = Milliseconds(row[10].Split(' ')[0]);
            VirtAuditSession session = Assert.Single(sessions, session => session.VMName == row[1] && session.EndMilliseconds == stop);

            Assert.True(Lies(session.EndMilliseconds, end), row[1] + ": " + session);
            Assert.True(session.State == row[6] || row[11].Contains("libvirt", StringComparison.Ordinal), row[1] + ": " + session);
        }
    }

    /// <summary>The comparison sees each start and stop that is missing from the log, and one digit of a guest's UUID.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void A_log_with_one_change_disagrees(string run, string steps, int count)
    {
        List<Expected> expected = Expectations(run, steps);
        List<byte[]> lines = TestData.Lines($"lab17/{run}.log");
        int[] controls = [.. Enumerable.Range(0, lines.Count).Where(i => IsStartOrStop(lines[i]))];

        Assert.True(controls.Length >= count);
        foreach (int control in controls)
        {
            Assert.NotEmpty(Disagreements(expected, Analysed.Lines(lines.Where((_, i) => i != control)).Sessions));

            List<byte[]> changed = [.. lines];
            changed[control] = [.. lines[control]];
            changed[control][lines[control].AsSpan().IndexOf(" uuid="u8) + " uuid=".Length] ^= 1;
            Assert.NotEmpty(Disagreements(expected, Analysed.Lines(changed).Sessions));
        }
    }

    /// <summary>Every start that supersedes a session is a finding, and nothing else is held against the log.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void A_missing_stop_is_found_once(string run, string steps, int count)
    {
        List<Expected> expected = Expectations(run, steps);
        string[] about =
        [
            nameof(FindingKind.StopMissing), nameof(FindingKind.StartMissing), nameof(FindingKind.StartResultMissing),
            nameof(FindingKind.SessionsOverlap), nameof(FindingKind.ResourceOutsideSession),
        ];

        Assert.Equal(count, expected.Count);
        Assert.Equal(
            Enumerable.Repeat(nameof(FindingKind.StopMissing), expected.Count(row => row.State == VirtAuditSessionState.Superseded)),
            Tested.File($"lab17/{run}.log")
                .Where(finding => about.Contains(finding.Kind) && finding.Severity != nameof(FindingSeverity.Information))
                .Select(finding => finding.Kind));
    }

    /// <summary>Nothing stays open of a guest that is gone, and what ended without a record has no time.</summary>
    [Theory]
    [MemberData(nameof(Runs))]
    public void Resources_end_with_their_session(string run, string steps, int count)
    {
        Analysed analysed = Analysed.Files($"lab17/{run}.log");
        var states = analysed.Sessions.ToDictionary(session => session.SessionEventId!, session => session.State);
        List<VirtAuditAssignment> disks = [.. analysed.Assignments.Where(assignment => assignment.ResourceType == "disk")];

        Assert.Equal(count, Expectations(run, steps).Count);
        Assert.All(
            analysed.Assignments.Where(assignment => assignment.IsOpen),
            assignment => Assert.Equal(VirtAuditSessionState.Running, states[assignment.SessionEventId!]));
        Assert.All(
            disks.Where(disk => states[disk.SessionEventId!] == VirtAuditSessionState.Running),
            disk => Assert.True(disk.IsOpen));
        Assert.All(
            disks.Where(disk => states[disk.SessionEventId!] is VirtAuditSessionState.Superseded or VirtAuditSessionState.Interrupted),
            disk => Assert.Equal((states[disk.SessionEventId!], null), (disk.EndReason, disk.EndTime)));
        Assert.All(
            disks.Where(disk => states[disk.SessionEventId!] == VirtAuditSessionState.Superseded),
            disk => Assert.Equal("Unconfirmed", disk.Certainty));
    }

    /// <summary>steps.tsv, G: vda and vdb were held by the guest that died, the one started after it has another disk alone.</summary>
    [Fact]
    public void A_disk_that_was_attached_before_the_daemon_died_is_not_the_next_sessions()
    {
        Analysed analysed = Analysed.Files("lab17/i17-qemu.log");
        string[] sessions =
            [.. analysed.Sessions.Where(session => session.VMName == "i17-g").Select(session => session.SessionEventId!)];
        string[] Disks(string session) =>
        [
            .. analysed.Assignments
                .Where(assignment => assignment.ResourceType == "disk" && assignment.SessionEventId == session)
                .Select(disk => (string)disk.Value!),
        ];

        Assert.Equal(2, sessions.Length);
        Assert.Equal(["/lab/img/i17-g.qcow2", "/lab/img/i17-g2.qcow2"], Disks(sessions[0]).Order(StringComparer.Ordinal));
        Assert.Equal(["/lab/img/i17-g new.qcow2"], Disks(sessions[1]));
    }

    private static bool IsStartOrStop(byte[] line) =>
        line.AsSpan().StartsWith("type=VIRT_CONTROL"u8) && line.AsSpan().IndexOf(" op=st"u8) >= 0;

    /// <summary>The rows that have no session, the sessions that have no row, and where both differ.</summary>
    private static List<string> Disagreements(List<Expected> expected, IEnumerable<VirtAuditSession> sessions)
    {
        List<VirtAuditSession> left = [.. sessions];
        var disagreements = new List<string>();
        foreach (Expected row in expected)
        {
            VirtAuditSession? session = left.Find(session =>
                session.VMName == row.Guest && session.Uuid == row.Uuid && Lies(Begun(session), row.Begun));
            if (session is null || Differs(session, row))
            {
                disagreements.Add($"{row}: {session}, by {session?.EndedBy:O}, {session?.StartReason} {session?.StopReason}");
            }

            left.Remove(session!);
        }

        return [.. disagreements, .. left.Select(session => "no row: " + session)];
    }

    private static bool Differs(VirtAuditSession session, Expected row) =>
        session.Driver != row.Driver || session.State != row.State
        || session.StartReason != row.StartReason || session.StopReason != row.StopReason
        || session.StartMilliseconds.HasValue != row.StartReason is not null || session.EndMilliseconds != row.End
        || session.EndedByMilliseconds.HasValue != row.EndedBy.HasValue
        || (row.EndedBy is Span by && !Lies(session.EndedByMilliseconds, by))
        || session.PeerEventId.Length > 0 || session.IsInferred;

    /// <summary>When the event that names the session was.</summary>
    private static long? Begun(VirtAuditSession session) => Milliseconds(session.SessionEventId![..session.SessionEventId!.IndexOf(':')]);

    private static bool Lies(long? stamp, Span span) => stamp >= span.From - Tick && stamp <= span.To + Tick;

    private static List<Expected> Expectations(string run, string stepsOf)
    {
        string[][] steps = [.. Rows($"lab17/{stepsOf}.steps.tsv")];
        string[][] rows = [.. Rows($"lab17/{run}.sessions.tsv").Skip(1)];
        var expected = rows.Select((row, i) =>
            Expect(row, Array.FindLast(rows[..i], IsOfGuest(row)), Array.Find(rows[(i + 1)..], IsOfGuest(row)), steps)).ToList();

        // format.md §4: the deletion of a stopped guest's snapshot runs an emulator that is labelled; whether a guest ran the log
        // does not tell.
        foreach (string[] step in steps.Where(step => step[2].Contains(" snapshot-delete ", StringComparison.Ordinal)))
        {
            string[] row = Array.Find(rows, row => row[1] == step[4])!;
            expected.Add(new(
                row[0], row[1], Guid.Parse(row[2]), null, SpanOf(step[0], row[4]), VirtAuditSessionState.Unknown, null, null, null));
        }

        return expected;
    }

    private static Predicate<string[]> IsOfGuest(string[] row) => other => other[1] == row[1];

    private static Expected Expect(string[] row, string[]? before, string[]? next, string[][] steps)
    {
        // The row of a container that restarted itself has the time of the step after it for its start (README).
        Span begun = SpanOf(row[3] == "reboot" ? before![7] : row[4], row[5]);
        (string State, string? Reason, long? Time, Span? By) end = row switch
        {
            [.., "yes", string stop, _] => Stopped(stop.Split(' ')),
            _ when row[6] is "HostShutdown" or "HostCrash" => (VirtAuditSessionState.Interrupted, null, null, NextBoot(row[8], steps)),
            _ when row[6] == "Unknown" => (VirtAuditSessionState.Unknown, null, null, null),
            _ when next is null => (VirtAuditSessionState.Running, null, null, null),
            _ => (VirtAuditSessionState.Superseded, null, null, SpanOf(next[4], next[5])),
        };

        string? startReason = end.State == VirtAuditSessionState.Unknown ? null : row[3];
        return new(row[0], row[1], Guid.Parse(row[2]), startReason, begun, end.State, end.Reason, end.Time, end.By);
    }

    private static (string State, string? Reason, long? Time, Span? By) Stopped(string[] record) =>
        (StateOf(record[1]), record[1], Milliseconds(record[0]), null);

    /// <summary>format.md §4: what a stop's reason means.</summary>
    private static string StateOf(string stopReason) => stopReason switch
    {
        "shutdown" => VirtAuditSessionState.Stopped,
        "destroyed" => VirtAuditSessionState.Destroyed,
        "failed" => VirtAuditSessionState.Died,
        "saved" => VirtAuditSessionState.Saved,
        "reboot" => VirtAuditSessionState.Rebooted,
        _ => throw new ArgumentOutOfRangeException(nameof(stopReason), stopReason, null),
    };

    private static Span NextBoot(string after, string[][] steps)
    {
        string[] boot = Array.Find(
            steps,
            step => step[2] == "audit record AUDIT_SYSTEM_BOOT" && Milliseconds(step[0]) > Milliseconds(after))!;
        return SpanOf(boot[0], boot[0]);
    }

    private static Span SpanOf(string from, string to) => new(Milliseconds(from), Milliseconds(to));

    private static long Milliseconds(string seconds) => (long)(decimal.Parse(seconds, CultureInfo.InvariantCulture) * 1000);

    private static IEnumerable<string[]> Rows(string name) => File.ReadLines(TestData.PathOf(name)).Select(line => line.Split('\t'));

    private readonly record struct Span(long From, long To);

    /// <summary>A session that the log must give. <paramref name="StartReason"/> is null where it holds no start of it.</summary>
    private sealed record Expected(
        string Driver, string Guest, Guid Uuid, string? StartReason, Span Begun,
        string State, string? StopReason, long? End, Span? EndedBy);
}
