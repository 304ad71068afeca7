using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Completion;
using LibvirtAudit.Host;

namespace LibvirtAudit.Cmdlets;

/// <summary>Tells when each guest ran, from its start to its end, why and how it ended, and what was denied to it.</summary>
[Cmdlet(VerbsCommon.Get, "VirtAuditSession", DefaultParameterSetName = "Path")]
[OutputType(typeof(VirtAuditSession))]
public sealed class GetVirtAuditSessionCommand : AnalysisCmdlet
{
    /// <summary>Only sessions in these states: Running, Stopped, Destroyed, Died, Crashed, Saved, Migrated, Reverted, Rebooted, FailedToStart, Superseded, Interrupted, Unknown.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(SessionStateCompleter))]
    public string[]? State { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var states = Patterns(State);
        GuestProcesses? processes = ReadsHost ? new GuestProcesses() : null;
        Analysis.SessionKnown = session =>
        {
            long? end = session.EndMilliseconds ?? session.EndedByMilliseconds ?? (session.State == VirtAuditSessionState.FailedToStart ? session.StartMilliseconds : null);
            if (IsAny(states, session.State) && IsWanted(session.StartMilliseconds, end)
                && (!session.IsInferred || IsWantedGuest(session.VMName, session.Uuid, session.Driver, session.Node)))
            {
                session.IsAlive = session.State == VirtAuditSessionState.Running ? processes?.IsAlive(session) : null;
                WriteObject(session);
            }
        };
    }
}
