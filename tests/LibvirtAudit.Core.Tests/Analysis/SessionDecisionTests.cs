using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>design.md §4, "Decisions for the analysis": each row that is about sessions.</summary>
public sealed class SessionDecisionTests
{
    private const string OtherUuid = "22222222-2222-4222-8222-222222222222";

    [Fact]
    public void The_same_name_with_another_uuid_is_another_guest()
    {
        Analysed analysed = Analysed.Text(new Trail().Start().Start(uuid: OtherUuid, vmPid: 501).Stop(uuid: OtherUuid).Lines);

        Assert.Equal([(OtherUuid, VirtAuditSessionState.Stopped), (Trail.Uuid, VirtAuditSessionState.Running)], analysed.Sessions.Select(session => (session.Uuid.ToString()!, session.State!)));
    }

    [Fact]
    public void Without_uuid_the_name_tells_guests_apart()
    {
        Analysed analysed = Analysed.Text(new Trail().Start("one", null).Start("two", null, vmPid: 501).Stop(name: "two", uuid: null).Stop(name: "one", uuid: null).Lines);

        Assert.Equal(["two", "one"], analysed.Sessions.Select(session => session.VMName!));
        Assert.All(analysed.Sessions, session => Assert.Equal(VirtAuditSessionState.Stopped, session.State));
    }

    [Fact]
    public void A_guest_of_another_node_is_another_guest()
    {
        var trail = new Trail { Node = "a" };
        trail.Start();
        trail.Node = "b";
        trail.Stop();
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([("b", null), ("a", VirtAuditSessionState.Running)], analysed.Sessions.Select(session => (session.Node!, session.StartTime is null ? null : session.State)));
    }

    [Theory]
    [InlineData("shutdown", VirtAuditSessionState.Stopped)]
    [InlineData("destroyed", VirtAuditSessionState.Destroyed)]
    [InlineData("failed", VirtAuditSessionState.Died)]
    [InlineData("crashed", VirtAuditSessionState.Crashed)]
    [InlineData("saved", VirtAuditSessionState.Saved)]
    [InlineData("migrated", VirtAuditSessionState.Migrated)]
    [InlineData("from-snapshot", VirtAuditSessionState.Reverted)]
    [InlineData("reboot", VirtAuditSessionState.Rebooted)]
    [InlineData("daemon", VirtAuditSessionState.Stopped)]
    public void The_state_is_what_the_stop_reason_means(string reason, string state)
    {
        VirtAuditSession session = Assert.Single(Analysed.Text(new Trail().Start().Stop(reason).Lines).Sessions);

        Assert.Equal((state, reason, TimeSpan.FromSeconds(1)), (session.State, session.StopReason, session.Duration));
    }

    [Fact]
    public void An_end_before_its_start_keeps_both_without_duration()
    {
        VirtAuditSession session = Assert.Single(Analysed.Text(new Trail().Start().Step(-60_000).Stop().Lines).Sessions);

        Assert.True(session.EndTime < session.StartTime);
        Assert.Null(session.Duration);
        Assert.Equal(VirtAuditSessionState.Stopped, session.State);
    }

    [Fact]
    public void A_failed_start_is_a_session_of_its_own_without_assignments()
    {
        var trail = new Trail();
        trail.Start();
        string running = trail.Last;
        trail.Disk("start", null, "/a", daemon: 2).Start(daemon: 2, reason: "migrated", result: "failed", vmPid: 700).Disk("attach", null, "/b").Stop();
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([VirtAuditSessionState.FailedToStart, VirtAuditSessionState.Stopped], analysed.Sessions.Select(session => session.State!));
        Assert.Equal((1, 1, null), (analysed.Sessions[0].ResourceCount, analysed.Sessions[0].FailureCount, analysed.Sessions[0].EndTime));
        Assert.Empty(analysed.Sessions[0].PeerEventId);
        Assert.Equal((running, 1, 0), (analysed.Sessions[1].SessionEventId, analysed.Sessions[1].ResourceCount, analysed.Sessions[1].FailureCount));
        Assert.Equal("/b", Assert.Single(analysed.Assignments).Value);
    }

    [Fact]
    public void A_start_by_the_same_daemon_supersedes_the_open_session()
    {
        Analysed analysed = Analysed.Text(new Trail().Start().Start(vmPid: 501).Stop().Lines);

        Assert.Equal([VirtAuditSessionState.Superseded, VirtAuditSessionState.Stopped], analysed.Sessions.Select(session => session.State!));
        Assert.Null(analysed.Sessions[0].EndTime);
        Assert.Null(analysed.Sessions[0].StopReason);
        Assert.Equal(analysed.Sessions[1].StartTime, analysed.Sessions[0].EndedBy);
    }

