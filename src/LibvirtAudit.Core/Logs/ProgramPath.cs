namespace LibvirtAudit.Logs;

/// <summary>Finds programs on the search path.</summary>
internal static class ProgramPath
{
    /// <summary>
    /// The full path of <paramref name="program"/>, or null. Only absolute folders count: .NET's own search would take a
    /// program from the current folder first, which may be anybody's. So may be a program, or a folder, that everybody may
    /// write to.
    /// </summary>
    /// <param name="program">The program's name without an ending.</param>
    /// <param name="searchPath">Folders as the variable PATH lists them; null means none.</param>
    public static string? Find(string program, string? searchPath)
    {
        string name = OperatingSystem.IsWindows() ? program + ".exe" : program;
        foreach (string folder in (searchPath ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Path.IsPathFullyQualified(folder) && Path.Combine(folder, name) is var candidate && IsExecutable(candidate) && !IsAnybodys(candidate) && !IsAnybodys(folder))
            {
                return candidate;
            }
        }

        return null;
    }

    private static bool IsAnybodys(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & UnixFileMode.OtherWrite) != 0;

    private static bool IsExecutable(string path)
    {
        const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
        return File.Exists(path) && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Execute) != 0);
    }
}
