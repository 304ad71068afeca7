using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>Text out, answers in: output, warnings and the like to standard output as pwsh has it, errors to standard error.</summary>
internal sealed class ShellUI : PSHostUserInterface
{
    private readonly ShellConsole _console;
    private readonly Answers _answers;

    /// <summary>The user interface over the standard streams.</summary>
    public ShellUI(ShellConsole console)
    {
        _console = console;
        _answers = new Answers(this);
    }

    /// <summary>Whether all lines are those of an error that is being shown.</summary>
    public bool WritesErrors { get; set; }

    /// <inheritdoc/>
    public override PSHostRawUserInterface RawUI { get; } = new ShellRawUI();

    /// <inheritdoc/>
    public override bool SupportsVirtualTerminal => _console.OutputShowsEscapes || _console.ErrorShowsEscapes;

    /// <inheritdoc/>
    public override void Write(string value) => _console.WriteOutput(value);

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
            _console.WriteError(value + Environment.NewLine);
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
            _console.EndProgress();
            return;
        }

        string percent = record.PercentComplete >= 0 ? $" {record.PercentComplete} %" : "";
        _console.WriteProgress($"{record.Activity}: {record.StatusDescription}{percent}");
    }

    /// <summary>Lets go of a question that nobody has answered yet.</summary>
    public void GiveUpAsking() => _answers.GiveUp();

    /// <inheritdoc/>
    public override string ReadLine() => _answers.ReadLine();

    /// <inheritdoc/>
    public override SecureString ReadLineAsSecureString() => throw NoSecrets();

    /// <inheritdoc/>
    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        _answers.Fields(caption, message, descriptions);

    /// <inheritdoc/>
    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice) =>
        _answers.Choice(caption, message, choices, defaultChoice);

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) => throw NoSecrets();

    /// <inheritdoc/>
    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw NoSecrets();

    private void WriteMarked(string style, string mark, string message) => WriteLine($"{style}{mark}: {message}{PSStyle.Instance.Reset}");

    private static PSNotSupportedException NoSecrets() => new("virtaudit does not ask for secrets.");
}
