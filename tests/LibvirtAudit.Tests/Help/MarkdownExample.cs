using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Help;

/// <summary>An example of a page: a command, and what the page says that it prints.</summary>
/// <param name="Command">The command.</param>
/// <param name="Output">What it prints.</param>
/// <param name="IsOfHost">Whether the values depend on the host, so that only the labels before them are a promise (a block marked <c>text host</c>).</param>
internal sealed partial record MarkdownExample(string Command, string Output, bool IsOfHost)
{
    /// <summary>The examples of a page that show output.</summary>
    /// <param name="page">The page, from the repository's root.</param>
    public static IReadOnlyList<MarkdownExample> Of(string page) =>
        [.. Block().Matches(File.ReadAllText(Repository.PathOf(page))).Select(match => new MarkdownExample(
            match.Groups["command"].Value.Trim(), match.Groups["output"].Value, match.Groups["host"].Success))];

    [GeneratedRegex("```powershell\n(?<command>(?:(?!```).)+?)```\n+```text(?<host> host)?\n(?<output>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();
}
