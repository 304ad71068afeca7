using System.Management.Automation;
using LibvirtAudit.Audit;
using LibvirtAudit.Completion;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Writes a VIRT_MACHINE_ID record: the security label of a guest, one record for each security model.</summary>
[Cmdlet(VerbsCommunications.Write, "VirtMachineIdAudit", SupportsShouldProcess = true)]
[OutputType(typeof(VirtAuditRecord))]
public sealed class WriteVirtMachineIdAuditCommand : WritingCmdlet
{
    /// <summary>Makes the cmdlet.</summary>
    public WriteVirtMachineIdAuditCommand()
        : base(RecordTypes.MachineId)
    {
    }

    /// <summary>The guest's security label; written as ? when it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? VMContext { get; set; }

    /// <summary>The label of the guest's images; written as ? when it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(ResourceValueCompleter))]
    public string? ImageContext { get; set; }

    /// <summary>The security model: selinux, apparmor, dac or none; written as ? when it is not given.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string? Model { get; set; }

    private protected override void Fill(VirtAuditRecord record)
    {
        record.VMContext = VMContext;
        record.ImageContext = ImageContext;
        record.Model = Model;
    }
}
