using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Findings;
using LibvirtAudit.Records;

namespace LibvirtAudit.Views;

/// <summary>
/// The hidden members that give a time with its offset, as LibvirtAudit.Types.ps1xml names them: in an hour that comes twice the
/// property, a local time, does not tell which of both it was.
/// </summary>
public static class TimeOffsets
{
    /// <summary>When a record, an incident or a finding was; null where that is not known.</summary>
    public static object? Timestamp(PSObject item) => item.BaseObject switch
    {
        VirtAuditRecord record => UnixTime.WithOffset(record.UnixMilliseconds),
        VirtAuditIncident incident => UnixTime.WithOffset(incident.UnixMilliseconds),
        VirtAuditFinding finding => UnixTime.WithOffset(finding.UnixMilliseconds),
        _ => null,
    };

    /// <summary>When a session, an assignment or the records of a summary began; null where that is not known.</summary>
    public static object? StartTime(PSObject item) => item.BaseObject switch
    {
        VirtAuditSession session => UnixTime.WithOffset(session.StartMilliseconds),
        VirtAuditAssignment assignment => UnixTime.WithOffset(assignment.StartMilliseconds),
        VirtAuditSummary summary => UnixTime.WithOffset(summary.FirstMilliseconds),
        _ => null,
    };

    /// <summary>When it ended; null while it lasts, and where that is not known.</summary>
    public static object? EndTime(PSObject item) => item.BaseObject switch
    {
        VirtAuditSession session => UnixTime.WithOffset(session.EndMilliseconds),
        VirtAuditAssignment assignment => UnixTime.WithOffset(assignment.EndMilliseconds),
        VirtAuditSummary summary => UnixTime.WithOffset(summary.LastMilliseconds),
        _ => null,
    };

    /// <summary>By when it was over, where its end was not logged; null else.</summary>
    public static object? EndedBy(PSObject item) => item.BaseObject switch
    {
        VirtAuditSession session => UnixTime.WithOffset(session.EndedByMilliseconds),
        VirtAuditAssignment assignment => UnixTime.WithOffset(assignment.EndedByMilliseconds),
        _ => null,
    };
}
