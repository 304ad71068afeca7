using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>A session of the PowerShell engine in this process.</summary>
internal sealed class Engine : IDisposable
{
    private readonly Runspace _runspace;

    static Engine() => Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

    /// <summary>Opens a session that holds the engine's own commands and the measure of the pipeline, <see cref="GetPreparedObjectCommand"/>.</summary>
    public Engine()
    {
        InitialSessionState state = InitialSessionState.CreateDefault2();
        state.Commands.Add(new SessionStateCmdletEntry("Get-PreparedObject", typeof(GetPreparedObjectCommand), null));
        _runspace = RunspaceFactory.CreateRunspace(state);
        _runspace.Open();
    }

    /// <summary>Imports the module from the repository's root.</summary>
    public void Import() => Run($"Import-Module -Name '{ModuleFolder.Manifest.Replace("'", "''", StringComparison.Ordinal)}'");

    /// <summary>Runs a script to its end; gives the last object that came out.</summary>
    /// <exception cref="InvalidOperationException">There were errors.</exception>
    public object? Run(string script, params IReadOnlyList<object> arguments)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddScript(script);
        foreach (object argument in arguments)
        {
            shell.AddArgument(argument);
        }

        object? last = shell.Invoke().LastOrDefault()?.BaseObject;
        return shell.HadErrors ? throw new InvalidOperationException(string.Join('\n', shell.Streams.Error)) : last;
    }

    /// <inheritdoc/>
    public void Dispose() => _runspace.Dispose();
}
