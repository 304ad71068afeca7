using System.Globalization;
using System.Runtime.InteropServices;
using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>By what a summary is divided.</summary>
public enum SummaryGrouping
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Guests.</summary>
    Guest,

    /// <summary>Hosts, each as the log names it first.</summary>
    Node,

    /// <summary>Drivers.</summary>
    Driver,

    /// <summary>Hours of local time.</summary>
    Hour,

    /// <summary>Days of local time.</summary>
    Day,

    /// <summary>Weeks of ISO 8601.</summary>
    Week,

    /// <summary>Months.</summary>
    Month,

    /// <summary>Years.</summary>
    Year,
}

/// <summary>Counts what an analysis hands out; an assignment counts where it begins.</summary>
internal sealed class SummaryTracker
{
    private readonly Dictionary<(string? Group, Guid? Uuid), VirtAuditSummary> _groups = new(UuidComparer.Instance);
    private readonly SummaryGrouping _grouping;
    private readonly HostNames _hosts;
    private readonly long? _from;
    private readonly long? _to;
    private VirtAuditSummary? _latest;
    private GuestKey _latestGuest;
    private (DateTime Hour, string Name) _period = (DateTime.MaxValue, "");

    /// <param name="grouping">By what to divide.</param>
    /// <param name="hosts">Which names are of one host.</param>
    /// <param name="from">The first moment that counts, in milliseconds since 1970-01-01 UTC; null for no limit.</param>
    /// <param name="to">The last moment that counts; null for no limit.</param>
    internal SummaryTracker(SummaryGrouping grouping, HostNames hosts, long? from = null, long? to = null)
    {
        _grouping = grouping;
        _hosts = hosts;
        _from = from;
        _to = to;
        if (grouping == SummaryGrouping.None)
        {
            _groups.Add((null, null), new VirtAuditSummary());
        }
    }

    internal int Malformed { get; set; }

    internal int Repeated { get; set; }

    internal long PossibleRepeats { get; set; }

    internal void Add(VirtAuditRecord record)
    {
        if (GroupOf(record.UnixMilliseconds, record.VMName, record.Uuid, record.Node, record.Driver) is not VirtAuditSummary group)
        {
            return;
        }

        group.Records++;
        if (record.UnixMilliseconds is long stamp)
        {
            group.FirstMilliseconds = Math.Min(group.FirstMilliseconds ?? stamp, stamp);
            group.LastMilliseconds = Math.Max(group.LastMilliseconds ?? stamp, stamp);
        }

        // Most records are of the same guest as the one before, in the same group.
        string? host = _hosts.Of(record.Node);
        if ((group != _latest || !_latestGuest.IsOf(record, host)) && GuestKey.Of(record, host) is GuestKey guest)
        {
            group.SeenGuests.Add(guest);
            _latest = group;
            _latestGuest = guest;
        }

        bool failed = record.Result == "failed";
        bool control = record.RecordTypeId == RecordTypes.Control;
        group.Failures += failed ? 1 : 0;
        group.Starts += control && record.Operation == "start" && !failed ? 1 : 0;
        group.FailedStarts += control && record.Operation == "start" && failed ? 1 : 0;
        group.Stops += control && record.Operation == "stop" && !failed ? 1 : 0;
    }

    internal void Add(VirtAuditAssignment assignment)
    {
        if (assignment.Result != "failed" && assignment.ResourceType is string type
            && GroupOf(assignment.StartMilliseconds ?? assignment.EndMilliseconds, assignment.VMName, assignment.Uuid, assignment.Node, assignment.Driver) is VirtAuditSummary group)
        {
            group.Assignments++;
            CollectionsMarshal.GetValueRefOrAddDefault(group.Types, type, out _)++;
        }
    }

    internal void Add(VirtAuditIncident incident)
    {
        if (incident.TiedBy is not null
            && GroupOf(incident.UnixMilliseconds, incident.VMName, incident.Uuid, incident.Node, incident.Driver) is VirtAuditSummary group)
        {
            group.Denials += incident is { Kind: IncidentReader.Denial, Effect: IncidentEffect.Blocked } ? 1 : 0;
            group.WouldBlock += incident is { Kind: IncidentReader.Denial, Effect: IncidentEffect.WouldBlock } ? 1 : 0;
            group.Anomalies += incident.Kind != IncidentReader.Denial ? 1 : 0;
        }
    }

    /// <summary>The summaries, in the order of their groups.</summary>
    internal IEnumerable<VirtAuditSummary> Complete()
    {
        foreach (VirtAuditSummary group in _groups.Values.OrderBy(group => group.Group, StringComparer.OrdinalIgnoreCase).ThenBy(group => group.Uuid))
        {
            group.Guests = group.SeenGuests.Count;
            group.AssignmentsByType = [.. group.Types.OrderBy(type => type.Key, StringComparer.Ordinal).Select(type => string.Create(CultureInfo.InvariantCulture, $"{type.Key}={type.Value}"))];
            if (_grouping == SummaryGrouping.None)
            {
                group.Malformed = Malformed;
                group.Repeated = Repeated;
                group.PossibleRepeats = PossibleRepeats;
            }

            yield return group;
        }
    }

    private VirtAuditSummary? GroupOf(long? stamp, string? guest, Guid? uuid, string? node, string? driver)
    {
        if ((_from is not null || _to is not null) && (stamp is not long moment || moment < (_from ?? moment) || moment > (_to ?? moment)))
        {
            return null;
        }

        (string? Group, Guid? Uuid) key = _grouping switch
        {
            SummaryGrouping.None => (null, null),
            SummaryGrouping.Guest => (guest, uuid),
            SummaryGrouping.Node => (_hosts.Of(node), null),
            SummaryGrouping.Driver => (driver, null),
            _ => (stamp is long time ? Period(VirtAuditRecord.ToLocalTime(time)) : null, null),
        };
        if (!_groups.TryGetValue(key, out VirtAuditSummary? group))
        {
            _groups.Add(key, group = new VirtAuditSummary { Group = _grouping == SummaryGrouping.Node ? node : key.Group, Uuid = key.Uuid });
        }

        return group;
    }

    /// <summary>The period of a moment; most are in the same hour as the one before.</summary>
    private string Period(DateTime time)
    {
        var hour = new DateTime(time.Year, time.Month, time.Day, time.Hour, 0, 0, time.Kind);
        if (hour != _period.Hour)
        {
            _period = (hour, NameOf(hour));
        }

        return _period.Name;
    }

    private string NameOf(DateTime time) => _grouping switch
    {
        SummaryGrouping.Hour => time.ToString("yyyy-MM-dd HH':00'", CultureInfo.InvariantCulture),
        SummaryGrouping.Day => time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
        SummaryGrouping.Week => string.Create(CultureInfo.InvariantCulture, $"{ISOWeek.GetYear(time)}-W{ISOWeek.GetWeekOfYear(time):00}"),
        SummaryGrouping.Month => time.ToString("yyyy-MM", CultureInfo.InvariantCulture),
        _ => time.ToString("yyyy", CultureInfo.InvariantCulture),
    };
}
