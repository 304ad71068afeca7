using System.Management.Automation;
using LibvirtAudit.Audit;
using LibvirtAudit.Completion;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Cmdlets;

/// <summary>The filters by which the reading cmdlets choose records.</summary>
public abstract class FilteringCmdlet : GuestFilteringCmdlet
{
    /// <summary>Only records of these types: VIRT_CONTROL, VIRT_MACHINE_ID, VIRT_RESOURCE and the others of the range 2500–2599.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(RecordTypeCompleter))]
    public string[]? RecordType { get; set; }

    /// <summary>Only records of these resource types: disk, net, mem, cgroup and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string[]? ResourceType { get; set; }

    /// <summary>Only records of these operations: start, stop, init.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string[]? Operation { get; set; }

    /// <summary>Only records with these reasons: booted, destroyed, attach, allow and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string[]? Reason { get; set; }

    /// <summary>Only records with these results: success, failed.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string[]? Result { get; set; }

    /// <summary>Only records of these resources: a disk, MAC address, device, path or device number, old or new; memory in KiB.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string[]? Value { get; set; }

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
        From = From,
        To = To,
    };
}
