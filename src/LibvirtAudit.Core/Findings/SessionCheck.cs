using LibvirtAudit.Analysis;

namespace LibvirtAudit.Findings;

/// <summary>Judges each guest's session at its end: whether its start and its stop are there, and whether it could run at that time.</summary>
internal sealed class SessionCheck(Action<VirtAuditFinding> known)
{
    /// <summary>At the end of a log a start this much younger than it may still be going on, in milliseconds.</summary>
    private const long StartTakes = 300_000;

    /// <summary>The latest stamp of the log.</summary>
    internal long? Latest { get; set; }

    /// <summary>Whether the log is at its end.</summary>
    internal bool IsAtEnd { get; set; }

    /// <summary>What made the tracker end it: a start that comes too soon.</summary>
    internal EventMark Current { get; set; }

    internal string? Source { get; set; }

    internal void Closing(GuestSession session, SessionEnd end)
    {
        string guest = Found.Show(session.VMName);
        if (end.State == VirtAuditSessionState.Unknown)
        {
            VirtAuditFinding finding = Of(FindingKind.StartResultMissing, session, $"Guest {guest} was being started, and whether it ran is not here", session.EventId);
            // An emulator for a job on the images of a stopped guest leaves labels, a network device and cgroup records, and no start.
            bool isHarmless = !session.HasBegun && !session.HasGuestResources;
            bool mayGoOn = IsAtEnd && finding.UnixMilliseconds >= Latest - StartTakes;
            known(isHarmless || mayGoOn ? finding.As(FindingSeverity.Information) : finding);
            return;
        }

        if (!session.HasBegun && (session.Guest.Last is not null || session.Boots > 0))
        {
            string why = session.Boots > 0 ? "the host's boot is here" : "its sessions before are here";
            bool isTold = end.Reason is not null || session.InitProcessId is not null;
            known(Of(
                isTold ? FindingKind.StartMissing : FindingKind.ResourceOutsideSession,
                session,
                isTold ? $"Guest {guest} ran, and its start is not here though {why}" : $"Guest {guest} was given or lost resources while it did not run: {why}",
                session.FirstEventId,
                isTold ? end.EventId : null));
        }

        if (end.State == VirtAuditSessionState.Superseded)
        {
            known(Of(FindingKind.StopMissing, session, $"Guest {guest} was started again without a stop between", session.EventId, Current.Name));
        }

        if (session.Overlapped is string other)
        {
            known(Of(FindingKind.SessionsOverlap, session, $"Guest {guest} was started while it ran on another host, and was not migrating", other, session.StartEventId));
        }
    }

    private VirtAuditFinding Of(FindingKind kind, GuestSession session, string message, params IEnumerable<string?> evidence)
    {
        VirtAuditFinding finding = Found.Of(kind, message, session.Guest.NodeName, session.Start ?? session.FirstStamp, evidence).In(Source);
        finding.VMName = session.VMName;
        finding.Uuid = session.Guest.Key.Uuid;
        finding.Driver = session.Driver;
        return finding;
    }
}
