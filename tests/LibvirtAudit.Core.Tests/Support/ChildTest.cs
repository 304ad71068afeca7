namespace LibvirtAudit.Tests.Support;

/// <summary>Runs an explicit test in a process of its own: with other rights, another environment, in a namespace.</summary>
internal static class ChildTest
{
    /// <param name="test">The test's class.</param>
    /// <param name="method">Its name.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="launcher">What starts the process; it gets the process's own command line behind it.</param>
    public static Task<ProgramRun> Run(Type test, string method, Dictionary<string, string> environment, params string[] launcher)
    {
        string program = Environment.ProcessPath!;
        string[] start = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, "exec", test.Assembly.Location] : [program];
        return ProgramRun.Of([.. launcher, .. start, "-explicit", "only", "-method", $"{test.FullName}.{method}"], environment);
    }
}
