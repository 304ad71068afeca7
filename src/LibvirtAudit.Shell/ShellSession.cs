using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using LibvirtAudit.Shell.Hosting;

namespace LibvirtAudit.Shell;

/// <summary>One PowerShell session with the module imported, which runs one script and tells its exit code.</summary>
internal sealed class ShellSession : IDisposable
{
    private readonly ShellHost _host;
    private readonly Runspace _runspace;
    private readonly PipelineRunner _runner = new();
    private volatile bool _interrupted;

    /// <summary>Opens the session.</summary>
    /// <exception cref="ShellStartException">The engine did not start, or the module did not load.</exception>
    public ShellSession(ShellHost host)
    {
        _host = host;
        _runspace = RunspaceFactory.CreateRunspace(host, EngineState.Create());
        _runspace.ThreadOptions = PSThreadOptions.ReuseThread;
        try
        {
            _runspace.Open();
        }
        catch (RuntimeException failure)
        {
            _runspace.Dispose();
            throw new ShellStartException(failure.Message, failure);
        }

        _runspace.SessionStateProxy.InvokeCommand.CommandNotFoundAction += PwshOnlyCommand.Stand;
        host.Console.OutputLost += Stop;
    }

    /// <summary>Runs a script given as text; the exit code is the one of <c>pwsh -Command</c>.</summary>
    /// <param name="text">The script.</param>
    /// <param name="readsInput">Whether standard input is free to be <c>$input</c>.</param>
    public int RunText(string text, bool readsInput)
    {
        if (string.IsNullOrWhiteSpace(text))
        {
            return ExitCode.Success;
        }

        bool usesInput = readsInput && UsesInput(Parser.ParseInput(text, out _, out _));

        // The engine keeps $? of what counts as typed in, and of nothing else.
        Pipeline script = _runspace.CreatePipeline(text, addToHistory: true);
        return Run(script, usesInput, () => LastStatementFailed() ? ExitCode.Failure : ExitCode.Success);
    }

    /// <summary>Runs a script file; the exit code is the one of <c>pwsh -File</c>.</summary>
    /// <param name="path">The script's full path.</param>
    /// <param name="text">The script's text.</param>
    /// <param name="arguments">The words after it.</param>
    public int RunFile(string path, string text, IReadOnlyList<string> arguments)
    {
        // The engine runs a file as a script only if it is called .ps1; one with a shebang may be called anything.
        bool isScriptFile = path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
        var command = new Command(isScriptFile ? path : text, isScript: !isScriptFile, useLocalScope: false);
        foreach (CommandParameter parameter in ScriptArguments.Parse(arguments))
        {
            command.Parameters.Add(parameter);
        }

        PassExitOn();
        Pipeline script = _runspace.CreatePipeline();
        script.Commands.Add(command);
        return Run(script, UsesInput(Parser.ParseInput(text, out _, out _)), () => ExitCode.Success);
    }

    /// <summary>Stops what runs, and waits for nothing: its exit code becomes that of an interruption.</summary>
    public void Interrupt()
    {
        _interrupted = true;
        Stop();
    }

    /// <summary>Ends the session.</summary>
    public void Dispose() => _runspace.Dispose();

    private void Stop()
    {
        _host.Screen.GiveUpAsking();
        _runner.Stop();
    }

    private int Run(Pipeline script, bool usesInput, Func<int> exitCode)
    {
        Exception? failure = _runner.Run(script, usesInput ? StandardInput.ReadLines() : []);
        if (_host.Console.OutputFailure is IOException lost)
        {
            return OutputLost(lost);
        }

        if (_interrupted)
        {
            return ExitCode.Interrupted;
        }

        if (failure is not null)
        {
            Report(failure);
        }

        return _host.RequestedExitCode ?? (failure is null ? exitCode() : ExitCode.Failure);
    }

    private int OutputLost(IOException failure)
    {
        if (StandardStreams.IsBrokenPipe(failure))
        {
            // Not worth a word: a reader such as head has seen enough.
            return ExitCode.OutputClosed;
        }

        _host.Console.WriteError($"virtaudit: the output cannot be written: {failure.Message}{Environment.NewLine}");
        return ExitCode.Failure;
    }

    /// <summary>Shows what ended the run as PowerShell shows any error.</summary>
    /// <remarks>
    /// Not through a command that writes it as an error: that would put its own name and place in the place of the script's.
    /// </remarks>
    private void Report(Exception failure)
    {
        ErrorRecord error = failure is IContainsErrorRecord { ErrorRecord: ErrorRecord record }
            ? record
            : new ErrorRecord(failure, "UnhandledException", ErrorCategory.NotSpecified, targetObject: null);
        _host.Screen.WritesErrors = true;
        using Pipeline report = _runspace.CreatePipeline();
        report.Commands.Add("Out-Default");
        report.Invoke(new[] { error });
        _host.Screen.WritesErrors = false;
    }

    private bool LastStatementFailed()
    {
        using Pipeline question = _runspace.CreatePipeline("$global:?");
        return question.Invoke() is [{ BaseObject: false }];
    }

    /// <summary>Makes the exit of the next script file the session's, as pwsh does for <c>-File</c>.</summary>
    /// <remarks>
    /// By reflection, for want of a public way: from outside, the exit of a script file looks like the failure of the last
    /// program that it ran. The engine's version is pinned, and the tests ask for the exit codes.
    /// </remarks>
    private void PassExitOn()
    {
        object context = InternalProperty(typeof(Runspace), "ExecutionContext").GetValue(_runspace)!;
        InternalProperty(context.GetType(), "ScriptCommandProcessorShouldRethrowExit").SetValue(context, value: true);
    }

    private static PropertyInfo InternalProperty(Type type, string name) =>
        type.GetProperty(name, BindingFlags.Instance | BindingFlags.NonPublic) ?? throw new MissingMemberException(type.FullName, name);

    private static bool UsesInput(ScriptBlockAst script) =>
        Console.IsInputRedirected
        && script.Find(
            node => node is VariableExpressionAst variable && variable.VariablePath.UserPath.Equals("input", StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: false) is not null;
}
