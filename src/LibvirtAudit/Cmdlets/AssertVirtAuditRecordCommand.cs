using System.Collections;
using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// Fails unless the records are there that a step of a runbook must have left: in a log, for which it can wait, or among
/// records from the pipeline. Silent where they are; works in and out of Pester.
/// </summary>
[Cmdlet(VerbsLifecycle.Assert, "VirtAuditRecord", DefaultParameterSetName = LogSelection.PathSet)]
[OutputType(
    typeof(VirtAuditRecord),
    ParameterSetName = [LogSelection.PathSet, LogSelection.LiteralPathSet, LogSelection.JournalSet, LogSelection.InputSet])]
public sealed class AssertVirtAuditRecordCommand : FilteringCmdlet, IEventSink
{
    /// <summary>How many records the message of a failure shows.</summary>
    private const int MostShown = 5;

    private readonly List<VirtAuditRecord> _matching = [];
    private readonly Queue<VirtAuditRecord> _last = new();
    private RecordFilter _filter = RecordFilter.All;
    private ProgressReporter? _progress;
    private LiveLogs? _live;
    private int _found;
    private int _read;
    private bool _isUnread;

    /// <summary>The logs to look in; wildcards are expanded. Without a path the host's own logs.</summary>
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

    /// <summary>The logs to look in, each named to the letter.</summary>
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

    /// <summary>Records to look among, live or back from a file, a job or a remote session.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = LogSelection.InputSet)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Exactly how many records must match; 0 for none. Without it at least one must.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [WholeNumber]
    public int Count { get; set; } = -1;

    /// <summary>How many seconds to wait for the records, by following the log. With -Count 0, for so long none may come.</summary>
    [Parameter(ParameterSetName = LogSelection.PathSet)]
    [Parameter(ParameterSetName = LogSelection.LiteralPathSet)]
    [Parameter(ParameterSetName = LogSelection.JournalSet)]
    [ValidateRange(0, int.MaxValue)]
    [WholeNumber]
    public int Within { get; set; }

    /// <summary>Gives the records that matched.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

    private LogSelection Logs { get; } = new();

    private int? Wanted => Count < 0 ? null : Count;

    private bool IsMet => Wanted is int count ? _found == count : _found > 0;

    // Nothing that comes can change it: enough are there, or too many.
    private bool IsDecided => Wanted is int count ? _found > count || (_found == count && count > 0) : _found > 0;

    /// <inheritdoc/>
    protected override void BeginProcessing()
    {
        _progress = new ProgressReporter(this, "Looking for audit records");
        _filter = GetFilter();
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
        // An empty pipeline is what is asserted about, not the host's logs.
        if (ParameterSetName != LogSelection.InputSet && !MyInvocation.ExpectingInput)
        {
            try
            {
                Read();
            }
            catch (OperationCanceledException)
            {
                // Ctrl-C: nothing is known, so nothing is said.
                return;
            }
        }

        _progress!.Complete();
        if (IsMet && Wanted == 0 && _isUnread)
        {
            ThrowFault(AssertionFaults.NotRead(Describe()));
        }

        if (!IsMet)
        {
            ThrowFault(AssertionFaults.Failed(Wanted, Describe(), _found, _matching.Take(MostShown), _read, _last));
        }

        if (PassThru)
        {
            WriteObject(_matching, enumerateCollection: true);
        }
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
    void IEventSink.OnRecord(VirtAuditRecord record) => Look(record);

    /// <inheritdoc/>
    void IEventSink.OnFault(Fault fault) => Report(fault);

    /// <inheritdoc/>
    void IEventSink.OnProgress(LogFile log) => _progress!.Report(log);

    // A list is taken apart once: one that holds itself has no end.
    private void Take(PSObject? input, bool isItem = false)
    {
        if (RecordBinder.Bind(input) is VirtAuditRecord record)
        {
            Look(record);
        }
        else if (!isItem && input?.BaseObject is IEnumerable items and not string)
        {
            foreach (object? item in items)
            {
                Cancellation.ThrowIfCancellationRequested();
                Take(item is null ? null : PSObject.AsPSObject(item), isItem: true);
            }
        }
        else if (input is not null)
        {
            WriteFault(InputFaults.NotARecord(input.BaseObject));
        }
    }

    private void Read()
    {
        // Records of the time that don't match are read, too, since the message of a failure shows the last of them.
        var options = new ReadOptions(new RecordFilter { From = From, To = To });
        _live = new LiveLogs(options, this, Cancellation) { Idle = _progress!.Complete, Chosen = TellLog };
        if (Logs.Journal)
        {
            _live.AddJournal();
        }
        else if (Logs.HasPath)
        {
            _live.Add(Logs.Resolve(SessionState, Report));
        }
        else
        {
            _live.AddHost(new HostLogFinder());
        }

        _live.ReadOn();
        if (!IsDecided && Within > 0)
        {
            _live.Follow(TimeSpan.FromSeconds(Within), () => IsDecided);
        }
    }

    // A damaged line is told and passed over, and another log is not asked about; every other failure leaves part of a log unread.
    private void Report(Fault fault)
    {
        _isUnread |= fault.Id is not (FaultId.MalformedRecord or FaultId.OtherLog);
        WriteFault(fault);
    }

    private void Look(VirtAuditRecord record)
    {
        _read++;
        _last.Enqueue(record);
        if (_last.Count > MostShown)
        {
            _last.Dequeue();
        }

        if (_filter.Matches(record))
        {
            _found++;
            if (PassThru || _matching.Count < MostShown)
            {
                _matching.Add(record);
            }
        }
    }

    private string Describe() => string.Join(", ", new (string Name, object? Value)[]
        {
            (nameof(VMName), VMName), (nameof(Uuid), Uuid), (nameof(RecordType), RecordType), (nameof(ResourceType), ResourceType),
            (nameof(Operation), Operation), (nameof(Reason), Reason), (nameof(Result), Result), (nameof(Driver), Driver), (nameof(Node), Node),
            (nameof(Value), Value), (nameof(StartTime), StartTime), (nameof(EndTime), EndTime),
        }
        .Where(filter => filter.Value is not null)
        .Select(filter => $"{filter.Name} {(filter.Value is string[] patterns ? string.Join(" or ", patterns.Select(pattern => $"'{pattern}'")) : $"{filter.Value}")}"));
}
