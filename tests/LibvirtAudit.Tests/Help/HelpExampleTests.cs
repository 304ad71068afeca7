using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Help;

/// <summary>The examples of the help are run, and print what it says, in the real pwsh.</summary>
public sealed partial class HelpExampleTests
{
    private static readonly IReadOnlyList<MarkdownExample> All = [.. HelpPage.Names.Select(HelpPage.PathOf).Append("docs/sources.md").SelectMany(MarkdownExample.Of)];
    private static readonly Lazy<ExampleRun> Run = new(() => new ExampleRun([.. All.Select(example => example.Command).Distinct()]));

    public static TheoryData<string, string, bool> Examples => [.. All.Select(example => (example.Command, example.Output, example.IsOfHost))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_prints_what_it_says(string command, string output, bool isOfHost)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the examples print times of TZ=UTC, a variable that Windows has not");
        Assert.SkipUnless(Pwsh.Exists, Pwsh.Missing);
        ExampleRun run = Run.Value;
        Assert.Equal("", run.Errors);
        string[] printed = run.OutputOf(command);
        string[] expected = ExampleRun.Lines(output);
        if (isOfHost)
        {
            Assert.Equal(Labels(expected), Labels(printed));
        }
        else
        {
            Assert.Equal(expected, printed);
        }
    }

    [Fact]
    public void Each_cmdlet_shows_output() =>
        Assert.All(HelpPage.Names, name => Assert.NotEmpty(MarkdownExample.Of(HelpPage.PathOf(name))));

    /// <summary>The labels of a list; lines without one go on with the value above.</summary>
    private static IEnumerable<string> Labels(string[] lines) => lines.Select(line => Label().Match(line).Value).Where(label => label.Length > 0);

    [GeneratedRegex("^\\w[\\w ]* :")]
    private static partial Regex Label();
}
