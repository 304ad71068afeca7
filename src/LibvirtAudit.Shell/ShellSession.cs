using System.Management.Automation;
using System.Management.Automation.Language;
using System.Management.Automation.Runspaces;
using System.Reflection;
using LibvirtAudit.Shell.Hosting;

namespace LibvirtAudit.Shell;

/// <summary>One PowerShell session with the module imported, which runs one script and tells its exit code.</summary>
internal sealed class ShellSession : IDisposable
{
    // Enough to keep the pipeline busy; an unbounded queue would hold all of a large input.
    private const int InputAhead = 4096;

    private readonly ShellHost _host;
    private readonly Runspace _runspace;
    private readonly Lock _lock = new();
    private Pipeline? _running;
    private bool _stopped;
    private bool _interrupted;

    /// <summary>Opens the session.</summary>
    /// <exception cref="ShellStartException">The engine did not start, or the module did not load.</exception>
    public ShellSession(ShellHost host)
    {
        _host = host;

        // The engine reports the import of modules to its makers unless told not to, before its first use.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        ModulePath.RemoveOtherEngines();

        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        state.ImportPSModule(Path.Combine(AppContext.BaseDirectory, "Modules", "LibvirtAudit", "LibvirtAudit.psd1"));

        // The engine's own function of that name pages with commands that it doesn't bring.
        state.Commands.Remove("help", typeof(SessionStateFunctionEntry));
        state.Commands.Add(new SessionStateAliasEntry("help", "Get-Help"));
        if (OperatingSystem.IsWindows())
        {
            // pwsh's default there; the engine alone would refuse every script.
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.RemoteSigned;
        }

        _runspace = RunspaceFactory.CreateRunspace(host, state);
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
        return Run(script, usesInput, () => Value("$global:?") is false ? ExitCode.Failure : ExitCode.Success);
    }

    /// <summary>Runs a script file; the exit code is the one of <c>pwsh -File</c>.</summary>
    /// <param name="path">The script's full path.</param>
    /// <param name="arguments">The words after it.</param>
    public int RunFile(string path, IReadOnlyList<string> arguments)
    {
        // The engine runs a file as a script only if it is called .ps1; one with a shebang may be called anything.
        bool isScriptFile = path.EndsWith(".ps1", StringComparison.OrdinalIgnoreCase);
        Command command = isScriptFile
            ? new Command(path, isScript: false, useLocalScope: false)
            : new Command(File.ReadAllText(path), isScript: true, useLocalScope: false);
        foreach (CommandParameter parameter in ScriptArguments.Parse(arguments))
        {
            command.Parameters.Add(parameter);
        }

        PassExitOn();
        Pipeline pipeline = _runspace.CreatePipeline();
        pipeline.Commands.Add(command);
        return Run(pipeline, UsesInput(Parser.ParseFile(path, out _, out _)), () => ExitCode.Success);
    }

    /// <summary>Stops what runs, and waits for nothing: its exit code becomes that of an interruption.</summary>
    public void Interrupt()
    {
        _interrupted = true;
        Stop();
    }

    /// <summary>Stops what runs, or what is about to, and waits for nothing.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            _stopped = true;
            _running?.StopAsync();
        }
    }

    /// <summary>Ends the session.</summary>
    public void Dispose() => _runspace.Dispose();

    private int Run(Pipeline script, bool usesInput, Func<int> exitCode)
    {
        Exception? failure = Execute(script, usesInput ? StandardInput.ReadLines() : []);
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

    /// <summary>Runs a pipeline to its end, its output and errors through PowerShell's formatting; gives what ended it early.</summary>
    private Exception? Execute(Pipeline pipeline, IEnumerable<object> input)
    {
        using (pipeline)
        {
            pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
            pipeline.Commands.Add(new Command("Out-Default", isScript: false, useLocalScope: true));

            using var ended = new ManualResetEventSlim();
            pipeline.StateChanged += (_, change) =>
            {
                if (change.PipelineStateInfo.State is PipelineState.Completed or PipelineState.Failed or PipelineState.Stopped)
                {
                    ended.Set();
                }
            };

            lock (_lock)
            {
                if (_stopped)
                {
                    return null;
                }

                pipeline.InvokeAsync();
                _running = pipeline;
            }

            // On a thread of its own: reading standard input cannot be cancelled, and must not hold the end up.
            var feed = new Thread(() => Feed(pipeline.Input, input)) { IsBackground = true };
            feed.Start();
            ended.Wait();
            lock (_lock)
            {
                _running = null;
            }

            return pipeline.PipelineStateInfo is { State: PipelineState.Failed, Reason: Exception reason } ? reason : null;
        }
    }

    private static void Feed(PipelineWriter pipelineInput, IEnumerable<object> input)
    {
        try
        {
            foreach (object item in input)
            {
                while (pipelineInput.IsOpen && pipelineInput.Count >= InputAhead)
                {
                    Thread.Sleep(1);
                }

                pipelineInput.Write(item);
            }

            pipelineInput.Close();
        }
        catch (PipelineClosedException)
        {
            // The pipeline ended before its input did.
        }
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

    private object? Value(string expression)
    {
        using Pipeline pipeline = _runspace.CreatePipeline(expression);
        return pipeline.Invoke() is [PSObject value] ? value.BaseObject : null;
    }

    private static bool UsesInput(ScriptBlockAst script) =>
        Console.IsInputRedirected
        && script.Find(
            node => node is VariableExpressionAst variable && variable.VariablePath.UserPath.Equals("input", StringComparison.OrdinalIgnoreCase),
            searchNestedScriptBlocks: false) is not null;
}
