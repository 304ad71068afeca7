using System.Globalization;
using System.Runtime.InteropServices;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Reports;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>Processor, memory, system, and the versions of all that is compared, as a list in Markdown.</summary>
    public static string Describe(string folder)
    {
        string memory = FieldOf("/proc/meminfo", "MemTotal");
        double gigabytes = double.Parse(memory.Split(' ')[0], CultureInfo.InvariantCulture) / (1 << 20);
        string[] lines =
        [
            string.Create(CultureInfo.InvariantCulture, $"- {FieldOf("/proc/cpuinfo", "model name")}, {Environment.ProcessorCount} cores, {gigabytes:0} GB of memory"),
            $"- Linux {File.ReadAllText("/proc/sys/kernel/osrelease").Trim()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}",
            "- " + string.Join(", ", Versions(folder)),
        ];
        return string.Join('\n', lines);
    }

    /// <summary>When it was, and how busy the machine was with other things.</summary>
    public static string Moment() =>
        string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, load average {File.ReadAllText("/proc/loadavg").Split(' ')[0]} before");

    private static string FieldOf(string file, string name) =>
        File.ReadLines(file).First(line => line.StartsWith(name, StringComparison.Ordinal)).Split(':')[1].Trim();

    private static IEnumerable<string> Versions(string folder)
    {
        foreach (string program in (string[])["pwsh", "grep", "rg", "ausearch"])
        {
            if (ProgramRunner.Find(program) is string path)
            {
                string output = Path.Combine(folder, "version.out");
                ProgramRunner.Run([path, "--version"], output, TimeSpan.FromMinutes(1));
                yield return File.ReadLines(output).First();
            }
        }
    }
}
