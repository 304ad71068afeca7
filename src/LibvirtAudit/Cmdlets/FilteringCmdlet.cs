using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>The filters that the reading cmdlets share. They take wildcards and several values, and ignore case.</summary>
public abstract class FilteringCmdlet : VirtAuditCmdlet
{
    /// <summary>Only records of guests of these names.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? VMName { get; set; }

    /// <summary>Only records of guests of these UUIDs.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Uuid { get; set; }

    /// <summary>Only records of these types: VIRT_CONTROL, VIRT_MACHINE_ID, VIRT_RESOURCE and the others of the range 2500–2599.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RecordTypeCompleter))]
    public string[]? RecordType { get; set; }

    /// <summary>Only records of these resource types: disk, net, mem, cgroup and so on.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ResourceTypeCompleter))]
    public string[]? ResourceType { get; set; }

    /// <summary>Only records of these operations: start, stop, init.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(OperationCompleter))]
    public string[]? Operation { get; set; }

    /// <summary>Only records with these reasons: booted, destroyed, attach, allow and so on.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ReasonCompleter))]
    public string[]? Reason { get; set; }

    /// <summary>Only records with these results: success, failed.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ResultCompleter))]
    public string[]? Result { get; set; }

    /// <summary>Only records of guests of these drivers: qemu, kvm, lxc, xen and so on.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DriverCompleter))]
    public string[]? Driver { get; set; }

    /// <summary>Only records of these hosts, as node= or the journal names them.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Node { get; set; }

    /// <summary>Only records of these resources: a disk, MAC address, device, path or device number, old or new.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Value { get; set; }

    /// <summary>Only records of this time or later: a date, or one of the words now, recent, boot, today, yesterday, this-week, week-ago, this-month, this-year.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeWordCompleter))]
    public DateTime? StartTime { get; set; }

    /// <summary>Only records of this time or earlier: a date, or one of the words that StartTime takes.</summary>
    [Parameter]
    [TimeTransformation(IsEnd = true)]
    [ArgumentCompleter(typeof(TimeWordCompleter))]
    public DateTime? EndTime { get; set; }

    /// <summary>The filter that the parameters state.</summary>
    private protected RecordFilter GetFilter(IReadOnlyList<EventReference>? events = null) => new()
    {
        VMName = Patterns(VMName),
        Uuid = Patterns(Uuid),
        RecordType = Patterns(RecordType),
        ResourceType = Patterns(ResourceType),
        Operation = Patterns(Operation),
        Reason = Patterns(Reason),
        Result = Patterns(Result),
        Driver = Patterns(Driver),
        Node = Patterns(Node),
        Value = Patterns(Value),
        Events = events ?? [],
        From = StartTime is DateTime start ? VirtAuditRecord.ToUnixMilliseconds(start.AddTicks(TimeSpan.TicksPerMillisecond - 1)) : null,
        To = EndTime is DateTime end ? VirtAuditRecord.ToUnixMilliseconds(end) : null,
    };

    private static TextPattern[] Patterns(string[]? texts) =>
        [.. (texts ?? []).Select(text => new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)).Select(pattern => new TextPattern(pattern.IsMatch))];
}
