using System.Collections;
using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Binding;
using LibvirtAudit.Findings;

namespace LibvirtAudit.Views;

/// <summary>The columns of the views of sessions, assignments, incidents and summaries, live and deserialized. Nothing that they give can move a cursor.</summary>
public static class AnalysisColumns
{
    private const int MostEvents = 4;

    /// <summary>The guest's name, or where that is not known its UUID; <c>-</c> where neither is.</summary>
    public static string Guest(PSObject item) =>
        item.Properties[nameof(VirtAuditSession.VMName)]?.Value is object name ? RecordColumns.Text(name)
        : Property(item, nameof(VirtAuditSession.Uuid)) is { Length: > 0 } uuid ? uuid
        : "-";

    /// <summary>A local time to the second; <c>-</c> where there is none.</summary>
    public static string Time(object? time) => PlainValue.Of(time) is DateTime value ? value.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) : "-";

    /// <summary>A length of time to the second, days before it where it has any; <c>-</c> where there is none.</summary>
    public static string Duration(object? duration) => PlainValue.Of(duration) is TimeSpan value ? value.ToString(value.Days > 0 ? @"d\.hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture) : "-";

    /// <summary>
    /// A session's state, in red where the guest did not end as somebody wanted, and what else is to be known of it: what
    /// failed, what was denied in red, and the reasons where the state alone does not tell them.
    /// </summary>
    public static string State(PSObject session)
    {
        string state = Property(session, nameof(VirtAuditSession.State));
        bool isBad = state is VirtAuditSessionState.Died or VirtAuditSessionState.Crashed or VirtAuditSessionState.FailedToStart or VirtAuditSessionState.Interrupted;
        string denied = Count(session, nameof(VirtAuditSession.DenialCount), "denied");
        string[] parts =
        [
            isBad ? Alarm.Mark(state) : state,
            Count(session, nameof(VirtAuditSession.FailureCount), "failed"),
            Property(session, nameof(VirtAuditSession.IsAlive)) == bool.FalseString ? Alarm.Mark("gone") : "",
            denied.Length > 0 ? Alarm.Mark(denied) : "",
            Count(session, nameof(VirtAuditSession.WouldBlockCount), "would be denied"),
            Count(session, nameof(VirtAuditSession.AnomalyCount), "anomalous"),
            Reasons(session, state),
            Property(session, nameof(VirtAuditSession.Unobserved)) == bool.TrueString ? "unobserved" : "",
            Property(session, nameof(VirtAuditSession.IsInferred)) == bool.TrueString ? "inferred" : "",
            Property(session, nameof(VirtAuditSession.Note)).Length > 0 ? "no times" : "",
        ];
        return string.Join(", ", parts.Where(part => part.Length > 0));
    }

    /// <summary>When an assignment ended; <c>open</c> while it lasts, <c>failed</c> in red where it was only tried.</summary>
    public static string End(PSObject assignment) =>
        Property(assignment, nameof(VirtAuditAssignment.Result)) == "failed" ? Alarm.Mark("failed")
        : Property(assignment, nameof(VirtAuditAssignment.IsOpen)) == bool.TrueString ? "open"
        : Time(assignment.Properties[nameof(VirtAuditAssignment.EndTime)]?.Value);

    /// <summary>What a guest had, with what tells it from others of the same name.</summary>
    public static string Resource(PSObject assignment)
    {
        string[] parts =
        [
            Property(assignment, nameof(VirtAuditAssignment.ResourceType)), Property(assignment, nameof(VirtAuditAssignment.Bus)), Value(assignment),
            Property(assignment, nameof(VirtAuditAssignment.Access)), Property(assignment, nameof(VirtAuditAssignment.MacAddress)),
            Property(assignment, nameof(VirtAuditAssignment.Certainty)) == "Unconfirmed" ? "(unconfirmed)" : "",
        ];
        return string.Join(' ', parts.Where(part => part.Length > 0));
    }

    /// <summary>The resource itself, memory with its unit.</summary>
    public static string Value(PSObject assignment) =>
        Property(assignment, nameof(VirtAuditAssignment.Value)) + (Property(assignment, nameof(VirtAuditAssignment.ResourceType)) == "mem" ? " KiB" : "");

    /// <summary>What an incident was, in red where it was blocked.</summary>
    public static string What(PSObject incident)
    {
        string what = Property(incident, nameof(VirtAuditIncident.Operation));
        return Property(incident, nameof(VirtAuditIncident.Effect)) == "Blocked" ? Alarm.Mark(what) : what;
    }

    /// <summary>A finding's severity, in red where it is an error.</summary>
    public static string Severity(object? severity)
    {
        string text = RecordColumns.Text(severity);
        return text == nameof(FindingSeverity.Error) ? Alarm.Mark(text) : text;
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
        string[] events = PlainValue.Of(evidence) is IEnumerable items and not string ? [.. items.Cast<object?>().Select(RecordColumns.Text)] : [];
        return string.Join(", ", events.Take(MostEvents)) + (events.Length > MostEvents ? ", …" : "");
    }

    /// <summary>By what an incident was tied to its guest, with a question mark where that is not certain.</summary>
    public static string Tie(PSObject incident) =>
        Property(incident, nameof(VirtAuditIncident.TiedBy)) + (Property(incident, nameof(VirtAuditIncident.Certainty)) is "Certain" or "" ? "" : "?");

    /// <summary>What a summary is of.</summary>
    public static string Group(object? group) => PlainValue.Of(group) is null ? "(all)" : RecordColumns.Text(group);

    // "Destroyed" says why it stopped, and to be booted is what guests do.
    private static string Reasons(PSObject session, string state)
    {
        string start = Property(session, nameof(VirtAuditSession.StartReason)), stop = Property(session, nameof(VirtAuditSession.StopReason));
        bool isTold = start is "booted" or "" && (stop.Length == 0 || (stop == "shutdown" || state != VirtAuditSessionState.Stopped));
        return isTold ? "" : start + (stop.Length == 0 ? "" : " -> " + stop);
    }

    private static string Count(PSObject item, string name, string what) => Property(item, name) is "0" or "" ? "" : Property(item, name) + " " + what;

    private static string Property(PSObject item, string name) => RecordColumns.Text(item.Properties[name]?.Value);
}
