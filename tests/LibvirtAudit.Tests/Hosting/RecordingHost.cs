using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>A host that keeps what would be shown on a terminal of a given width.</summary>
internal sealed class RecordingHost : PSHost
{
    private readonly RecordingUI _ui = new();

    public override Guid InstanceId { get; } = Guid.NewGuid();

    public override string Name => "LibvirtAudit.Tests";

    public override Version Version { get; } = new(1, 0);

    public override CultureInfo CurrentCulture => CultureInfo.InvariantCulture;

    public override CultureInfo CurrentUICulture => CultureInfo.InvariantCulture;

    public override PSHostUserInterface UI => _ui;

    /// <summary>Starts a new recording.</summary>
    public void Begin(int width, bool escapes) => _ui.Begin(width, escapes);

    /// <inheritdoc cref="RecordingUI.Answer"/>
    public int? Answer
    {
        get => _ui.Answer;
        set => _ui.Answer = value;
    }

    /// <inheritdoc cref="RecordingUI.Written"/>
    public IReadOnlyList<string> Written => _ui.Written;

    /// <summary>The text since <see cref="Begin"/>, lines ended by <c>\n</c>.</summary>
    public string End() => _ui.End();

    public override void EnterNestedPrompt() => throw new PSNotSupportedException();

    public override void ExitNestedPrompt() => throw new PSNotSupportedException();

    public override void NotifyBeginApplication()
    {
    }

    public override void NotifyEndApplication()
    {
    }

    public override void SetShouldExit(int exitCode)
    {
    }
}
