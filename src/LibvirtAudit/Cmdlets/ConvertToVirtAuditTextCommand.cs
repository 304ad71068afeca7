using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Writes records as text again: the message that was given to the audit system, or the line of audit.log.</summary>
[Cmdlet(VerbsData.ConvertTo, "VirtAuditText")]
[OutputType(typeof(string))]
public sealed class ConvertToVirtAuditTextCommand : VirtAuditCmdlet
{
    private readonly RecordWriter _writer = new();

    /// <summary>The record, live or back from CLIXML, a job or CSV.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    /// <summary>Gives the whole line of audit.log, with type, stamp and ids, instead of the message alone.</summary>
    [Parameter]
    public SwitchParameter AsLine { get; set; }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        VirtAuditRecord? record = RecordBinder.Bind(InputObject);
        if (record is null)
        {
            WriteFault(InputFaults.NotARecord(InputObject?.BaseObject));
            return;
        }

        try
        {
            WriteObject(ByteText.GetString(AsLine ? _writer.GetLine(record) : _writer.GetMessage(record)));
        }
        catch (FaultException exception)
        {
            WriteFault(exception.Fault);
        }
    }
}
