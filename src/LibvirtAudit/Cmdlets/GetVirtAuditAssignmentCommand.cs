using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;

namespace LibvirtAudit.Cmdlets;

/// <summary>Tells which guest had which disk, network interface, host device or other resource, from when to when.</summary>
[Cmdlet(VerbsCommon.Get, "VirtAuditAssignment", DefaultParameterSetName = "Path")]
[OutputType(typeof(VirtAuditAssignment))]
public sealed class GetVirtAuditAssignmentCommand : AnalysisCmdlet
{
    /// <summary>Only resources of these types: disk, net, mem, cgroup and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string[]? ResourceType { get; set; }

    /// <summary>Only these resources: a disk, MAC address, host device's address, path or device number.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string[]? Value { get; set; }

    /// <summary>Only what a guest had at this moment: a date, the last one where the clocks show it twice, or one of the words that StartTime takes. Null for all times.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeWordCompleter))]
    public AuditTime? At { get; set; }

    /// <summary>Only what a guest still has where the log ends.</summary>
    [Parameter]
    public SwitchParameter Open { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        base.BeginProcessing();
        var types = Patterns(ResourceType);
        var values = Patterns(Value);
        long? at = At?.Point.ToUnixTimeMilliseconds();
        Analysis.AssignmentKnown = assignment =>
        {
            if ((!Open || assignment.IsOpen)
                && (at is not long moment || assignment.HeldAt(moment))
                && IsAny(types, assignment.ResourceType)
                && IsAny(values, Convert.ToString(assignment.Value, CultureInfo.InvariantCulture), assignment.MacAddress, assignment.DeviceNumber)
                && IsWanted(assignment.StartMilliseconds, assignment.EndMilliseconds ?? assignment.EndedByMilliseconds))
            {
                WriteObject(assignment);
            }
        };
    }
}