    [Fact]
    public void A_start_by_another_daemon_lives_beside_the_open_session()
    {
        var trail = new Trail();
        string older = trail.Start().Last;
        string younger = trail.Start(daemon: 2, vmPid: 600, reason: "migrated").Last;
        trail.Stop("migrated").Stop("destroyed", daemon: 2);
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([older, younger], analysed.Sessions.Select(session => session.SessionEventId!));
        Assert.Equal([VirtAuditSessionState.Migrated, VirtAuditSessionState.Destroyed], analysed.Sessions.Select(session => session.State!));
        Assert.Equal([[younger], [older]], analysed.Sessions.Select(session => session.PeerEventId));
    }

    /// <summary>A daemon that was restarted says so: which of the two is meant the reason tells.</summary>
    [Fact]
    public void A_stop_with_reason_migrated_closes_the_older()
    {
        var trail = new Trail();
        string older = trail.Start().Last;
        string younger = trail.Start(daemon: 2, vmPid: 600, reason: "migrated").Last;
        Analysed analysed = Analysed.Text(trail.Stop("migrated", daemon: 3).Lines);

        Assert.Equal([(older, VirtAuditSessionState.Migrated), (younger, VirtAuditSessionState.Running)], analysed.Sessions.Select(session => (session.SessionEventId!, session.State!)));
    }

    /// <summary>format.md §2: -1 and 0 are no process; without a result they tell that the start failed.</summary>
    [Theory]
    [InlineData(7001L, null, VirtAuditSessionState.Running)]
    [InlineData(0L, null, VirtAuditSessionState.FailedToStart)]
    [InlineData(-1L, null, VirtAuditSessionState.FailedToStart)]
    [InlineData(null, null, VirtAuditSessionState.Unknown)]
    [InlineData(-1L, "success", VirtAuditSessionState.Running)]
    [InlineData(null, "success", VirtAuditSessionState.Running)]
    [InlineData(7001L, "failed", VirtAuditSessionState.FailedToStart)]
    public void The_process_tells_where_the_result_is_missing(long? process, string? result, string state)
    {
        var start = new VirtAuditRecord { RecordTypeId = 2500, Operation = "start", Reason = "booted", Result = result, VMName = "g", VMProcessId = process };
        VirtAuditSession session = Assert.Single(Analysed.Records([start]).Sessions);

        Assert.Equal((state, process > 0 ? process : null), (session.State, session.VMProcessId));
    }

    /// <summary>Lines of a short form have no year, so that their records have no stamp.</summary>
    [Fact]
    public void A_session_without_times_says_why()
    {
        var start = new VirtAuditRecord { RecordTypeId = 2500, Operation = "start", Reason = "booted", Result = "success", VMName = "g", VMProcessId = 5 };
        VirtAuditSession session = Assert.Single(Analysed.Records([start]).Sessions);

        Assert.Equal((null, true), (session.StartTime, session.Note?.Contains("year", StringComparison.Ordinal)));
        Assert.Null(Assert.Single(Analysed.Text(new Trail().Start().Lines).Sessions).Note);
    }

    [Fact]
    public void A_migration_between_nodes_is_tied()
    {
        var trail = new Trail { Node = "a" };
        trail.Start();
        trail.Node = "b";
        trail.Start(daemon: 7, reason: "migrated", vmPid: 40);
        trail.Node = "a";
        trail.Stop("migrated");
        trail.Node = "b";
        trail.Stop("shutdown", daemon: 7);
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([("a", VirtAuditSessionState.Migrated), ("b", VirtAuditSessionState.Stopped)], analysed.Sessions.Select(session => (session.Node!, session.State!)));
        Assert.Equal([analysed.Sessions[1].SessionEventId!], analysed.Sessions[0].PeerEventId);
        Assert.Equal([analysed.Sessions[0].SessionEventId!], analysed.Sessions[1].PeerEventId);
        Assert.StartsWith("node=b ", analysed.Sessions[0].PeerEventId[0], StringComparison.Ordinal);
    }

