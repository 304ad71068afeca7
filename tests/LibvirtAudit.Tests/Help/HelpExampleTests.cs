using System.Management.Automation.Language;
using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Help;

/// <summary>The examples of the help are run, and print what it says: in virtaudit where it has their commands, in pwsh else.</summary>
public sealed partial class HelpExampleTests
{
    private static readonly IReadOnlyList<MarkdownExample> All = [.. HelpPage.Names.SelectMany(name => MarkdownExample.Of(HelpPage.PathOf(name)))];
    private static readonly Lazy<ILookup<bool, string>> ByEngine = new(Divide);
    private static readonly Lazy<ExampleRun> Shell = new(() => ExampleRun.InVirtAudit([.. ByEngine.Value[false]]));
    private static readonly Lazy<ExampleRun> Pwsh = new(() => ExampleRun.InPwsh([.. ByEngine.Value[true]]));

    public static TheoryData<string, string, bool> Examples => [.. All.Select(example => (example.Command, example.Output, example.IsOfHost))];

    [Theory]
    [MemberData(nameof(Examples))]
    public void An_example_prints_what_it_says(string command, string output, bool isOfHost)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the examples print times of TZ=UTC, a variable that Windows has not");
        bool needsPwsh = ByEngine.Value[true].Contains(command);
        Assert.SkipWhen(needsPwsh && !ProgramRun.Exists("pwsh"), "the example uses commands of pwsh, which is not installed");
        ExampleRun run = (needsPwsh ? Pwsh : Shell).Value;
        Assert.Equal("", run.Errors);
        string[] printed = run.OutputOf(command);
        string[] expected = ExampleRun.Lines(output);
        if (isOfHost)
        {
            Assert.Equal(expected.Select(LabelOf), printed.Select(LabelOf));
        }
        else
        {
            Assert.Equal(expected, printed);
        }
    }

    [Fact]
    public void Each_cmdlet_shows_output() =>
        Assert.All(HelpPage.Names, name => Assert.NotEmpty(MarkdownExample.Of(HelpPage.PathOf(name))));

    private static string LabelOf(string line) => Label().Match(line).Value;

    /// <summary>The commands, by whether they need pwsh.</summary>
    private static ILookup<bool, string> Divide()
    {
        using var host = new ModuleHost();
        HashSet<string> known = new(StringComparer.OrdinalIgnoreCase);
        HashSet<string> unknown = new(StringComparer.OrdinalIgnoreCase);
        return All.Select(example => example.Command).Distinct().ToLookup(command => Parser.ParseInput(command, out _, out _)
            .FindAll(node => node is CommandAst, searchNestedScriptBlocks: true)
            .Select(node => ((CommandAst)node).GetCommandName())
            .Any(name => !known.Contains(name) && (unknown.Contains(name) || !Learn(name))));

        bool Learn(string name)
        {
            bool isKnown = host.Invoke($"Get-Command {name} -ErrorAction Ignore").Output.Count > 0;
            (isKnown ? known : unknown).Add(name);
            return isKnown;
        }
    }

    [GeneratedRegex("^[\\w ]*:?")]
    private static partial Regex Label();
}
