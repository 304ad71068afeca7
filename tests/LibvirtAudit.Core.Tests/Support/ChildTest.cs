namespace LibvirtAudit.Tests.Support;

/// <summary>Runs an explicit test in a process of its own: with other rights, another environment, in a namespace.</summary>
internal static class ChildTest
{
    /// <param name="test">The test's class.</param>
    /// <param name="method">Its name.</param>
    /// <param name="environment">Variables on top of this process's own.</param>
    /// <param name="longest">How long it may take; <see cref="Patience.LongestRun"/> where it is null.</param>
    /// <param name="launcher">What starts the process; it gets the process's own command line behind it.</param>
    public static Task<ProgramRun> Run(Type test, string method, Dictionary<string, string> environment, TimeSpan? longest, params string[] launcher)
    {
        string program = Environment.ProcessPath!;
        string[] start = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [program, "exec", test.Assembly.Location] : [program];
        return ProgramRun.Of([.. launcher, .. start, "-explicit", "only", "-method", $"{test.FullName}.{method}"], environment, longest);
    }

    /// <inheritdoc cref="Run(Type, string, Dictionary{string, string}, TimeSpan?, string[])"/>
    public static Task<ProgramRun> Run(Type test, string method, Dictionary<string, string> environment, params string[] launcher) =>
        Run(test, method, environment, longest: null, launcher);
}
