using System.Diagnostics;
using System.Text.Json;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Pester.Tests;

/// <summary>Runs the Pester suite and the runbook's tests in pwsh.</summary>
/// <remarks>In a few processes that share the files, since a process takes longer to start than most files to run.</remarks>
internal static class PesterRun
{
    private const int ProcessCount = 2;

    /// <summary>The variable that names another version of Pester.</summary>
    private const string VersionVariable = "LIBVIRTAUDIT_PESTER";

    // What takes long begins first, or it would be waited for alone at the end.
    private static readonly string[] LongOnes = ["Package.Tests.ps1", "Serialization.Tests.ps1", "Fleet.Tests.ps1"];
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(15);

    /// <summary>The files of the suite.</summary>
    public static IReadOnlyList<string> Files { get; } =
    [
        .. new[] { "tests/pester", "docs/runbook" }
            .SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder), "*.Tests.ps1"))
            .OrderBy(path => (uint)Array.IndexOf(LongOnes, Path.GetFileName(path))).ThenBy(path => path, StringComparer.Ordinal),
    ];

    /// <summary>The outcomes of all files, file by file. One that was not run to its end is one that failed.</summary>
    public static IReadOnlyList<(string File, PesterOutcome Outcome)> Outcomes()
    {
        string results = Directory.CreateTempSubdirectory("libvirtaudit-pester-").FullName;
        try
        {
            string list = Path.Combine(results, "list");
            File.WriteAllLines(list, Files);
            string[] said = Task.WhenAll(Enumerable.Range(0, ProcessCount).Select(_ => RunOne(list, results))).GetAwaiter().GetResult();
            return [.. Files.SelectMany(file => OutcomesOf(Path.GetFileName(file), results, said).Select(outcome => (Path.GetFileName(file), outcome)))];
        }
        finally
        {
            Directory.Delete(results, recursive: true);
        }
    }

    private static async Task<string> RunOne(string list, string results)
    {
        string version = Environment.GetEnvironmentVariable(VersionVariable) ?? Pwsh.Metadata("PesterVersion");
        string manifest = Path.Combine(Pwsh.Metadata("PesterFolder"), version, "tools", "Pester.psd1");
        string[] arguments = ["-NoProfile", "-NonInteractive", "-File", Repository.PathOf("tests/pester/support/Invoke-Shard.ps1"), "-List", list, "-Results", results, "-Pester", manifest];
        var start = new ProcessStartInfo(Pwsh.Program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Repository.Root,
        };
        foreach ((string name, string value) in Pwsh.Environment)
        {
            start.Environment[name] = value;
        }

        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        Task<string[]> streams = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await Patience.EndOf(process, "the Pester suite", Longest);
        return string.Concat(await streams.Within("the output of the Pester suite"));
    }

    private static IEnumerable<PesterOutcome> OutcomesOf(string file, string results, string[] said)
    {
        string path = Path.Combine(results, file + ".json");
        return File.Exists(path)
            ? File.ReadLines(path).Select(line => JsonSerializer.Deserialize<PesterOutcome>(line)!)
            : [new PesterOutcome("the file", "Failed", 0, $"It was not run to its end. pwsh wrote:\n{string.Join('\n', said)}")];
    }
}
