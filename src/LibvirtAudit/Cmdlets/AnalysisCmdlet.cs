using System.Collections;
using System.Management.Automation;
using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Binding;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// What the cmdlets that analyse logs share: where the records come from, and which guests and times are wanted. The records
/// of other guests are passed over; time chooses among the results, as what began before is part of the answer.
/// </summary>
public abstract class AnalysisCmdlet : GuestFilteringCmdlet, IEventSink
{
    private readonly List<string> _files = [];
    private ProgressReporter? _progress;
    private RecordFilter _filter = RecordFilter.All;

    /// <summary>The logs to read; wildcards are expanded, and the files of one rotation are read oldest first. Without a path the host's own logs are read.</summary>
    [Parameter(Position = 0, ParameterSetName = LogSelection.PathSet)]
    [Parameter(ParameterSetName = LogSelection.InputSet)]
    [PathInput]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path
    {
        get => Logs.Path;
        set => Logs.Path = value;
    }

    /// <summary>The logs to read, each named to the letter.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LogSelection.LiteralPathSet)]
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

    /// <summary>Records, live or back from a file, a job or a remote session; or files, which are read oldest first when all have come.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = LogSelection.InputSet)]
    public PSObject? InputObject { get; set; }

    private protected TrailAnalysis Analysis { get; } = new();

    private LogSelection Logs { get; } = new();

    /// <summary>Whether the host's own logs are read, and no copy of any.</summary>
    private protected bool ReadsHost => ParameterSetName != LogSelection.InputSet && !Logs.HasPath && !MyInvocation.ExpectingInput;

    /// <summary>Which records are analysed.</summary>
    private protected virtual RecordFilter ReadFilter => _filter;

    /// <summary>Whether the moments of events of every type are wanted.</summary>
    private protected virtual bool WantsMoments => false;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _progress = new ProgressReporter(this, "Analysing audit records");
        _filter = new RecordFilter { VMName = Patterns(VMName), Uuid = Patterns(Uuid), Driver = Patterns(Driver), Node = Patterns(Node) };
    }

    /// <inheritdoc/>
    protected override void ProcessRecord()
    {
        if (ParameterSetName == LogSelection.InputSet)
        {
            RefusePathBesideInput(Logs);
            Take(InputObject);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            Read();
            EndAnalysis();
            if (Analysis.Forgotten > 0)
            {
                WriteFault(InputFaults.RepeatsUnknown(Analysis.Forgotten));
            }
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the pipeline ends by itself.
            return;
        }

        _progress!.Complete();
        Complete();
    }

    /// <inheritdoc/>
    void IEventSink.OnRecord(VirtAuditRecord record)
    {
        bool isNew = Accept(record);
        OnRecord(record, isNew);
    }

    /// <inheritdoc/>
    void IEventSink.OnFault(Fault fault)
    {
        if (OnFault(fault))
        {
            WriteFault(fault);
        }
    }

    /// <inheritdoc/>
    void IEventSink.OnEvent(AuditEvent record) => Accept(record);

    /// <inheritdoc/>
    void IEventSink.OnMoment(in EventMoment moment) => Accept(moment);

    /// <inheritdoc/>
    void IEventSink.OnLoss(in LossNotice notice) => Accept(notice);

    /// <inheritdoc/>
    void IEventSink.OnProgress(LogFile log) => _progress!.Report(log);

    /// <summary>Called with each record after it was analysed.</summary>
    private protected virtual void OnRecord(VirtAuditRecord record, bool isNew)
    {
    }

    /// <summary>Called with each failure of reading; whether it is to be reported as an error.</summary>
    private protected virtual bool OnFault(Fault fault) => true;

    /// <summary>Called with each log before it is read.</summary>
    private protected virtual void OnOpened(LogFile log)
    {
    }

    /// <summary>Analyses the next record; false where it was given before.</summary>
    private protected virtual bool Accept(VirtAuditRecord record) => Analysis.Accept(record);

    /// <summary>Analyses the next record of another type.</summary>
    private protected virtual void Accept(AuditEvent record) => Analysis.Accept(record);

    /// <summary>Takes the moment of an event of any type; only where they are wanted.</summary>
    private protected virtual void Accept(in EventMoment moment)
    {
    }

    /// <summary>Takes the kernel's word that it lost records; only where moments are wanted.</summary>
    private protected virtual void Accept(in LossNotice notice)
    {
    }

    /// <summary>Ends the analysis: what is open is handed out.</summary>
    private protected virtual void EndAnalysis() => Analysis.Complete();

    /// <summary>Called when all records were analysed.</summary>
    private protected virtual void Complete()
    {
    }

    /// <summary>Whether something that lasted between two moments touches the time that is wanted; null for an end that is not known.</summary>
    private protected bool IsWanted(long? start, long? end) => (To is null || (start ?? end) is not long begun || begun <= To) && (From is null || end is not long over || over >= From);

    /// <summary>Whether one of the patterns matches, or none is given.</summary>
    private protected static bool IsAny(TextPattern[] patterns, params ReadOnlySpan<string?> texts)
    {
        foreach (string? text in texts)
        {
            if (Array.Exists(patterns, pattern => pattern.IsMatch(text ?? "")))
            {
                return true;
            }
        }

        return patterns.Length == 0;
    }

    /// <summary>Whether something is of a guest that is wanted.</summary>
    private protected bool IsWantedGuest(string? name, Guid? uuid, string? driver, string? node) =>
        _filter.Matches(new VirtAuditRecord { VMName = name, Uuid = uuid, Driver = driver, Node = node });

    // A list is taken apart once: one that holds itself has no end.
    private void Take(PSObject? input, bool isItem = false)
    {
        if (RecordBinder.Bind(input) is VirtAuditRecord record)
        {
            if (ReadFilter.Matches(record))
            {
                ((IEventSink)this).OnRecord(record);
            }
        }
        else if (input?.BaseObject is FileSystemInfo file)
        {
            _files.Add(file.FullName);
        }
        else if (!isItem && input?.BaseObject is IEnumerable items and not string)
        {
            foreach (object? item in items)
            {
                Cancellation.ThrowIfCancellationRequested();
                Take(item is null ? null : PSObject.AsPSObject(item), isItem: true);
            }
        }
        else
        {
            WriteFault(InputFaults.NotARecord(input?.BaseObject));
        }
    }

    private void Read()
    {
        // What could be read of a damaged record still tells of its guest.
        var options = new ReadOptions(ReadFilter) { IncludeMalformed = true, Events = EventTypes.Analysis, Moments = WantsMoments };
        var source = new LogSource(options, this, Cancellation) { Opened = OnOpened, Chosen = TellLog };
        if (Logs.Journal)
        {
            source.ReadJournal();
        }
        else if (ParameterSetName == LogSelection.InputSet)
        {
            source.ReadFiles(RotationOrder.OldestFirst(_files));
        }
        else if (Logs.IsAsked(this))
        {
            string[] paths = [.. Logs.Resolve(SessionState, ((IEventSink)this).OnFault)];
            if (paths.Length == 1)
            {
                Analysis.ExpectOneLog();
            }

            source.ReadFiles(paths);
        }
        else if (!MyInvocation.ExpectingInput)
        {
            // A pipeline that brought nothing is no request for the host's logs.
            source.ReadHost(new HostLogFinder());
        }
    }
}
