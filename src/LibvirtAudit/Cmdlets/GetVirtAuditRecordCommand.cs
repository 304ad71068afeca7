using System.Management.Automation;
using LibvirtAudit.Audit;
using LibvirtAudit.Binding;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>Reads libvirt's audit records from logs: the files that are given, or else the host's own.</summary>
[Cmdlet(VerbsCommon.Get, "VirtAuditRecord", DefaultParameterSetName = LogSelection.PathSet)]
[OutputType(typeof(VirtAuditRecord))]
public sealed class GetVirtAuditRecordCommand : FilteringCmdlet, IEventSink
{
    private readonly List<EventReference> _events = [];
    private readonly List<string> _livePaths = [];
    private LiveLogs? _live;
    private ProgressReporter? _progress;
    private bool _hasFixedPath;
    private bool _hasRead;
    private bool _isOfNoEvent;

    /// <summary>The logs to read; wildcards are expanded, and the files of one rotation are read oldest first. Without a path the host's own logs are read, those that auditd.conf names and their rotated copies and archives.</summary>
    [Parameter(Position = 0, ValueFromPipeline = true, ParameterSetName = LogSelection.PathSet)]
    [PathInput]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path
    {
        get => Logs.Path;
        set => Logs.Path = value;
    }

    /// <summary>The logs to read, each named to the letter.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LogSelection.LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath
    {
        get => Logs.LiteralPath;
        set => Logs.LiteralPath = value;
    }

    /// <summary>Reads the system's journal, through journalctl.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LogSelection.JournalSet)]
    public SwitchParameter Journal
    {
        get => Logs.Journal;
        set => Logs.Journal = value;
    }

    /// <summary>Only records of these events, as SEC.MMM:SERIAL or with node=NAME before it; of none where the list is empty. The Evidence of sessions, assignments, incidents and findings binds here.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("Evidence")]
    [ValidateNotNull]
    [ValidateLength(1, int.MaxValue)]
    public string[]? EventId { get; set; }

    /// <summary>Only the last so many records that match, of each log; the host's own logs count as one. Less than 0, as by default, all of them.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [WholeNumber]
    public int Tail { get; set; } = -1;

    /// <summary>Takes the lines of each log to be in the order of their stamps, and looks for StartTime and EndTime by halves: only the part between them is read, so that what is asked of a long log takes no time. Records that stand elsewhere, more than 10 seconds out of order, are missed. Compressed logs are read whole, and so is all with Wait or Bookmark.</summary>
    [Parameter]
    public SwitchParameter AssumeOrdered { get; set; }

    /// <summary>Goes on with new records as they are written, through rotation of the log, until it is stopped.</summary>
    [Parameter]
    public SwitchParameter Wait { get; set; }

    /// <summary>A file that keeps up to where the logs were read: reading begins where the last reading with it ended, also over rotation, and gives each record once. It is made where there is none; give each set of logs one of its own. -OutBuffer has no effect with it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Bookmark { get; set; }

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
        _hasFixedPath = Logs.HasPath || Logs.Journal;
        _isOfNoEvent = EventId is [];
        if (Bookmark is not null)
        {
            OutputBuffer.Disable(this);
        }

        AddEvents();
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (!MyInvocation.ExpectingInput || _isOfNoEvent)
        {
            return;
        }

        if (!_hasFixedPath && Logs.HasPath)
        {
            _hasRead = true;
            ReadOrCollect();
        }
        else
        {
            AddEvents();
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        if (_isOfNoEvent)
        {
            return;
        }

        // Events that came through the pipeline are all looked for in one reading; where none came, nothing is.
        bool isInputRead = MyInvocation.ExpectingInput && (_events.Count == 0 || _hasRead);
        if (!isInputRead)
        {
            ReadOrCollect();
        }

        if (IsLive && (!isInputRead || _livePaths.Count > 0))
        {
            Follow();
        }

        _progress!.Complete();
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _live?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    void IEventSink.OnRecord(VirtAuditRecord record)
    {
        if (Bookmark is null)
        {
            WriteObject(record);
        }
        else
        {
            HandOver.Write(this, record);
        }
    }

    /// <inheritdoc/>
    void IEventSink.OnFault(Fault fault) => WriteFault(fault);

    /// <inheritdoc/>
    void IEventSink.OnProgress(LogFile log) => _progress!.Report(log);

    private void AddEvents() => _events.AddRange((EventId ?? []).Select(EventReference.Parse));

    private bool IsLive => Wait || Bookmark is not null;

    private LogSelection Logs { get; } = new();

    private ReadOptions Options => new(GetFilter(_events)) { IncludeRawText = IncludeRawText, IncludeMalformed = IncludeMalformed };

    private int? TailCount => Tail < 0 ? null : Tail;

    private void ReadOrCollect()
    {
        // Logs that are followed are followed together.
        if (IsLive)
        {
            _livePaths.AddRange(Logs.Resolve(SessionState, WriteFault));
        }
        else
        {
            Read();
        }
    }

    private void Follow()
    {
        try
        {
            _live = new LiveLogs(Options, this, Cancellation) { Tail = TailCount, Idle = _progress!.Complete, Chosen = TellLog };
            if (Bookmark is not null)
            {
                _live.UseBookmark(new LogPathResolver(SessionState, ThrowFault).Literal(Bookmark)!);
            }

            if (Logs.Journal)
            {
                _live.AddJournal();
            }
            else if (Logs.HasPath || _livePaths.Count > 0)
            {
                _live.Add(_livePaths);
            }
            else
            {
                _live.AddHost(new HostLogFinder());
            }

            if (Wait)
            {
                _live.Follow(TimeSpan.MaxValue, () => false);
            }
            else
            {
                _live.ReadOn();
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the pipeline ends by itself.
        }
        catch (FaultException exception)
        {
            ThrowFault(exception.Fault);
        }
    }

    private void Read()
    {
        var source = new LogSource(Options, this, Cancellation) { Tail = TailCount, AssumeOrdered = AssumeOrdered, Chosen = TellLog };
        try
        {
            if (Logs.Journal)
            {
                source.ReadJournal();
            }
            else if (Logs.HasPath)
            {
                source.ReadFiles(Logs.Resolve(SessionState, WriteFault));
            }
            else
            {
                source.ReadHost(new HostLogFinder());
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the pipeline ends by itself.
        }
    }
}
