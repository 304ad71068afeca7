using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>Many guests, many nodes, missing ends, no order: the result, and that every record is accounted for.</summary>
public sealed class ScaleTests
{
    [Fact]
    public void Ten_thousand_guests_with_missing_stops()
    {
        const int Guests = 10_000;
        IEnumerable<VirtAuditRecord> log = Enumerable.Range(0, Guests).Select(guest => Control(guest, "start", guest))
            .Concat(Enumerable.Range(0, Guests).Where(guest => guest % 3 == 0).Select(guest => Control(Guests + guest, "stop", guest)))
            .Concat(Enumerable.Range(0, Guests).Where(guest => guest % 3 == 1).Select(guest => Control((2 * Guests) + guest, "start", guest)));

        List<VirtAuditSession> sessions = Analysed.Records(log).Sessions;

        Assert.Equal(3334, sessions.Count(session => session.State == VirtAuditSessionState.Stopped));
        Assert.Equal(3333, sessions.Count(session => session.State == VirtAuditSessionState.Superseded));
        Assert.Equal(3333 + 3333, sessions.Count(session => session.State == VirtAuditSessionState.Running));
        Assert.All(sessions.Where(session => session.State != VirtAuditSessionState.Stopped), session => Assert.Null(session.EndTime));
    }

    /// <summary>One guest on each of a thousand nodes, all of one name, interleaved: none touches another.</summary>
    [Fact]
    public void A_thousand_nodes_are_independent()
    {
        const int Nodes = 1000;
        IEnumerable<VirtAuditRecord> log = Enumerable.Range(0, Nodes * 4).Select(i =>
            Control(i / Nodes, i / Nodes % 2 == 0 ? "start" : "stop", 1, "node" + (i % Nodes).ToString(CultureInfo.InvariantCulture), uuid: Guid.NewGuid, name: "web01"));

        List<VirtAuditSession> sessions = Analysed.Records(log).Sessions;

        Assert.Equal(2 * Nodes, sessions.Count);
        Assert.All(sessions, session => Assert.Equal((VirtAuditSessionState.Stopped, TimeSpan.FromSeconds(1), 0), (session.State, session.Duration, session.PeerEventId.Length)));
        Assert.Equal(Nodes, sessions.Select(session => session.Node).Distinct().Count());
    }

    /// <summary>Whatever the order of the records: every start and every stop that says something is accounted for once.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void In_any_disorder_every_start_is_a_session(int seed)
    {
        var random = new Random(seed);
        VirtAuditRecord[] log = [.. Enumerable.Range(0, 30_000).Select(i => Control(i, random.Next(2) == 0 ? "start" : "stop", random.Next(400), daemon: random.Next(3)))];
        random.Shuffle(log);

        List<VirtAuditSession> sessions = Analysed.Records(log).Sessions;

        Assert.Equal(log.Count(record => record.Operation == "start"), sessions.Count(session => session.StartTime is not null));
        Assert.Equal(log.Count(record => record.Operation == "stop"), sessions.Count(session => session.StopReason is not null));
    }

    internal static VirtAuditRecord Control(int second, string operation, int guest, string? node = null, int daemon = 1, Func<Guid>? uuid = null, string? name = null) => new()
    {
        EventId = string.Create(CultureInfo.InvariantCulture, $"{1_700_000_000 + second}.000:{second}"),
        UnixMilliseconds = (1_700_000_000L + second) * 1000,
        Serial = (ulong)second,
        Node = node,
        ProcessId = daemon,
        RecordType = "VIRT_CONTROL",
        RecordTypeId = 2500,
        Operation = operation,
        Reason = operation == "start" ? "booted" : "shutdown",
        Result = "success",
        VMName = name ?? "g" + guest.ToString(CultureInfo.InvariantCulture),
        Uuid = uuid is null ? Uuid(guest) : node is null ? uuid() : Uuid(node.GetHashCode(StringComparison.Ordinal)),
        VMProcessId = operation == "start" ? 1000 + guest : 0,
    };

    internal static Guid Uuid(int guest) => new(guest, 1, 1, new byte[8]);
}
