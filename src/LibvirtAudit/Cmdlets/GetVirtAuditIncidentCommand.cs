using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Completion;

namespace LibvirtAudit.Cmdlets;

/// <summary>Tells what SELinux and AppArmor denied to guests, and which anomalies and seccomp violations hit them.</summary>
[Cmdlet(VerbsCommon.Get, "VirtAuditIncident", DefaultParameterSetName = "Path")]
[OutputType(typeof(VirtAuditIncident))]
public sealed class GetVirtAuditIncidentCommand : AnalysisCmdlet
{
    /// <summary>Only incidents of these kinds: Denial, Anomaly, Seccomp.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IncidentKindCompleter))]
    public string[]? Kind { get; set; }

    /// <summary>Only incidents of this effect: Blocked, WouldBlock, Audited, Unknown.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(IncidentEffectCompleter))]
    public string[]? Effect { get; set; }

    /// <summary>Gives those that tie to no guest too.</summary>
    [Parameter]
    public SwitchParameter IncludeUnrelated { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var kinds = Patterns(Kind);
        var effects = Patterns(Effect);
        Analysis.IncidentKnown = incident =>
        {
            if (IsAny(kinds, incident.Kind)
                && IsAny(effects, incident.Effect)
                && (incident.TiedBy is null ? IncludeUnrelated.IsPresent : IsWantedGuest(incident.VMName, incident.Uuid, incident.Driver, incident.Node))
                && IsWanted(incident.UnixMilliseconds, incident.UnixMilliseconds))
            {
                WriteObject(incident);
            }
        };
    }
}
