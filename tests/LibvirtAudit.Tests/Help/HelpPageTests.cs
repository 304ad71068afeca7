using System.Management.Automation;
using System.Xml.Linq;
using LibvirtAudit.Tests.Hosting;
using LibvirtAudit.Tests.Shell;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Help;

/// <summary>The cmdlets, the pages of docs/ and the help that is made of them say the same.</summary>
public sealed class HelpPageTests : IDisposable
{
    private const string MadeFile = "en-US/LibvirtAudit.dll-Help.xml";
    private static readonly XNamespace Command = "http://schemas.microsoft.com/maml/dev/command/2004/10";
    private static readonly XNamespace Maml = "http://schemas.microsoft.com/maml/2004/10";
    private static readonly XNamespace Dev = "http://schemas.microsoft.com/maml/dev/2004/10";
    private static readonly string[] Common = [.. Cmdlet.CommonParameters];

    private static readonly Lazy<Dictionary<string, XElement>> MadeHelp = new(() => XDocument.Load(Repository.PathOf(MadeFile))
        .Root!.Elements(Command + "command").ToDictionary(command => command.Element(Command + "details")!.Element(Command + "name")!.Value));

    private readonly ModuleHost _host = new();

    public static TheoryData<string> Pages => [.. HelpPage.Names];

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Each_cmdlet_has_a_page_and_an_entry_and_there_are_no_others()
    {
        string[] cmdlets = [.. _host.Invoke("Get-Command -Module LibvirtAudit").ThrowOnError().OutputOf<CommandInfo>().Select(command => command.Name).Order(StringComparer.Ordinal)];
        Assert.NotEmpty(cmdlets);
        Assert.Equal(cmdlets, HelpPage.Names);
        Assert.Equal(cmdlets, MadeHelp.Value.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_cmdlet_has_a_suite_for_a_real_pwsh(string cmdlet) =>
        Assert.Contains($"Describe '{cmdlet}'", File.ReadAllText(Repository.PathOf($"tests/pester/{cmdlet}.Tests.ps1")), StringComparison.Ordinal);

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_page_and_the_entry_describe_each_parameter_and_no_others(string cmdlet)
    {
        HelpPage page = HelpPage.Of(cmdlet);
        Dictionary<string, ParameterMetadata> parameters = ParametersOf(cmdlet);
        XElement[] entries = [.. MadeHelp.Value[cmdlet].Element(Command + "parameters")!.Elements(Command + "parameter")];

        Assert.Equal(parameters.Keys.Order(StringComparer.Ordinal), page.Parameters.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(parameters.Keys.Order(StringComparer.Ordinal), entries.Select(NameOf).Order(StringComparer.Ordinal));
        foreach (XElement entry in entries)
        {
            HelpParameter described = page.Parameters[NameOf(entry)];
            ParameterAttribute[] sets = [.. parameters[NameOf(entry)].Attributes.OfType<ParameterAttribute>()];
            bool takesWildcards = parameters[NameOf(entry)].Attributes.OfType<SupportsWildcardsAttribute>().Any();

            Assert.NotEmpty(described.Text);
            Assert.Equal(described.Text, TextOf(entry.Element(Maml + "description")));
            Assert.Equal(sets.Any(set => set.DontShow), described.Settings["DontShow"] == "true");
            Assert.Equal(takesWildcards, described.Settings["SupportsWildcards"] == "true");
            Assert.Equal(takesWildcards, (bool)entry.Attribute("globbing")!);
            Assert.Equal(sets.Any(set => set.ValueFromPipeline), described.Settings["ValueFromPipeline"] == "true");
            Assert.Equal(sets.Any(set => set.ValueFromPipelineByPropertyName), described.Settings["ValueFromPipelineByPropertyName"] == "true");
            Assert.Equal(sets.Any(set => set.ValueFromPipeline || set.ValueFromPipelineByPropertyName), entry.Attribute("pipelineInput")!.Value != "false");
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_syntax_shows_each_parameter_that_is_not_hidden(string cmdlet)
    {
        Dictionary<string, ParameterMetadata> parameters = ParametersOf(cmdlet);
        string[] shown = [.. parameters.Values.Where(parameter => !parameter.Attributes.OfType<ParameterAttribute>().Any(set => set.DontShow)).Select(parameter => parameter.Name).Order(StringComparer.Ordinal)];
        string[] inHelp = [.. MadeHelp.Value[cmdlet].Descendants(Command + "syntaxItem").SelectMany(item => item.Elements(Command + "parameter")).Select(NameOf).Distinct().Order(StringComparer.Ordinal)];
        string syntax = HelpPage.Of(cmdlet).Section("SYNTAX");

        Assert.Equal(shown, inHelp);
        Assert.All(parameters.Keys, name => Assert.Equal(shown.Contains(name), syntax.Contains($"-{name} ", StringComparison.Ordinal) || syntax.Contains($"-{name}]", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_entry_says_what_the_page_says(string cmdlet)
    {
        HelpPage page = HelpPage.Of(cmdlet);
        XElement entry = MadeHelp.Value[cmdlet];

        Assert.Equal(page.Section("SYNOPSIS"), TextOf(entry.Element(Command + "details")!.Element(Maml + "description")));
        Assert.Equal(page.Section("DESCRIPTION"), TextOf(entry.Element(Maml + "description")));
        Assert.True(page.Examples.Count >= 3, $"{cmdlet} has {page.Examples.Count} examples");
        Assert.Equal(
            page.Examples,
            entry.Descendants(Command + "example").Select(example => (example.Element(Maml + "title")!.Value.Trim('-', ' '), example.Element(Dev + "code")!.Value)));
        Assert.NotEmpty(page.Section("NOTES"));
        Assert.NotEmpty(page.Section("RELATED LINKS"));
        Assert.DoesNotContain("{{", File.ReadAllText(Repository.PathOf(HelpPage.PathOf(cmdlet))).Replace("'{{", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void The_help_is_what_PlatyPS_makes_of_the_pages()
    {
        using var folder = new TemporaryFolder();
        string script = $"if (-not (Get-Module -ListAvailable Microsoft.PowerShell.PlatyPS)) {{ exit 42 }}; & '{Repository.PathOf("tools/Export-Help.ps1")}' -OutputFolder '{folder.Path}'";
        ShellRun run = ShellProcess.Run(new ShellStart("-NoProfile", "-NonInteractive", "-Command", script) { Executable = Pwsh.Program });
        Assert.SkipWhen(run.ExitCode == 42, "Microsoft.PowerShell.PlatyPS is not installed");
        Assert.Equal("", run.Error);
        Assert.Equal(File.ReadAllText(Repository.PathOf(MadeFile)), File.ReadAllText(Path.Combine(folder.Path, Path.GetFileName(MadeFile))));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Get_Help_shows_it(string cmdlet)
    {
        HelpPage page = HelpPage.Of(cmdlet);
        string full = Unwrapped(_host.Render($"Get-Help {cmdlet} -Full", width: 4000));
        string examples = Unwrapped(_host.Render($"Get-Help {cmdlet} -Examples", width: 4000));

        Assert.Contains(page.Section("SYNOPSIS"), full, StringComparison.Ordinal);
        Assert.All(page.Parameters.Values, parameter => Assert.Contains(Unwrapped(parameter.Text), full, StringComparison.Ordinal));
        Assert.All(page.Examples, example => Assert.Contains(Unwrapped(example.Command), examples, StringComparison.Ordinal));
        Assert.DoesNotContain("```", full, StringComparison.Ordinal);
        Assert.DoesNotContain(full, letter => char.IsControl(letter) && letter is not ('\n' or '\r'));
    }

    [Theory]
    [InlineData("about_LibvirtAudit", "WHO ACTED")]
    [InlineData("about_LibvirtAudit_Fields", "VIRT_RESOURCE")]
    public void Get_Help_shows_the_topic(string topic, string heading)
    {
        string text = _host.Render($"Get-Help {topic}", width: 100);
        Assert.Contains(heading, text, StringComparison.Ordinal);
        string[] lines = File.ReadAllLines(Repository.PathOf($"en-US/{topic}.help.txt"));
        Assert.DoesNotContain(lines, line => line.Length > 80);
        Assert.All(lines.Where(line => line.Length > 0), line => Assert.Contains(line.Trim(), text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_topic_names_each_cmdlet()
    {
        string topic = File.ReadAllText(Repository.PathOf("en-US/about_LibvirtAudit.help.txt"));
        Assert.All(HelpPage.Names, name => Assert.Contains(name, topic, StringComparison.Ordinal));
    }

    private static string NameOf(XElement parameter) => parameter.Element(Maml + "name")!.Value;

    private static string TextOf(XElement? description) => string.Join("\n\n", description!.Elements(Maml + "para").Select(paragraph => paragraph.Value)).Trim();

    private static string Unwrapped(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));

    private Dictionary<string, ParameterMetadata> ParametersOf(string cmdlet) =>
        _host.Invoke($"Get-Command {cmdlet}").ThrowOnError().OutputOf<CommandInfo>().Single().Parameters.Values
            .Where(parameter => !Common.Contains(parameter.Name, StringComparer.OrdinalIgnoreCase)).ToDictionary(parameter => parameter.Name);
}
