using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>design.md §4, "Decisions for the analysis": each row that is about assignments.</summary>
public sealed class AssignmentDecisionTests
{
    [Fact]
    public void A_media_change_ends_the_old_and_begins_the_new()
    {
        Analysed analysed = Analysed.Text(new Trail().Disk("start", null, "/cd1").Start().Disk("update", "/cd1", "/cd2").Disk("update", "/cd2", null).Disk("update", null, "/cd3").Stop().Lines);

        Assert.Equal([("/cd1", "start", "update"), ("/cd2", "update", "update"), ("/cd3", "update", "shutdown")], Told(analysed));
        Assert.Equal(analysed.Assignments[0].EndTime, analysed.Assignments[1].StartTime);
    }

    [Fact]
    public void A_snapshot_ends_the_old_and_begins_the_new() =>
        Assert.Equal([("/base", "start", "snapshot"), ("/overlay", "snapshot", "destroyed")],
            Told(Analysed.Text(new Trail().Disk("start", null, "/base").Start().Disk("snapshot", "/base", "/overlay").Stop("destroyed").Lines)));

    [Fact]
    public void A_mirror_is_added_and_unconfirmed()
    {
        Analysed analysed = Analysed.Text(new Trail().Disk("start", null, "/base").Start().Disk("mirror", null, "/copy").Stop().Lines);

        Assert.Equal([("/base", "Confirmed"), ("/copy", "Unconfirmed")], analysed.Assignments.Select(assignment => ((string)assignment.Value!, assignment.Certainty!)));
        Assert.All(analysed.Assignments, assignment => Assert.Equal("shutdown", assignment.EndReason));
    }

    [Fact]
    public void A_detach_without_attach_has_no_start()
    {
        VirtAuditAssignment assignment = Assert.Single(Analysed.Text(new Trail().Start().Resource("rng", "detach", "old-rng=\"/dev/random\" new-rng=\"?\"").Lines).Assignments);

        Assert.Equal((null, null, "detach", "/dev/random"), (assignment.StartTime, assignment.Duration, assignment.EndReason, assignment.Value));
        Assert.NotNull(assignment.EndTime);
        Assert.Single(assignment.Evidence);
    }

    [Fact]
    public void The_same_value_twice_is_two_assignments_and_a_detach_ends_the_older()
    {
        const string Redirected = "bus=usb device=555342207265646972646576";
        Analysed analysed = Analysed.Text(new Trail().Start().Resource("dev", "attach", Redirected).Resource("dev", "attach", Redirected).Resource("dev", "detach", Redirected).Stop().Lines);

        Assert.Equal([("USB redirdev", "attach", "detach"), ("USB redirdev", "attach", "shutdown")], Told(analysed));
        Assert.True(analysed.Assignments[0].StartTime < analysed.Assignments[1].StartTime);
    }

    [Fact]
    public void Each_count_lasts_until_the_next()
    {
        var trail = new Trail();
        trail.Resource("mem", "start", "old-mem=0 new-mem=1024").Start().Resource("mem", "update", "old-mem=1024 new-mem=2048")
            .Resource("mem", "update", "old-mem=2048 new-mem=4096", result: "failed").Stop();
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([(1024L, "success"), (4096L, "failed"), (2048L, "success")], analysed.Assignments.Select(assignment => ((long)assignment.Value!, assignment.Result!)));
        Assert.Equal("shutdown", analysed.Assignments[2].EndReason);
        Assert.False(analysed.Assignments[1].HeldAt(analysed.Assignments[1].StartTime!.Value));
    }

    [Fact]
    public void A_count_that_changes_in_a_session_without_start_tells_of_the_one_before()
    {
        Analysed analysed = Analysed.Text(new Trail().Resource("vcpu", "update", "old-vcpu=2 new-vcpu=4").Lines);

        Assert.Equal([(2L, true, false), (4L, false, true)], analysed.Assignments.Select(assignment => ((long)assignment.Value!, assignment.StartTime is null, assignment.IsOpen)));
    }

    [Fact]
    public void Grants_end_with_the_deny_of_their_device_or_of_all()
    {
        var trail = new Trail();
        trail.Grant("deny", "class=all").Grant("allow", "class=path path=\"/dev/null\" rdev=01:03 acl=rw").Grant("allow", "class=major category=pty maj=88 acl=rw").Start()
            .Grant("allow", "class=path path=\"/dev/sdb\" rdev=08:10 acl=rw").Grant("allow", "class=path path=\"/dev/sdb\" rdev=08:10 acl=rw")
            .Grant("deny", "class=path path=\"/dev/sdb\" rdev=08:10 acl=rwm", "failed").Grant("deny", "class=path path=\"/dev/sdb\" rdev=08:10 acl=rwm")
            .Grant("deny", "class=major category=pty maj=88 acl=rwm").Stop();
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([("/dev/sdb", "allow", "deny"), ("/dev/sdb", "allow", "deny"), ("pty", "allow", "deny"), ("/dev/null", "allow", "shutdown")], Told(analysed));
        Assert.Equal(("rw", "08:10"), (analysed.Assignments[0].Access, analysed.Assignments[0].DeviceNumber));
    }

