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
[Cmdlet(VerbsLifecycle.Assert, "VirtAuditRecord", DefaultParameterSetName = PathSet)]
[OutputType(typeof(VirtAuditRecord), ParameterSetName = [PathSet, LiteralPathSet, InputSet])]
public sealed class AssertVirtAuditRecordCommand : FilteringCmdlet, ILogSink
{
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";
    private const string InputSet = "InputObject";

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
    [Parameter(Position = 0, ParameterSetName = PathSet)]
    [PathInput]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Path { get; set; }

    /// <summary>The logs to look in, each named to the letter.</summary>
    [Parameter(Mandatory = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath", "LP")]
    [ValidateNotNullOrEmpty]
    public string[]? LiteralPath { get; set; }

    /// <summary>Records to look among, live or back from a file, a job or a remote session.</summary>
    [Parameter(Mandatory = true, ValueFromPipeline = true, ParameterSetName = InputSet)]
    [AllowNull]
    public PSObject? InputObject { get; set; }

    /// <summary>Exactly how many records must match; 0 for none. Without it at least one must.</summary>
    [Parameter]
    [ValidateRange(0, int.MaxValue)]
    [WholeNumber]
    public int Count { get; set; } = -1;

    /// <summary>How many seconds to wait for the records, by following the log. With -Count 0, for so long none may come.</summary>
    [Parameter(ParameterSetName = PathSet)]
    [Parameter(ParameterSetName = LiteralPathSet)]
    [ValidateRange(0, int.MaxValue)]
    [WholeNumber]
    public int Within { get; set; }

    /// <summary>Gives the records that matched.</summary>
    [Parameter]
    public SwitchParameter PassThru { get; set; }

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
        if (ParameterSetName == InputSet)
        {
            Take(InputObject);
        }
    }

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        // An empty pipeline is what is asserted about, not the host's logs.
        if (ParameterSetName != InputSet && !MyInvocation.ExpectingInput)
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
    void ILogSink.OnRecord(VirtAuditRecord record) => Look(record);

    /// <inheritdoc/>
    void ILogSink.OnFault(Fault fault) => Report(fault);

    /// <inheritdoc/>
    void ILogSink.OnProgress(LogFile log) => _progress!.Report(log);

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
        _live = new LiveLogs(options, this, Cancellation) { Idle = _progress!.Complete };
        if (ParameterSetName == PathSet && Path is null)
        {
            _live.AddHost();
        }
        else
        {
            _live.Add(new LogPathResolver(SessionState, Report).Resolve(Path, LiteralPath));
        }

        _live.ReadOn();
        if (!IsDecided && Within > 0)
        {
            _live.Follow(TimeSpan.FromSeconds(Within), () => IsDecided);
        }
    }

    // A damaged line is told and passed over; every other failure leaves part of a log unread.
    private void Report(Fault fault)
    {
        _isUnread |= fault.Id != FaultId.MalformedRecord;
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