    /// <summary>Two hosts' own logs, read one after the other: the side that is known later is tied to the one before, never another session.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_migration_is_tied_where_each_node_has_its_own_log(bool sourceFirst)
    {
        var source = new Trail { Node = "a" };
        source.Start().Stop().Start(vmPid: 501).Step(5000).Stop("migrated");
        var destination = new Trail { Node = "b" };
        destination.Step(4500).Start(reason: "migrated", vmPid: 9).Step(10_000).Stop();
        Analysed analysed = Analysed.Text(sourceFirst ? [.. source.Lines, .. destination.Lines] : [.. destination.Lines, .. source.Lines]);

        VirtAuditSession migrated = Assert.Single(analysed.Sessions, session => session.State == VirtAuditSessionState.Migrated);
        VirtAuditSession arrived = Assert.Single(analysed.Sessions, session => session.StartReason == "migrated");
        Assert.Equal([sourceFirst ? migrated.SessionEventId! : arrived.SessionEventId!], (sourceFirst ? arrived : migrated).PeerEventId);
        Assert.Empty(Assert.Single(analysed.Sessions, session => session is { Node: "a", State: VirtAuditSessionState.Stopped }).PeerEventId);
    }

    [Fact]
    public void A_stop_without_start_is_a_session_without_start()
    {
        VirtAuditSession session = Assert.Single(Analysed.Text(new Trail().Stop("destroyed").Lines).Sessions);

        Assert.Equal((null, null, VirtAuditSessionState.Destroyed), (session.StartTime, session.Duration, session.State));
        Assert.NotNull(session.EndTime);
        Assert.Single(session.Evidence);
    }

    [Fact]
    public void What_is_attached_to_a_guest_that_never_started_tells_of_a_running_session()
    {
        Analysed analysed = Analysed.Text(new Trail().Grant("allow", "class=path path=\"/dev/sdb\" rdev=08:10 acl=rw").Disk("attach", null, "/dev/sdb").Stop().Lines);

        VirtAuditSession session = Assert.Single(analysed.Sessions);
        Assert.Equal((null, VirtAuditSessionState.Stopped, 2), (session.StartTime, session.State, session.ResourceCount));
        Assert.All(analysed.Assignments, assignment => Assert.Equal(session.SessionEventId, assignment.SessionEventId));
        Assert.Equal(2, analysed.Assignments.Count);
    }

    [Fact]
    public void A_boot_interrupts_the_nodes_sessions_and_no_others()
    {
        var trail = new Trail { Node = "a" };
        trail.Start().Disk("attach", null, "/x");
        trail.Node = "b";
        trail.Start(uuid: OtherUuid);
        trail.Node = "a";
        trail.Reboot().Event("SYSTEM_BOOT", "pid=789 uid=0 auid=4294967295 ses=4294967295 msg=' comm=\"systemd-update-utmp\" exe=\"/usr/lib/systemd/systemd-update-utmp\" hostname=? addr=? terminal=? res=success'");
        string boot = "node=a " + trail.Last;
        trail.Start(vmPid: 9);
        Analysed analysed = Analysed.Text(trail.Lines);

        VirtAuditSession interrupted = analysed.Sessions[0];
        Assert.Equal(("a", VirtAuditSessionState.Interrupted, null, null), (interrupted.Node, interrupted.State, interrupted.EndTime, interrupted.StopReason));
        Assert.Contains(boot, interrupted.Evidence);
        Assert.NotNull(interrupted.EndedBy);
        Assert.Equal((VirtAuditSessionState.Interrupted, null, false), (analysed.Assignments[0].EndReason, analysed.Assignments[0].EndTime, analysed.Assignments[0].IsOpen));
        Assert.Equal([VirtAuditSessionState.Running, VirtAuditSessionState.Running], analysed.Sessions.Skip(1).Select(session => session.State!));
    }

    [Fact]
    public void A_shutdown_interrupts_what_is_not_stopped_after_it()
    {
        var trail = new Trail();
        trail.Start().Start("db01", OtherUuid, vmPid: 501).Event("SYSTEM_SHUTDOWN", "pid=1 uid=0");
        string shutdown = trail.Last;
        Analysed analysed = Analysed.Text(trail.Stop().Lines);

        Assert.Equal([("web01", VirtAuditSessionState.Stopped), ("db01", VirtAuditSessionState.Interrupted)], analysed.Sessions.Select(session => (session.VMName!, session.State!)));
        Assert.Contains(shutdown, analysed.Sessions[1].Evidence);
        Assert.Null(analysed.Sessions[1].EndTime);
    }

