using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Shell;

namespace LibvirtAudit.Tests;

/// <summary>The examples of README.md are run, and print what it says.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string, string> Examples
    {
        get
        {
            var examples = new TheoryData<string, string>();
            foreach (Match match in Example().Matches(File.ReadAllText(Repository.PathOf("README.md"))))
            {
                examples.Add(match.Groups["command"].Value.Trim(), match.Groups["output"].Value);
            }

            return examples;
        }
    }

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_prints_what_it_says(string command, string output)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the examples print times of TZ=UTC, a variable that Windows has not");
        ShellRun run = ShellProcess.Run(new ShellStart(command) { Environment = new Dictionary<string, string> { ["TZ"] = "UTC", ["COLUMNS"] = "100", ["NO_COLOR"] = "1" } });
        Assert.Equal("", run.Error);
        Assert.Equal(Lines(output), Lines(run.Output));
    }

    [Fact]
    public void There_are_at_least_ten_of_them() => Assert.True(Examples.Count >= 10);

    private static string[] Lines(string text) => [.. text.Trim('\r', '\n').Split('\n').Select(line => line.TrimEnd())];

    [GeneratedRegex("```powershell\n(?<command>[^`]+?)```\n```text\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
