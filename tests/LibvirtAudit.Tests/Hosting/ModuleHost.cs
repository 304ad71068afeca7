using System.Management.Automation;
using System.Management.Automation.Runspaces;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hosting;

/// <summary>One PowerShell session with the repository's module imported, and the modules that PowerShell itself brings.</summary>
/// <remarks>
/// The test project holds no compile-time reference to the module's assemblies. Read objects by property
/// (<see cref="ScriptResult.Values"/>, <c>dynamic</c>), and types by reflection (<see cref="ModuleAssemblies"/>).
/// </remarks>
internal sealed class ModuleHost : IDisposable
{
    private readonly RecordingHost _host = new();
    private readonly Runspace _runspace;
    private bool _isStuck;

    static ModuleHost()
    {
        // The engine reports the import of modules to its makers unless told not to, before its first use.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
    }

    /// <summary>Opens a session.</summary>
    /// <param name="importModule">False for a session that has not imported the module yet.</param>
    public ModuleHost(bool importModule = true)
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.ThrowOnRunspaceOpenError = true;
        if (OperatingSystem.IsWindows())
        {
            state.ExecutionPolicy = Microsoft.PowerShell.ExecutionPolicy.Bypass;
        }

        if (importModule)
        {
            state.ImportPSModule(Repository.Manifest);
        }

        _runspace = RunspaceFactory.CreateRunspace(_host, state);
        _runspace.Open();

