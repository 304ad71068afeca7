namespace LibvirtAudit.Shell;

/// <summary>The environment variable PSModulePath, from which the engine loads modules by itself.</summary>
internal static class ModulePath
{
    private const string Variable = "PSModulePath";

    /// <summary>
    /// Takes the folder of another PowerShell's own modules out of the path, as a session started from inside pwsh inherits it:
    /// those modules fit the engine that they came with. A user's modules stay.
    /// </summary>
    public static void RemoveOtherEngines()
    {
        if (Environment.GetEnvironmentVariable(Variable) is string path)
        {
            IEnumerable<string> kept = path.Split(Path.PathSeparator).Where(folder => !HoldsEngineModules(folder));
            Environment.SetEnvironmentVariable(Variable, string.Join(Path.PathSeparator, kept));
        }
    }

    private static bool HoldsEngineModules(string folder) => Directory.Exists(Path.Combine(folder, "Microsoft.PowerShell.Utility"));
}
