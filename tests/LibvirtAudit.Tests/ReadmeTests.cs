using LibvirtAudit.Tests.Help;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests;

/// <summary>The examples of README.md are run, and print what it says.</summary>
public sealed class ReadmeTests
{
    private static readonly IReadOnlyList<MarkdownExample> Page = MarkdownExample.Of("README.md");
    private static readonly Lazy<ExampleRun> Run = new(() => new ExampleRun([.. Page.Select(example => example.Command)]));

    public static TheoryData<string, string> Examples => [.. Page.Select(example => (example.Command, example.Output))];

    public static TheoryData<string> Cmdlets => [.. HelpPage.Names];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_prints_what_it_says(string command, string output)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the examples print times of TZ=UTC, a variable that Windows has not");
        Assert.SkipUnless(Pwsh.Exists, Pwsh.Missing);
        Assert.Equal("", Run.Value.Errors);
        Assert.Equal(ExampleRun.Lines(output), Run.Value.OutputOf(command));
    }

    [Theory]
    [MemberData(nameof(Cmdlets))]
    public void It_leads_to_the_page_of_each_cmdlet(string cmdlet) =>
        Assert.Contains($"[`{cmdlet}`](docs/{cmdlet}.md)", File.ReadAllText(Repository.PathOf("README.md")), StringComparison.Ordinal);

    [Fact]
    public void There_are_at_least_six_of_them() => Assert.True(Page.Count >= 6);
}
