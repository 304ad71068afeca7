using System.Diagnostics;
using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Faults;
using LibvirtAudit.Netlink;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>
/// Gives libvirt's audit records as the kernel sends them out, whether or not auditd runs, and without disturbing it.
/// Needs CAP_AUDIT_READ and the host's network namespace.
/// </summary>
[Cmdlet(VerbsCommon.Watch, "VirtAuditRecord")]
[OutputType(typeof(VirtAuditRecord))]
public sealed class WatchVirtAuditRecordCommand : FilteringCmdlet, IEventSink
{
    private const string Source = "netlink";
    private AuditListener? _listener;
    private int _count;

    /// <summary>Ends after so many seconds; without it, when it is stopped.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [WholeNumber]
    public int TimeoutSec { get; set; }

    /// <summary>Ends after so many records that match.</summary>
    [Parameter]
    [ValidateRange(1, int.MaxValue)]
    [WholeNumber]
    public int MaxEvents { get; set; }

    /// <summary>Keeps each record's line, in the form of audit.log, in its RawText.</summary>
    [Parameter]
    public SwitchParameter IncludeRawText { get; set; }

    /// <summary>Gives what could be read of a record that was cut or damaged, beside the error.</summary>
    [Parameter]
    public SwitchParameter IncludeMalformed { get; set; }

    private bool IsEnough => MaxEvents > 0 && _count >= MaxEvents;

    /// <inheritdoc/>
    protected override void EndProcessing()
    {
        try
        {
            _listener = AuditListener.Open();
            Watch(_listener);
        }
        catch (FaultException exception)
        {
            ThrowFault(exception.Fault);
        }
        catch (OperationCanceledException)
        {
            // Ctrl-C: the pipeline ends by itself.
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _listener?.Dispose();
        }

        base.Dispose(disposing);
    }

    /// <inheritdoc/>
    void IEventSink.OnRecord(VirtAuditRecord record)
    {
        _count++;
        WriteObject(record);
    }

    /// <inheritdoc/>
    void IEventSink.OnFault(Fault fault) => WriteFault(fault);

    private void Watch(AuditListener listener)
    {
        var options = new ReadOptions(GetFilter()) { IncludeRawText = IncludeRawText, IncludeMalformed = IncludeMalformed };
        var reader = new TextRecordReader(options, Source, this);
        long start = Stopwatch.GetTimestamp();
        TimeSpan longest = TimeoutSec > 0 ? TimeSpan.FromSeconds(TimeoutSec) : TimeSpan.MaxValue;
        while (!IsEnough && longest - Stopwatch.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
        {
            if (!listener.TryTake(out LiveItem item, left, Cancellation))
            {
                continue;
            }

            if (item.Fault is Fault { IsWarning: false } failure)
            {
                ThrowFault(failure);
            }
            else if (item.Fault is Fault warning)
            {
                WriteFault(warning);
            }
            else
            {
                reader.Feed(item.Line, offset: 0);
            }
        }
    }
}
