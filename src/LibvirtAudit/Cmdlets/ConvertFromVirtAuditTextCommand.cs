using System.Management.Automation;
using LibvirtAudit.Encoding;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// Makes records of lines, whatever wrote them: audit.log, ausearch (with -i too), the journal in any form, the kernel's
/// log, libvirt's own log, JSON around any of these. Lines that are no virtualization records are passed over.
/// </summary>
[Cmdlet(VerbsData.ConvertFrom, "VirtAuditText")]
[OutputType(typeof(VirtAuditRecord))]
public sealed class ConvertFromVirtAuditTextCommand : VirtAuditCmdlet, IEventSink
{
    private TextRecordReader? _reader;
    private long _lineNumber;

    /// <summary>The lines; a string may hold several.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowEmptyString]
    [AllowEmptyCollection]
    [Alias("Text")]
    public string[] InputObject { get; set; } = [];

    /// <summary>Keeps each record's line in its RawText.</summary>
    [Parameter]
    public SwitchParameter IncludeRawText { get; set; }

    /// <summary>Gives what could be read of a line that was cut or damaged as a record, beside the error.</summary>
    [Parameter]
    public SwitchParameter IncludeMalformed { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing() =>
        _reader = new TextRecordReader(new ReadOptions(RecordFilter.All) { IncludeRawText = IncludeRawText, IncludeMalformed = IncludeMalformed }, source: null, this)
        {
            At = offset => new FaultPlace(null, _lineNumber, offset),
        };

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        foreach (string text in InputObject)
        {
            ReadOnlySpan<byte> rest = ByteText.GetBytes(text);
            do
            {
                int end = rest.IndexOf((byte)'\n');
                _lineNumber++;
                _reader!.Feed(end < 0 ? rest : rest[..end], offset: 0);
                rest = end < 0 ? [] : rest[(end + 1)..];
            }
            while (!rest.IsEmpty);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing() => _reader!.Complete();

    /// <inheritdoc/>
    void IEventSink.OnRecord(VirtAuditRecord record) => WriteObject(record);

    /// <inheritdoc/>
    void IEventSink.OnFault(Fault fault) => WriteFault(fault);
}
