using LibvirtAudit.Analysis;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>What is ordered and compared uses the stamp; local time is only shown.</summary>
[Collection(RunsAlone.Name)]
public sealed class TimeZoneTests
{
    // 2026-10-25: in Berlin 03:00 becomes 02:00 at 01:00 UTC, so that local times repeat.
    private const long BeforeTheHourRepeats = 1_792_888_200_000; // 00:30 UTC, 02:30 summer time

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/St_Johns")]
    public void Sessions_across_a_repeated_hour_keep_their_order_and_length(string zone) => LocalTime.In(zone, () =>
    {
        var trail = new Trail();
        trail.Step(BeforeTheHourRepeats - 1_700_000_000_000).Disk("start", null, "/a").Start().Step(1_800_000).Disk("attach", null, "/b").Step(600_000).Stop();
        Analysed analysed = Analysed.Text(trail.Lines);

        VirtAuditSession session = Assert.Single(analysed.Sessions);
        Assert.Equal(TimeSpan.FromSeconds(2402), session.Duration);
        Assert.Equal(DateTimeKind.Local, session.StartTime!.Value.Kind);
        VirtAuditAssignment later = Assert.Single(analysed.Assignments, assignment => Equals(assignment.Value, "/b"));
        Assert.Equal(TimeSpan.FromSeconds(601), later.Duration);
        Assert.False(later.HeldAt(BeforeTheHourRepeats + 2000));
        Assert.True(later.HeldAt(BeforeTheHourRepeats + 1_810_000));
        if (zone == "Europe/Berlin")
        {
            Assert.True(session.EndTime < session.StartTime!.Value.AddHours(1), "the hour repeats");
            Assert.Equal((2, 2), (session.StartTime.Value.Hour, session.EndTime!.Value.Hour));
        }
    });

    [Theory]
    [InlineData("UTC")]
    [InlineData("Europe/Berlin")]
    [InlineData("America/St_Johns")]
    public void The_capture_tells_the_same_everywhere(string zone)
    {
        string[] here = Told(), there = [];
        LocalTime.In(zone, () => there = Told());

        Assert.Equal(here, there);

        static string[] Told() => [.. Analysed.Files("lxc-enriched.log").Sessions.Select(session => $"{session.SessionEventId} {session.StartTime?.ToUniversalTime():O} {session.EndTime?.ToUniversalTime():O} {session.Duration}")];
    }
}
