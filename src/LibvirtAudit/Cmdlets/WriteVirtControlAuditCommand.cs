using System.Management.Automation;
using LibvirtAudit.Audit;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Writes a VIRT_CONTROL record: a guest was started, ended, or its first process runs.</summary>
[Cmdlet(VerbsCommunications.Write, "VirtControlAudit", SupportsShouldProcess = true)]
[OutputType(typeof(VirtAuditRecord))]
public sealed class WriteVirtControlAuditCommand : WritingCmdlet
{
    /// <summary>Makes the cmdlet.</summary>
    public WriteVirtControlAuditCommand()
        : base(RecordTypes.Control)
    {
    }

    /// <summary>What happened: start, stop, or init for a container.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true)]
    [AllowNull]
    [AllowEmptyString]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Operation { get; set; }

    /// <summary>Why it happened: booted, migrated, shutdown, destroyed, … An init has no reason.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Reason { get; set; }

    /// <summary>The emulator's process id; 0 when the guest does not run.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumber]
    public long? VMProcessId { get; set; }

    /// <summary>The process id of a container's first process, for an init.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumber]
    public long? InitProcessId { get; set; }

    /// <summary>The inode number of a container's process namespace, for an init.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [WholeNumber]
    public ulong? PidNamespace { get; set; }

    private protected override void Fill(VirtAuditRecord record)
    {
        record.Operation = Operation;
        record.Reason = Reason;
        record.VMProcessId = VMProcessId;
        record.InitProcessId = InitProcessId;
        record.PidNamespace = PidNamespace;
    }
}
