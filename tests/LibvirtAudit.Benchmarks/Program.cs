using System.Runtime.CompilerServices;
using LibvirtAudit.Benchmarks.Parts;
using LibvirtAudit.Benchmarks.Running;
using LibvirtAudit.Benchmarks.Runs;
using LibvirtAudit.Benchmarks.Works;

namespace LibvirtAudit.Benchmarks;

/// <summary>The benchmarks: of the parts, and of the whole beside other programs. docs/performance.md tells how they are run.</summary>
internal static class Program
{
    private const string Usage = """
        sidebyside [reading|sessions|growth|writing|start|large|memory|kernel ...] [--size 1GB] [--large 1GB] [--log-kind KIND]
                   [--guests N] [--seed N] [--repeat 5] [--peer NAME] [--folder FOLDER] [--report FILE]
        parts      [what BenchmarkDotNet takes: --filter '*', --list flat, ...]
        """;

    private static int Main(string[] arguments)
    {
        ModuleFolder.Resolve();
        return Run(arguments);
    }

    // Apart from Main, which must have run before anything is loaded that needs Core.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] arguments)
    {
        try
        {
            var options = new Options(arguments);
            return (options.Words is [string first, ..] ? first : null) switch
            {
                "sidebyside" => SideBySide.Run(options),
                "parts" => PartList.Run(arguments[1..]),
                "work" => Worker.Run(options),
                _ => throw new UsageException("Which benchmarks?"),
            };
        }
        catch (UsageException e)
        {
            Console.Error.WriteLine($"{e.Message}\n\n{Usage}");
            return 2;
        }
        catch (ContenderFailedException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
    }
}
