namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>The side-by-side runs by their names.</summary>
internal static class SideBySide
{
    private static readonly Dictionary<string, Action<RunContext>> Runs = new()
    {
        ["reading"] = ReadingRun.Run,
        ["sessions"] = SessionsRun.Run,
        ["growth"] = SessionsRun.Grow,
        ["writing"] = WritingRun.Run,
        ["start"] = StartRun.Run,
        ["large"] = StartRun.Large,
        ["memory"] = MemoryRun.Run,
        ["kernel"] = WritingRun.Send,
    };

    /// <summary>Does the runs that the options name; all but that which takes the kernel's audit where they name none.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static int Run(Options options)
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new UsageException("The side-by-side runs are for Linux, where the other programs are.");
        }

        ModuleFolder.RequireRelease();
        string[] names = [.. options.Words.Skip(1)];
        var context = new RunContext(options);
        foreach (string name in names.Length > 0 ? names : [.. Runs.Keys.Where(name => name != "kernel")])
        {
            Console.Error.WriteLine(name);
            Action<RunContext> run = Runs.GetValueOrDefault(name) ?? throw new UsageException($"No run is called '{name}': {string.Join(", ", Runs.Keys)}.");
            run(context);
        }

        return 0;
    }
}
