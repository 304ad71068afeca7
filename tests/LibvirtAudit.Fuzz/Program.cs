using System.Globalization;
using LibvirtAudit.Fuzz.Differential;
using LibvirtAudit.Fuzz.Driving;
using LibvirtAudit.Fuzz.Targets;

namespace LibvirtAudit.Fuzz;

/// <summary>
/// The fuzzer's command line; build.ps1 -Task Fuzz is the way to it.
/// </summary>
internal static class Program
{
    private const string Usage = """
        list                              the targets
        fuzz TARGET FOLDER EXECUTIONS     with libFuzzer, of an instrumented assembly; goes on where FOLDER is
        generate TARGET FOLDER EXECUTIONS without libFuzzer, from seeds mutated by chance
        replay TARGET FILE...             inputs that were kept
        compare SEED LINES                mutated lines with what libauparse makes of them
        """;

    private static int Main(string[] args)
    {
        BranchCounters.Ignore();
        switch (args)
        {
            case ["list"]:
                Console.WriteLine(string.Join('\n', FuzzTargets.Names));
                return 0;
            case ["fuzz", var name, var folder, var executions] when FuzzTargets.Find(name) is { } make:
                LibFuzzer.Run(make, Path.GetFullPath(folder), long.Parse(executions, CultureInfo.InvariantCulture));
                return 0;
            case ["generate", var name, var folder, var executions] when FuzzTargets.Find(name) is { } make:
                return Generator.RunAndTell(make, Path.GetFullPath(folder), long.Parse(executions, CultureInfo.InvariantCulture));
            case ["replay", var name, .. var files] when FuzzTargets.Find(name) is { } make:
                return Replay(make, files);
            case ["compare", var seed, var lines]:
                return CompareCommand.Run(int.Parse(seed, CultureInfo.InvariantCulture), int.Parse(lines, CultureInfo.InvariantCulture));
            default:
                Console.Error.WriteLine(Usage);
                return 2;
        }
    }

    private static int Replay(Func<FuzzTarget> make, string[] files)
    {
        int found = 0;
        foreach (string file in files)
        {
            try
            {
                make().Run(File.ReadAllBytes(file));
            }
            catch (Exception exception)
            {
                Console.WriteLine(file + ": " + exception);
                found++;
            }
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{files.Length} inputs, {found} findings"));
        return found == 0 ? 0 : 1;
    }
}
