using System.Text.Json;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Without a taker of assignments most of them are not kept: nothing else may come out otherwise.</summary>
public sealed class UnaskedTests
{
    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    [InlineData("qemu-fakehw-enriched.log")]
    [InlineData("selinux-incidents.log")]
    [InlineData("umsg-enriched.log")]
    public void Sessions_and_incidents_are_the_same_without_assignments(string file)
    {
        AssertSame(TestData.Lines(file));
    }

    /// <summary>Out of their order records attach, detach, merge and supersede in ways that no daemon writes.</summary>
    [Theory]
    [InlineData("qemu-enriched.log", 1)]
    [InlineData("selinux-incidents.log", 2)]
    [InlineData("selinux-incidents.log", 3)]
    public void So_they_are_in_any_disorder(string file, int seed)
    {
        byte[][] lines = [.. TestData.Lines(file)];
        new Random(seed).Shuffle(lines);

        AssertSame(lines);
    }

    /// <summary>A denial is tied by the path in use, and is not any more when the disk is detached.</summary>
    [Theory]
    [InlineData(false, "vm", 1)]
    [InlineData(true, null, 0)]
    public void A_path_in_use_ties_a_denial_though_nobody_asks_for_assignments(bool detached, string? expected, int denials)
    {
        Trail trail = new Trail().Start().Disk("attach", null, "/shared/a.img");
        trail = detached ? trail.Disk("detach", "/shared/a.img", null) : trail;
        string[] lines = trail.Event("AVC", "avc:  denied  { read } for  pid=9 comm=\"x\" path=\"/shared/a.img\" scontext=a:b:c:s0 tcontext=a:b:c:s0 tclass=file permissive=0").Lines;

        Analysed analysed = Analysed.Lines(lines.Select(System.Text.Encoding.UTF8.GetBytes), withAssignments: false);

        Assert.Empty(analysed.Assignments);
        Assert.Equal(expected is null ? null : analysed.Sessions[0].VMName, Assert.Single(analysed.Incidents).VMName);
        Assert.Equal(denials, Assert.Single(analysed.Sessions).DenialCount);
    }

    private static void AssertSame(IReadOnlyCollection<byte[]> lines)
    {
        Analysed all = Analysed.Lines(lines), some = Analysed.Lines(lines, withAssignments: false);

        Assert.NotEmpty(all.Sessions);
        Assert.Equal(all.Sessions.Select(session => JsonSerializer.Serialize(session)), some.Sessions.Select(session => JsonSerializer.Serialize(session)));
        Assert.Equal(all.Incidents.Select(incident => JsonSerializer.Serialize(incident)), some.Incidents.Select(incident => JsonSerializer.Serialize(incident)));
    }
}
