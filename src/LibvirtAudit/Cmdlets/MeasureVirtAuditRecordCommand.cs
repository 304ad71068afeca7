using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Counts what a log holds: starts, stops, failures, assignments, denials, anomalies; of everything, or of each guest, host, driver or period.</summary>
[Cmdlet(VerbsDiagnostic.Measure, "VirtAuditRecord", DefaultParameterSetName = "Path")]
[OutputType(typeof(VirtAuditSummary))]
public sealed class MeasureVirtAuditRecordCommand : AnalysisCmdlet
{
    private SummaryTracker? _summary;

    /// <summary>By what to divide the numbers; periods are of local time.</summary>
    [Parameter]
    public SummaryGrouping GroupBy { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _summary = new SummaryTracker(GroupBy, Analysis.Hosts, From, To);
        Analysis.AssignmentKnown = _summary.Add;
        Analysis.IncidentKnown = incident =>
        {
            if (IsWantedGuest(incident.VMName, incident.Uuid, incident.Driver, incident.Node))
            {
                _summary.Add(incident);
            }
        };
    }

    private protected override void OnRecord(VirtAuditRecord record, bool isNew)
    {
        if (isNew)
        {
            _summary!.Add(record);
        }
        else
        {
            _summary!.Repeated++;
        }
    }

    private protected override bool OnFault(Fault fault)
    {
        _summary!.Malformed += fault.Id == FaultId.MalformedRecord ? 1 : 0;
        return true;
    }

    private protected override void Complete()
    {
        _summary!.PossibleRepeats = Analysis.PossibleRepeats;
        WriteObject(_summary.Complete(), enumerateCollection: true);
    }
}
