using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>Text out, answers in: output, warnings and the like to standard output as pwsh has it, errors to standard error.</summary>
internal sealed class ShellUI(ShellConsole console) : PSHostUserInterface
{
    /// <summary>Whether all lines are those of an error that is being shown.</summary>
    public bool WritesErrors { get; set; }

    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUI();

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => console.OutputShowsEscapes || console.ErrorShowsEscapes;

    /// <inheritdoc/>
    public override void Write(string value) => console.WriteOutput(value);

    /// <inheritdoc/>
    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(PSStyle.MapForegroundColorToEscapeSequence(foregroundColor) + value + PSStyle.Instance.Reset);

    /// <inheritdoc/>
    public override void WriteLine(string value)
    {
        if (WritesErrors)
        {
            WriteErrorLine(value);
        }
        else
        {
            Write(value + Environment.NewLine);
        }
    }

    /// <inheritdoc/>
    public override void WriteErrorLine(string value)
    {
        // The error views end with an empty line that pwsh doesn't show either.
        if (value.Length > 0)
        {
            console.WriteError(value + Environment.NewLine);
        }
    }

    /// <inheritdoc/>
    public override void WriteWarningLine(string message) => WriteMarked(PSStyle.Instance.Formatting.Warning, "WARNING", message);

    /// <inheritdoc/>
    public override void WriteVerboseLine(string message) => WriteMarked(PSStyle.Instance.Formatting.Verbose, "VERBOSE", message);

    /// <inheritdoc/>
    public override void WriteDebugLine(string message) => WriteMarked(PSStyle.Instance.Formatting.Debug, "DEBUG", message);

    /// <inheritdoc/>
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
        if (record.RecordType == ProgressRecordType.Completed)
        {
            console.EndProgress();
            return;
        }

        string percent = record.PercentComplete >= 0 ? $" {record.PercentComplete} %" : "";
        console.WriteProgress($"{record.Activity}: {record.StatusDescription}{percent}");
    }

    /// <inheritdoc/>
    public override string ReadLine() => Answers.ReadLine();

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString() => throw NoSecrets();

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        new Answers(this).Fields(caption, message, descriptions);

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        new Answers(this).Choice(caption, message, choices, defaultChoice);

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw NoSecrets();

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw NoSecrets();

    private void WriteMarked(string style, string mark, string message) => WriteLine($"{style}{mark}: {message}{PSStyle.Instance.Reset}");

    private static PSNotSupportedException NoSecrets() => new("virtaudit does not ask for secrets.");
}
