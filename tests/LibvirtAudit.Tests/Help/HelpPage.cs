using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Help;

/// <summary>A page of docs/ that describes a cmdlet, in PlatyPS's schema.</summary>
internal sealed partial class HelpPage
{
    private readonly string _text;

    private HelpPage(string name)
    {
        Name = name;
        _text = File.ReadAllText(Repository.PathOf(PathOf(name)));
        Parameters = Parameter().Matches(_text).ToDictionary(match => match.Groups["name"].Value, match => new HelpParameter(
            match.Groups["text"].Value.Trim(), Settings(match.Groups["yaml"].Value)));
        Examples = [.. Example().Matches(Section("EXAMPLES")).Select(match => (match.Groups["title"].Value, match.Groups["command"].Value.Trim()))];
    }

    /// <summary>The names of all pages, which are those of their cmdlets.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Directory.GetFiles(Repository.PathOf("docs"), "*-*.md").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal)];

    /// <summary>The cmdlet.</summary>
    public string Name { get; }

    /// <summary>The parameters by name.</summary>
    public IReadOnlyDictionary<string, HelpParameter> Parameters { get; }

    /// <summary>The title and the command of each example.</summary>
    public IReadOnlyList<(string Title, string Command)> Examples { get; }

    /// <summary>The page of a cmdlet.</summary>
    public static HelpPage Of(string cmdlet) => new(cmdlet);

    /// <summary>The path of a cmdlet's page, from the repository's root.</summary>
    public static string PathOf(string cmdlet) => $"docs/{cmdlet}.md";

    /// <summary>The text under a heading of the second level, by its name.</summary>
    public string Section(string heading)
    {
        int start = _text.IndexOf($"\n## {heading}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Name} has no {heading}");
        start += heading.Length + 5;
        int end = _text.IndexOf("\n## ", start, StringComparison.Ordinal);
        return _text[start..(end < 0 ? _text.Length : end)].Trim();
    }

    private static Dictionary<string, string> Settings(string yaml) =>
        yaml.Split('\n').Where(line => line.Contains(": ", StringComparison.Ordinal))
            .Select(line => line.TrimStart(' ', '-').Split(": ", 2))
            .DistinctBy(pair => pair[0]).ToDictionary(pair => pair[0], pair => pair[1]);

    [GeneratedRegex("\n### -(?<name>\\w+)\n(?<text>.*?)```yaml\n(?<yaml>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Parameter();

    [GeneratedRegex("### (?<title>Example \\d+: [^\n]+)\n.*?```powershell\n(?<command>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}

/// <summary>What a page says of a parameter.</summary>
/// <param name="Text">Its meaning.</param>
/// <param name="Settings">The settings of its first parameter set, and those that hold for all.</param>
internal sealed record HelpParameter(string Text, IReadOnlyDictionary<string, string> Settings);
