using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>The program as the engine sees it.</summary>
internal sealed class ShellHost(ShellConsole console) : PSHost
{
    /// <summary>The standard streams.</summary>
    public ShellConsole Console => console;

    /// <summary>The user interface over them.</summary>
    public ShellUI Screen { get; } = new(console);

    /// <summary>The code that a script's <c>exit</c> asked for; null where none did.</summary>
    public int? RequestedExitCode { get; private set; }

    /// <inheritdoc/>
    public override Guid InstanceId { get; } = Guid.NewGuid();

    /// <inheritdoc/>
    public override string Name => "virtaudit";

    /// <inheritdoc/>
    public override Version Version { get; } = typeof(ShellHost).Assembly.GetName().Version ?? new Version(0, 0);

    /// <inheritdoc/>
    public override CultureInfo CurrentCulture { get; } = CultureInfo.CurrentCulture;

    /// <inheritdoc/>
    public override CultureInfo CurrentUICulture { get; } = CultureInfo.CurrentUICulture;

    /// <inheritdoc/>
    public override PSHostUserInterface UI => Screen;

    /// <inheritdoc/>
    public override void SetShouldExit(int exitCode) => RequestedExitCode = exitCode;

    /// <inheritdoc/>
    public override void EnterNestedPrompt() => throw new PSNotSupportedException("virtaudit has no prompt to suspend to.");

    /// <inheritdoc/>
    public override void ExitNestedPrompt()
    {
    }

    /// <inheritdoc/>
    public override void NotifyBeginApplication()
    {
    }

    /// <inheritdoc/>
    public override void NotifyEndApplication()
    {
    }
}