    [Fact]
    public void Auditds_end_and_start_end_nothing_but_leave_sessions_unobserved()
    {
        var trail = new Trail();
        trail.Start().Event("DAEMON_END", "op=terminate res=success").Event("DAEMON_START", "op=start res=success").Start("db01", OtherUuid, vmPid: 501).Stop().Stop(name: "db01", uuid: OtherUuid);
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([("web01", VirtAuditSessionState.Stopped, true), ("db01", VirtAuditSessionState.Stopped, false)], analysed.Sessions.Select(session => (session.VMName!, session.State!, session.Unobserved)));
    }

    [Fact]
    public void What_comes_before_a_start_belongs_to_it()
    {
        var trail = new Trail();
        trail.Label("system_u:system_r:svirt_t:s0:c1,c2").Label("+107:+107", "dac")
            .Resource("net", "open", "net=52:54:00:aa:00:01 path=\"/dev/net/tun\" rdev=0A:C8")
            .Grant("deny", "class=all").Grant("allow", "class=major category=pty maj=88 acl=rw")
            .Disk("start", null, "/a").Start().Stop();
        Analysed analysed = Analysed.Text(trail.Lines);

        VirtAuditSession session = Assert.Single(analysed.Sessions);
        Assert.Equal(["selinux system_u:system_r:svirt_t:s0:c1,c2", "dac +107:+107"], session.Labels);
        Assert.Equal((4, 4), (session.ResourceCount, session.Evidence.Length));
        Assert.Equal(["disk", "net", "cgroup"], analysed.Assignments.Select(assignment => assignment.ResourceType!).OrderBy(type => Array.IndexOf(["disk", "net", "cgroup"], type)));
    }

    [Fact]
    public void Resources_of_an_incoming_guest_are_not_the_outgoing_ones()
    {
        var trail = new Trail();
        trail.Disk("start", null, "/a").Start().Label("+0:+0", "dac", daemon: 2).Grant("deny", "class=all", daemon: 2).Disk("start", null, "/a", daemon: 2);
        trail.Disk("attach", null, "/only-here").Start(daemon: 2, reason: "migrated", vmPid: 9).Stop("migrated").Stop(daemon: 2);
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([2, 2], analysed.Sessions.Select(session => session.ResourceCount));
        Assert.Equal(["/a", "/only-here", "/a"], analysed.Assignments.Select(assignment => assignment.Value!));
    }

    [Fact]
    public void A_daemon_that_was_restarted_speaks_of_the_same_session()
    {
        var trail = new Trail();
        trail.Start().Grant("allow", "class=path path=\"/dev/sdb\" rdev=08:10 acl=rw", daemon: 2).Disk("attach", null, "/dev/sdb", daemon: 2).Start(daemon: 2, vmPid: 501);
        Analysed analysed = Analysed.Text(trail.Lines);

        Assert.Equal([VirtAuditSessionState.Superseded, VirtAuditSessionState.Running], analysed.Sessions.Select(session => session.State!));
        Assert.Equal([2, 0], analysed.Sessions.Select(session => session.ResourceCount));
    }

    [Fact]
    public void A_start_of_which_no_outcome_is_known_is_unknown()
    {
        Analysed analysed = Analysed.Text(new Trail().Label("+0:+0", "dac").Disk("start", null, "/a").Label("+0:+0", "dac").Start().Lines);

        Assert.Equal([VirtAuditSessionState.Unknown, VirtAuditSessionState.Running], analysed.Sessions.Select(session => session.State!));
        Assert.Equal(("/a", "Unconfirmed", false), (Assert.Single(analysed.Assignments).Value, analysed.Assignments[0].Certainty, analysed.Assignments[0].IsOpen));
    }

    [Fact]
    public void A_container_that_reboots_has_two_sessions_and_its_inits_pid()
    {
        Analysed analysed = Analysed.Files("lxc-enriched.log");

        Assert.Equal([(VirtAuditSessionState.Rebooted, 17912L), (VirtAuditSessionState.Stopped, 17928L)],
            analysed.Sessions.Where(session => session.VMName == "ct-reboot").Select(session => (session.State!, session.InitProcessId!.Value)));
    }

    /// <summary>The evidence is what a person would look up: it names events that are there, and the right ones.</summary>
    [Fact]
    public void Evidence_names_labels_start_and_stop()
    {
        var trail = new Trail { Node = "kvm 1"[..3] };
        string label = trail.Label("+0:+0", "dac").Last, start = trail.Start().Last, stop = trail.Stop().Last;

        Assert.Equal([$"node=kvm {label}", $"node=kvm {start}", $"node=kvm {stop}"], Assert.Single(Analysed.Text(trail.Lines).Sessions).Evidence);
    }
}
