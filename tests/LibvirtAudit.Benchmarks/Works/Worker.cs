using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>
/// The process in which a work is done: once, or once for each line of the input. Every run's measurement goes to the output
/// as a line of JSON.
/// </summary>
internal static class Worker
{
    /// <summary>Does the work that the options name.</summary>
    public static int Run(Options options)
    {
        ModuleFolder.RequireRelease();
        IWork work = WorkList.Create(options);
        bool stays = options.Has("stay");
        if (!stays)
        {
            work.Run();
            Console.WriteLine(work.GetCount().ToString(CultureInfo.InvariantCulture));
            return 0;
        }

        while (Console.In.ReadLine() is not null)
        {
            // What the run before left behind is not this one's to collect.
            GC.Collect();
            GC.WaitForPendingFinalizers();
            TimeSpan cpu = Environment.CpuUsage.TotalTime;
            long start = Stopwatch.GetTimestamp();
            work.Run();
            double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            double cpuSeconds = (Environment.CpuUsage.TotalTime - cpu).TotalSeconds;
            Console.WriteLine(JsonSerializer.Serialize(new Measurement(seconds, cpuSeconds, PeakMemory.OfThisProcess, work.GetCount())));
        }

        return 0;
    }
}
