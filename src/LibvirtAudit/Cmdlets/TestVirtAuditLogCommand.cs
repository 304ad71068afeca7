using System.Management.Automation;
using LibvirtAudit.Audit;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Faults;
using LibvirtAudit.Findings;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Looks for what speaks against the trust in a trail: records that are missing, cut, out of place, in conflict or of somebody else.</summary>
[Cmdlet(VerbsDiagnostic.Test, "VirtAuditLog", DefaultParameterSetName = "Path")]
[OutputType(typeof(VirtAuditFinding))]
[OutputType(typeof(bool))]
public sealed class TestVirtAuditLogCommand : AnalysisCmdlet
{
    private readonly TrailCheck _check;
    private TextPattern[] _kinds = [];
    private TextPattern[] _nodes = [];
    private bool _isSound = true;

    /// <summary>Makes the cmdlet.</summary>
    public TestVirtAuditLogCommand() => _check = new TrailCheck(Analysis, Take);

    /// <summary>Only findings of this severity.</summary>
    [Parameter]
    [SeverityText]
    [ValidateNotNullOrEmpty]
    [ArgumentCompleter(typeof(FindingSeverityCompleter))]
    public FindingSeverity[]? Severity { get; set; }

    /// <summary>Only findings of these kinds.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(FindingKindCompleter))]
    public string[]? Kind { get; set; }

    /// <summary>Gives true or false instead of findings: whether there was none that counts.</summary>
    [Parameter]
    public SwitchParameter Quiet { get; set; }

    /// <summary>All records: each may speak of the others.</summary>
    private protected override RecordFilter ReadFilter => RecordFilter.All;

    private protected override bool WantsMoments => true;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        _kinds = Patterns(Kind);
        _nodes = Patterns(Node);
    }

    private protected override void OnOpened(LogFile log) => _check.Open(log.Path);

    private protected override bool Accept(VirtAuditRecord record) => _check.Accept(record);

    private protected override void Accept(AuditEvent record) => _check.Accept(record);

    private protected override void Accept(in EventMoment moment) => _check.Accept(moment);

    private protected override void Accept(in LossNotice notice) => _check.Accept(notice);

    /// <summary>A line that is no whole record is a finding, and no error.</summary>
    private protected override bool OnFault(Fault fault) => !_check.Accept(fault);

    private protected override void EndAnalysis() => _check.Complete();

    private protected override void Complete()
    {
        if (Quiet)
        {
            WriteObject(_isSound);
        }
    }

    private void Take(VirtAuditFinding finding)
    {
        var severity = Enum.Parse<FindingSeverity>(finding.Severity!);
        if (!IsAny(_kinds, finding.Kind) || !IsInQuestion(finding) || Severity?.Contains(severity) == false)
        {
            return;
        }

        // Without -Severity a mere information doesn't make a trail unsound.
        _isSound &= Severity is null && severity == FindingSeverity.Information;
        if (!Quiet)
        {
            WriteObject(finding);
        }
    }

    /// <summary>What is about no guest, no host or no time bears on all of them.</summary>
    private bool IsInQuestion(VirtAuditFinding finding) =>
        (finding.VMName is null && finding.Uuid is null
            ? finding.Node is null || IsAny(_nodes, finding.Node)
            : IsWantedGuest(finding.VMName, finding.Uuid, finding.Driver, finding.Node))
        && (finding.UnixMilliseconds is null || IsWanted(finding.UnixMilliseconds, finding.UnixMilliseconds));
}
