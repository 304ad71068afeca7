using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Reads libvirt's audit records from logs: the files that are given, or else the host's own.</summary>
[Cmdlet(VerbsCommon.Get, "VirtAuditRecord", DefaultParameterSetName = PathSet)]
[OutputType(typeof(VirtAuditRecord))]
public sealed class GetVirtAuditRecordCommand : FilteringCmdlet, ILogSink
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private readonly List<EventReference> _events = [];
    private ProgressReporter? _progress;
    private bool _hasFixedPath;
    private bool _hasRead;

    /// <summary>The logs to read; wildcards are expanded, and the files of one rotation are read oldest first. Without a path the host's own logs are read, those that auditd.conf names and their rotated copies and archives.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = PathSet)]
    [PathInput]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The logs to read, each named to the letter.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Only records of these events, as SEC.MMM:SERIAL or with node=NAME before it. The Evidence of sessions and assignments binds here.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Evidence")]
    [ValidateNotNullOrEmpty]
    public string[]? EventId { get; set; }

    /// <summary>Only the last so many records that match, of each log; the host's own logs count as one. Less than 0, as by default, all of them.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    public int Tail { get; set; } = -1;

    /// <summary>Keeps each record's line in its RawText.</summary>
    [Parameter]
    public SwitchParameter IncludeRawText { get; set; }

    /// <summary>Gives what could be read of a line that was cut or damaged as a record, beside the error.</summary>
    [Parameter]
    public SwitchParameter IncludeMalformed { get; set; }

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _progress = new ProgressReporter(this, "Reading audit records");
        _hasFixedPath = Path is not null || LiteralPath is not null;
        AddEvents();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!MyInvocation.ExpectingInput)
        {
            return;
        }

        if (!_hasFixedPath && (Path is not null || LiteralPath is not null))
        {
            _hasRead = true;
            Read();
        }
        else
        {
            AddEvents();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // Events that came through the pipeline are all looked for in one reading.
        if (!MyInvocation.ExpectingInput || (_events.Count > 0 && !_hasRead))
        {
            Read();
        }

        _progress!.Complete();
    }

    /// <inheritdoc/>
    void ILogSink.OnRecord(VirtAuditRecord record) => WriteObject(record);

    /// <inheritdoc/>
    void ILogSink.OnFault(Fault fault) => WriteFault(fault);

    /// <inheritdoc/>
    void ILogSink.OnProgress(LogFile log) => _progress!.Report(log);

    private void AddEvents() => _events.AddRange((EventId ?? []).Select(EventReference.Parse));

    private void Read()
    {
        var options = new ReadOptions(GetFilter(_events)) { IncludeRawText = IncludeRawText, IncludeMalformed = IncludeMalformed };
        var source = new LogSource(options, this, Cancellation) { Tail = Tail < 0 ? null : Tail };
        try
        {
            if (Path is null && LiteralPath is null)
            {
                source.ReadHost();
                return;
            }

            foreach (string path in new LogPathResolver(SessionState, WriteFault).Resolve(Path, LiteralPath))
            {
                source.ReadFile(path);
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the pipeline ends by itself.
        }
    }
}
