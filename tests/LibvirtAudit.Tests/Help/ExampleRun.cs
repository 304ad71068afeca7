using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Shell;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Help;

/// <summary>
/// What examples print, in UTC and at 100 columns. All are run in one process, since a process takes longer to start than
/// an example to run, each in a scope of its own; in a folder that holds nothing but the test data.
/// </summary>
internal sealed partial class ExampleRun
{
    /// <summary>Where the pages say that the examples are run.</summary>
    private const string ShownFolder = "/srv/trail";
    private const string Marker = "=-=-= the next example =-=-=";
    private static readonly Dictionary<string, string> Environment = new() { ["TZ"] = "UTC", ["NO_COLOR"] = "1" };
    private readonly Dictionary<string, string[]> _outputs = [];

    /// <summary>Runs commands in pwsh, whose tables are a column wider in text than at a prompt.</summary>
    public ExampleRun(IReadOnlyList<string> commands)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateSymbolicLink(Path.Combine(folder.Path, "tests"), Repository.PathOf("tests"));
        string script = folder.Write("examples.ps1", string.Concat(commands.Select(command => $"& {{\n{command}\n}} | Out-String -Stream -Width 99 | Out-Default\n'{Marker}' | Out-Default\n")).Insert(0, $"Import-Module '{Repository.Manifest}'\n"));
        ShellRun run = ShellProcess.Run(new ShellStart("-NoProfile", "-NonInteractive", "-File", script) { Executable = Pwsh.Program, Folder = folder.Path, Environment = Environment });
        Errors = run.Error;
        string[] outputs = run.Output.Replace(folder.Path, ShownFolder, StringComparison.Ordinal).Split(Marker);
        foreach ((string command, string output) in commands.Zip(outputs))
        {
            _outputs[command] = Lines(output);
        }
    }

    /// <summary>What the examples wrote to the error stream, all together.</summary>
    public string Errors { get; }

    /// <summary>What a command printed, line by line; empty where the run did not come to it.</summary>
    public string[] OutputOf(string command) => _outputs.GetValueOrDefault(command, []);

    /// <summary>Text as lines without blanks at their ends. The program that runs is named as the pages name it.</summary>
    public static string[] Lines(string text) =>
        [.. text.Trim('\r', '\n').Split('\n').Select(line => line.StartsWith("What if:", StringComparison.Ordinal) ? Program().Replace(line, "exe=\"/usr/bin/pwsh\"") : line).Select(line => line.TrimEnd())];

    [GeneratedRegex("exe=\"[^\"]*\"")]
    private static partial Regex Program();
}