    [Fact]
    public void A_deny_of_all_ends_all_grants_and_nothing_else()
    {
        Analysed analysed = Analysed.Text(new Trail().Grant("allow", "class=path path=\"/dev/a\" rdev=? acl=rw").Disk("start", null, "/d").Grant("allow", "class=all").Grant("deny", "class=all").Start().Lines);

        Assert.Equal([("/dev/a", "allow", "deny"), ("all", "allow", "deny"), ("/d", "start", null)], Told(analysed));
    }

    [Fact]
    public void A_failed_attach_is_an_attempt_and_a_failed_detach_changes_nothing()
    {
        Analysed analysed = Analysed.Text(new Trail().Start().Disk("attach", null, "/x", "failed").Disk("attach", null, "/x").Disk("detach", "/x", null, "failed").Stop().Lines);

        Assert.Equal([("/x", "failed", "failed"), ("/x", "success", "shutdown")], analysed.Assignments.Select(assignment => ((string)assignment.Value!, assignment.Result!, assignment.EndReason!)));
        Assert.Equal(analysed.Assignments[0].StartTime, analysed.Assignments[0].EndTime);
    }

    [Fact]
    public void A_device_opened_for_an_interface_ends_with_the_interface()
    {
        var trail = new Trail();
        trail.Start().Resource("net", "open", "net=52:54:00:aa:00:01 path=\"/dev/net/tun\" rdev=0A:C8").Resource("net", "open", "net=52:54:00:aa:00:01 path=\"/dev/vhost-net\" rdev=0A:EE")
            .Resource("net", "attach", "old-net=\"?\" new-net=\"52:54:00:aa:00:01\"").Resource("net", "detach", "old-net=\"52:54:00:aa:00:01\" new-net=\"?\"");
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([("52:54:00:aa:00:01", "attach", "detach"), ("/dev/net/tun", "open", "detach"), ("/dev/vhost-net", "open", "detach")], Told(analysed));
        Assert.All(analysed.Assignments.Skip(1), assignment => Assert.Equal("52:54:00:aa:00:01", assignment.MacAddress));
    }

    [Fact]
    public void Every_resource_type_of_the_grammar_is_assigned()
    {
        foreach (string type in Format.Grammar.ValuesOf(Format.RecordField.ResourceType))
        {
            Format.RecordShape shape = Format.Grammar.Shapes.First(shape => shape.Find(Format.RecordField.ResourceType)?.FixedValue == type);
            var record = new VirtAuditRecord
            {
                RecordType = "VIRT_RESOURCE", RecordTypeId = 2501, ResourceType = type, Reason = shape.Find(Format.RecordField.Reason)!.Values[0], Result = "success", VMName = "g",
                NewValue = shape.Find(Format.RecordField.NewValue) is { } field ? (field.Form == Format.FieldForm.Number ? 4L : "/v") : null,
                Device = shape.Find(Format.RecordField.Device) is null ? null : "/v", HostDisk = shape.Find(Format.RecordField.HostDisk) is null ? null : "/v",
                DevicePath = shape.Find(Format.RecordField.DevicePath) is null ? null : "/v", CgroupClass = shape.Find(Format.RecordField.CgroupClass)?.FixedValue,
            };
            var start = new VirtAuditRecord { RecordTypeId = 2500, Operation = "start", Reason = "booted", Result = "success", VMName = "g", VMProcessId = 1 };

            Assert.Equal(type, Assert.Single(Analysed.Records([record, start]).Assignments).ResourceType);
        }
    }

    [Fact]
    public void The_end_of_the_log_leaves_assignments_open()
    {
        VirtAuditAssignment assignment = Assert.Single(Analysed.Text(new Trail().Disk("start", null, "/a").Start().Lines).Assignments);

        Assert.Equal((true, null, null), (assignment.IsOpen, assignment.EndTime, assignment.EndReason));
        Assert.True(assignment.HeldAt(DateTime.Now));
        Assert.False(assignment.HeldAt(assignment.StartTime!.Value.AddSeconds(-1)));
    }

    [Fact]
    public void What_was_held_at_a_moment_ends_with_its_end()
    {
        VirtAuditAssignment assignment = Assert.Single(Analysed.Text(new Trail().Start().Disk("attach", null, "/a").Disk("detach", "/a", null).Lines).Assignments);

        Assert.Equal([false, true, false], new[] { -1.0, 0.0, 1.0 }.Select(seconds => assignment.HeldAt(assignment.StartTime!.Value.AddSeconds(seconds))));
    }

    private static IEnumerable<(string Value, string? Start, string? End)> Told(Analysed analysed) =>
        analysed.Assignments.Select(assignment => ((string)assignment.Value!, assignment.StartReason, assignment.EndReason));
}
