using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Errors;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>What all cmdlets of the module share: cancellation, and errors made of faults.</summary>
public abstract class VirtAuditCmdlet : PSCmdlet, IDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    /// <summary>Cancelled by Ctrl-C.</summary>
    protected CancellationToken Cancellation => _stopping.Token;

    /// <summary>Ends what goes on; called on another thread.</summary>
    protected override void StopProcessing() => _stopping.Cancel();

    /// <summary>Reports a failure after which the rest of the input is still worked on, or warns.</summary>
    protected void WriteFault(Fault fault)
    {
        if (fault.IsWarning)
        {
            WriteWarning(fault.Message);
        }
        else
        {
            WriteError(fault.ToErrorRecord());
        }
    }

    /// <summary>Tells which of the host's logs is read, and why.</summary>
    private protected void TellLog(string log, string reason) => WriteVerbose($"Reads {PrintableText.Escape(log)}. {reason}");

    /// <summary>Ends the pipeline with a failure.</summary>
    protected void ThrowFault(Fault fault) => ThrowTerminatingError(fault.ToErrorRecord());

    /// <summary>Ends the command where -Path was written beside what is piped; a default of -Path gives way.</summary>
    private protected void RefusePathBesideInput(LogSelection logs)
    {
        if (logs.HasPath && !logs.IsByDefault(this))
        {
            ThrowFault(InputFaults.PathBesideInput());
        }

        logs.Path = null;
    }

    /// <summary>Frees what the cmdlet holds, whichever way the pipeline ended: where a downstream command breaks it off, nothing else is called.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _stopping.Dispose();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }
}
