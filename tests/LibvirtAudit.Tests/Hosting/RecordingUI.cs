using System.Collections.ObjectModel;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;
using System.Text;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>The recording host's user interface: writes append to one text, questions fail unless an answer was set.</summary>
internal sealed class RecordingUI : PSHostUserInterface
{
    private readonly Lock _lock = new();
    private readonly StringBuilder _text = new();
    private readonly RecordingRawUI _rawUI = new();
    private readonly List<string> _written = [];
    private bool _escapes;

    public override PSHostRawUserInterface RawUI => _rawUI;

    public override bool SupportsVirtualTerminal => _escapes;

    /// <summary>The number of the choice that every question gets for an answer; null where none is expected.</summary>
    public int? Answer { get; set; }

    /// <summary>Every text that reached the interface since <see cref="Begin"/>, of whatever kind: progress, questions and the window's title too.</summary>
    public IReadOnlyList<string> Written
    {
        get
        {
            lock (_lock)
            {
                return [.. _written, _rawUI.WindowTitle];
            }
        }
    }

    public void Begin(int width, bool escapes)
    {
        lock (_lock)
        {
            _text.Clear();
            _written.Clear();
        }

        _escapes = escapes;
        _rawUI.Width = width;
    }

    public string End()
    {
        lock (_lock)
        {
            return _text.ToString().ReplaceLineEndings("\n");
        }
    }

    public override void Write(string value)
    {
        lock (_lock)
        {
            _text.Append(value);
            _written.Add(value);
        }
    }

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) => Write(value);

    public override void WriteLine(string value) => Write(value + "\n");

    public override void WriteErrorLine(string value) => WriteLine(value);

    public override void WriteWarningLine(string message) => WriteLine($"WARNING: {message}");

    public override void WriteVerboseLine(string message) => WriteLine($"VERBOSE: {message}");

    public override void WriteDebugLine(string message) => WriteLine($"DEBUG: {message}");

    public override void WriteProgress(long sourceId, ProgressRecord record) =>
        Keep(record.Activity, record.StatusDescription, record.CurrentOperation);

    public override void WriteInformation(InformationRecord record) => Keep(record.ToString());

    public override string ReadLine() => throw new PSNotSupportedException();

    public override SecureString ReadLineAsSecureString() => throw new PSNotSupportedException();

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions) =>
        throw new PSNotSupportedException();

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        Keep([caption, message, .. choices.SelectMany(choice => new[] { choice.Label, choice.HelpMessage })]);
        return Answer ?? throw new PSNotSupportedException();
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new PSNotSupportedException();

    public override PSCredential PromptForCredential(
        string caption, string message, string userName, string targetName, PSCredentialTypes allowedCredentialTypes, PSCredentialUIOptions options) =>
        throw new PSNotSupportedException();

    private void Keep(params IEnumerable<string?> texts)
    {
        lock (_lock)
        {
            _written.AddRange(texts.OfType<string>());
        }
    }
}
