using System.Collections;
using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Findings;

namespace LibvirtAudit.Views;

/// <summary>The columns of the views of sessions, assignments, incidents and summaries, live and deserialized. Nothing that they give can move a cursor.</summary>
public static class AnalysisColumns
{
    private const string Red = "\u001b[31m";
    private const string Reset = "\u001b[0m";
    private const int MostEvents = 4;

    /// <summary>A local time to the second; <c>-</c> where there is none.</summary>
    public static string Time(object? time) => Plain(time) is DateTime value ? value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "-";

    /// <summary>A length of time to the second, days before it where it has any; <c>-</c> where there is none.</summary>
    public static string Duration(object? duration) => Plain(duration) is TimeSpan value ? value.ToString(value.Days > 0 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture) : "-";

    /// <summary>A session's state, in red where the guest did not end as somebody wanted.</summary>
    public static string State(object? state)
    {
        string text = RecordColumns.Text(state);
        return text is VirtAuditSessionState.Died or VirtAuditSessionState.Crashed or VirtAuditSessionState.FailedToStart or VirtAuditSessionState.Interrupted ? Red + text + Reset : text;
    }

    /// <summary>What else is to be known of a session: why it began and ended, what went wrong.</summary>
    public static string Notes(PSObject session)
    {
        string stop = Property(session, nameof(VirtAuditSession.StopReason));
        string reasons = Property(session, nameof(VirtAuditSession.StartReason)) + (stop.Length == 0 ? "" : " -> " + stop);
        string[] parts =
        [
            reasons,
            Count(session, nameof(VirtAuditSession.FailureCount), "failed"),
            Count(session, nameof(VirtAuditSession.DenialCount), "denied"),
            Count(session, nameof(VirtAuditSession.AnomalyCount), "anomalous"),
            Property(session, nameof(VirtAuditSession.Unobserved)) == bool.TrueString ? "unobserved" : "",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    /// <summary>When an assignment ended; <c>open</c> while it lasts, <c>failed</c> in red where it was only tried.</summary>
    public static string End(PSObject assignment) =>
        Property(assignment, nameof(VirtAuditAssignment.Result)) == "failed" ? Red + "failed" + Reset
        : Property(assignment, nameof(VirtAuditAssignment.IsOpen)) == bool.TrueString ? "open"
        : Time(assignment.Properties[nameof(VirtAuditAssignment.EndTime)]?.Value);

    /// <summary>What a guest had, with what tells it from others of the same name.</summary>
    public static string Resource(PSObject assignment)
    {
        string type = Property(assignment, nameof(VirtAuditAssignment.ResourceType));
        string[] parts =
        [
            type, Property(assignment, nameof(VirtAuditAssignment.Bus)), Property(assignment, nameof(VirtAuditAssignment.Value)), type == "mem" ? "KiB" : "",
            Property(assignment, nameof(VirtAuditAssignment.Access)), Property(assignment, nameof(VirtAuditAssignment.MacAddress)),
            Property(assignment, nameof(VirtAuditAssignment.Certainty)) == "Unconfirmed" ? "(unconfirmed)" : "",
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    /// <summary>By what an incident was tied to its guest, and how surely where that is in doubt.</summary>
    public static string Tie(PSObject incident)
    {
        string by = Property(incident, nameof(VirtAuditIncident.TiedBy)), certainty = Property(incident, nameof(VirtAuditIncident.Certainty));
        return certainty is "Certain" or "" ? by : $"{by} ({certainty})";
    }

    /// <summary>A finding's severity, in red where it is an error.</summary>
    public static string Severity(object? severity)
    {
        string text = RecordColumns.Text(severity);
        return text == nameof(FindingSeverity.Error) ? Red + text + Reset : text;
    }

    /// <summary>The file and the line in which something was found; empty where it was found in none.</summary>
    public static string Place(PSObject finding)
    {
        string line = Property(finding, nameof(VirtAuditFinding.LineNumber));
        return Property(finding, nameof(VirtAuditFinding.Source)) + (line.Length == 0 ? "" : " line " + line);
    }

    /// <summary>The events of a finding; of many the first few.</summary>
    public static string Events(object? evidence)
    {
        string[] events = Plain(evidence) is IEnumerable items and not string ? [.. items.Cast<object?>().Select(RecordColumns.Text)] : [];
        return string.Join(", ", events.Take(MostEvents)) + (events.Length > MostEvents ? ", …" : "");
    }

    /// <summary>What a summary is of.</summary>
    public static string Group(object? group) => Plain(group) is null ? "(all)" : RecordColumns.Text(group);

    private static string Count(PSObject item, string name, string what) => Property(item, name) is "0" or "" ? "" : Property(item, name) + " " + what;

    private static string Property(PSObject item, string name) => RecordColumns.Text(item.Properties[name]?.Value);

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;
}
