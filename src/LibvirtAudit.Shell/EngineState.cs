using System.Management.Automation.Runspaces;

namespace LibvirtAudit.Shell;

/// <summary>What a session of the engine starts with.</summary>
internal static class EngineState
{
    private const string ModulePathVariable = "PSModulePath";

    /// <summary>The engine's own commands, and the module from below the program.</summary>
    public static InitialSessionState Create()
    {
        // The engine reports the import of modules to its makers unless told not to, before its first use.
        Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");
        LeaveOtherEnginesModules();

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

        return state;
    }

    // A process started from inside pwsh inherits the folder of pwsh's own modules, which fit the engine that they came with.
    // A user's modules stay in the path.
    private static void LeaveOtherEnginesModules()
    {
        if (Environment.GetEnvironmentVariable(ModulePathVariable) is string path)
        {
            IEnumerable<string> kept = path.Split(Path.PathSeparator)
                .Where(folder => !Directory.Exists(Path.Combine(folder, "Microsoft.PowerShell.Utility")));
            Environment.SetEnvironmentVariable(ModulePathVariable, string.Join(Path.PathSeparator, kept));
        }
    }
}