        // What happens to be installed on this machine must not answer for a command of the tests.
        Environment.SetEnvironmentVariable("PSModulePath", Path.Combine(Path.GetDirectoryName(typeof(PSObject).Assembly.Location)!, "Modules"));
        Location = Repository.Root;
    }

    /// <summary>The session's current folder; the repository's root at first.</summary>
    public string Location
    {
        get => _runspace.SessionStateProxy.Path.CurrentFileSystemLocation.Path;
        set => _runspace.SessionStateProxy.Path.SetLocation(WildcardPattern.Escape(value));
    }

    /// <summary>The number of the choice that questions get for an answer; null, as by default, where they fail.</summary>
    public int? Answer
    {
        get => _host.Answer;
        set => _host.Answer = value;
    }

    /// <summary>Every text that reached the host since the last <see cref="Render"/> began.</summary>
    public IReadOnlyList<string> Written => _host.Written;

    /// <summary>Sets a global variable, for values that a script's text cannot hold.</summary>
    public void SetVariable(string name, object? value) => _runspace.SessionStateProxy.SetVariable(name, value);

    /// <summary>Runs a script; <paramref name="input"/> comes through its pipeline (<c>$input</c>, or a cmdlet that stands alone).</summary>
    public ScriptResult Invoke(string script, params IEnumerable<object?> input)
    {
        using var given = new PSDataCollection<object?>(input);
        given.Complete();
        return Run(script, given, (_, ended) => ended.WaitOne(Patience.LongestRun) ? null : $"its end, in vain for {Patience.LongestRun.TotalSeconds:0} s");
    }

    /// <summary>Runs a script and stops it, as Ctrl-C does, <paramref name="after"/> that time or when it has ended by itself.</summary>
    public ScriptResult InvokeAndStop(string script, TimeSpan after) =>
        Run(script, input: null, (_, ended) =>
        {
            ended.WaitOne(after);
            return null;
        });

    /// <summary>Runs a script and stops it as soon as <paramref name="count"/> objects came out, or when it has ended by itself.</summary>
    public ScriptResult InvokeAndStop(string script, int count) =>
        Run(script, input: null, (output, ended) =>
        {
            // Never disposed: one more object may come while the first that is enough is seen.
            var enough = new ManualResetEvent(initialState: false);
            output.DataAdded += (_, _) =>
            {
                if (output.Count >= count)
                {
                    enough.Set();
                }
            };
            bool isThere = output.Count >= count || WaitHandle.WaitAny([enough, ended], Patience.Longest) != WaitHandle.WaitTimeout;
            return isThere ? null : $"{count} objects, in vain for {Patience.Longest.TotalSeconds:0} s";
        });

    /// <summary>What a person sees of a script at a prompt: output, errors, warnings and messages as PowerShell formats them, in the order of their coming.</summary>
    /// <param name="script">The script.</param>
    /// <param name="width">The terminal's width in columns.</param>
    /// <param name="escapes">True for a terminal that understands escape sequences: colours and all.</param>
    public string Render(string script, int width = 120, bool escapes = false)
    {
        _host.Begin(width, escapes);
        using Pipeline pipeline = _runspace.CreatePipeline(script);
        pipeline.Commands[0].MergeMyResults(PipelineResultTypes.Error, PipelineResultTypes.Output);
        pipeline.Commands.Add("Out-Default");
        bool isOver = false;
        using var patience = new Timer(
            _ =>
            {
                isOver = true;
                pipeline.StopAsync();
            },
            null,
            Patience.LongestRun,
            Timeout.InfiniteTimeSpan);
        ErrorRecord? terminating = RunToEnd(() => pipeline.Invoke());
        Assert.False(isOver, $"Waited for the end of: {script}");
        if (terminating is ErrorRecord failure)
        {
            using Pipeline report = _runspace.CreatePipeline();
            report.Commands.Add("Out-Default");
            report.Invoke(new[] { failure });
        }

        return _host.End();
    }

    /// <summary>What TAB offers at the end of <paramref name="line"/>, or at <paramref name="cursor"/>.</summary>
    public IReadOnlyList<CompletionResult> Complete(string line, int? cursor = null)
    {
        using PowerShell shell = PowerShell.Create(_runspace);
        return CommandCompletion.CompleteInput(line, cursor ?? line.Length, options: null, shell).CompletionMatches;
    }

    /// <summary>The object as it comes back from Export-Clixml, a job or a remote session.</summary>
    public static PSObject RoundTrip(object value) => PSObject.AsPSObject(PSSerializer.Deserialize(PSSerializer.Serialize(value)));

    /// <summary>Ends the session; one in which something does not stop is left, as its end would be waited for.</summary>
    public void Dispose()
    {
        if (!_isStuck)
        {
            _runspace.Dispose();
        }
    }

    // Waits as told, which gives what did not come if something did not, and stops what still runs.
    private ScriptResult Run(string script, PSDataCollection<object?>? input, Func<PSDataCollection<PSObject>, WaitHandle, string?> wait)
    {
        PowerShell shell = NewPipeline(script);
        var output = new PSDataCollection<PSObject>();
        IAsyncResult run = shell.BeginInvoke(input, output);
        string? missing = wait(output, run.AsyncWaitHandle);
        IAsyncResult stop = shell.BeginStop(callback: null, state: null);
        _isStuck = !run.AsyncWaitHandle.WaitOne(Patience.Longest) || !stop.AsyncWaitHandle.WaitOne(Patience.Longest);
        Assert.False(_isStuck, $"Waited for {missing ?? "the end"}, and it did not stop either within {Patience.Longest.TotalSeconds:0} s: {script}");
        shell.EndStop(stop);
        ErrorRecord? failure = RunToEnd(() => shell.EndInvoke(run));
        ScriptResult result = ResultOf(shell, output, failure);
        shell.Dispose();
        Assert.True(missing is null, $"Waited for {missing}: {script}\n{output.Count} came, and {string.Join("; ", result.Errors.Append(failure).OfType<ErrorRecord>().Concat<object>(result.Warnings))}");
        return result;
    }

    private PowerShell NewPipeline(string script)
    {
        var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        return shell;
    }

    private static ErrorRecord? RunToEnd(Action run)
    {
        try
        {
            run();
            return null;
        }
        catch (PipelineStoppedException)
        {
            return null;
        }
        catch (RuntimeException terminating)
        {
            return terminating.ErrorRecord;
        }
    }

    private static ScriptResult ResultOf(PowerShell shell, PSDataCollection<PSObject> output, ErrorRecord? failure) => new()
    {
        Output = [.. output],
        Errors = [.. shell.Streams.Error],
        TerminatingError = failure,
        Warnings = [.. shell.Streams.Warning.Select(record => record.Message)],
        Verbose = [.. shell.Streams.Verbose.Select(record => record.Message)],
        Information = [.. shell.Streams.Information],
        Progress = [.. shell.Streams.Progress],
        Stopped = shell.InvocationStateInfo.State == PSInvocationState.Stopped,
    };
}
