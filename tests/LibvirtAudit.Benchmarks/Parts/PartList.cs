using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace LibvirtAudit.Benchmarks.Parts;

/// <summary>Runs the benchmarks of the parts.</summary>
internal static class PartList
{
    /// <summary>Runs those that the arguments choose, or asks which.</summary>
    public static int Run(string[] arguments)
    {
        ModuleFolder.RequireRelease();

        // In this process: BenchmarkDotNet's own way builds a project below this one, which would build the module, too, and
        // load another copy of it than bin/ holds.
        IConfig config = DefaultConfig.Instance
            .AddJob(Job.Default.WithToolchain(new InProcessEmitToolchain(TimeSpan.FromMinutes(5), logOutput: true)))
            .AddDiagnoser(MemoryDiagnoser.Default);
        BenchmarkSwitcher.FromAssembly(typeof(PartList).Assembly).Run(arguments, config);
        return 0;
    }
}
