using System.Management.Automation;

namespace LibvirtAudit.Shell;

/// <summary>
/// Stands in for a command of pwsh's own modules, which the engine alone lacks, and says so: "not recognized" would send
/// the reader to look for a typing error.
/// </summary>
[Cmdlet(VerbsCommon.Show, "PwshOnlyCommand")]
public sealed class PwshOnlyCommand : PSCmdlet
{
    /// <summary>Whatever was given to the command.</summary>
    [Parameter(ValueFromRemainingArguments = true)]
    public object[]? ArgumentList { get; set; }

    /// <summary>Whatever was piped to the command.</summary>
    [Parameter(ValueFromPipeline = true)]
    public object? InputObject { get; set; }

    /// <summary>Takes the place of a command that was not found, if it is one of pwsh's.</summary>
    internal static void Stand(object? sender, CommandLookupEventArgs lookup)
    {
        if (PwshCommands.ModuleOf(lookup.CommandName) is not null)
        {
            lookup.Command = new CmdletInfo(lookup.CommandName, typeof(PwshOnlyCommand));
        }
    }

    /// <summary>Fails before anything comes through the pipeline.</summary>
    protected override void BeginProcessing()
    {
        string name = MyInvocation.MyCommand.Name;
        ThrowTerminatingError(new ErrorRecord(
            new CommandNotFoundException(
                $"'{name}' is a command of pwsh (module {PwshCommands.ModuleOf(name)}), and virtaudit hosts the PowerShell engine alone. "
                + "Where-Object and ForEach-Object are here; for the rest import LibvirtAudit into pwsh 7.6."),
            "PwshOnlyCommand",
            ErrorCategory.ObjectNotFound,
            name));
    }
}
