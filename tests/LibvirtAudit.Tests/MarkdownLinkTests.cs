using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>The links of the repository's pages lead somewhere.</summary>
public sealed partial class MarkdownLinkTests
{
    private static readonly EnumerationOptions Everywhere = new() { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.None };
    private static readonly string[] NotOurs = ["bin", "obj", "out", "TestResults", ".git", "node_modules"];

    public static TheoryData<string> Pages =>
        [.. Directory.EnumerateFiles(Repository.Root, "*.md", Everywhere)
            .Select(path => Path.GetRelativePath(Repository.Root, path))
            .Where(path => !path.Split(Path.DirectorySeparatorChar).Intersect(NotOurs).Any())
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_link_to_a_page_of_the_repository_resolves(string page)
    {
        string folder = Path.GetDirectoryName(Repository.PathOf(page))!;
        Assert.All(LinksOf(page), link =>
        {
            string[] parts = link.Split('#', 2);
            string target = parts[0].Length == 0 ? Repository.PathOf(page) : Path.GetFullPath(Path.Combine(folder, Uri.UnescapeDataString(parts[0])));
            Assert.True(Path.Exists(target), $"{page} leads to {link}, which is not there");
            if (parts.Length > 1)
            {
                Assert.True(HeadingsOf(target).Contains(parts[1]), $"{page} leads to {link}, but there is no such heading");
            }
        });
    }

    [Fact]
    public void The_pages_have_links_that_are_looked_at()
    {
        Assert.Contains("docs/auvirt.md", LinksOf("README.md"));
        Assert.True(Pages.Sum(page => LinksOf(page.Data).Count) > 50);
    }

    // What stands in code is no link.
    private static List<string> LinksOf(string page) =>
        [.. Link().Matches(Code().Replace(File.ReadAllText(Repository.PathOf(page)), ""))
            .Select(match => match.Groups["target"].Value)
            .Where(target => !target.Contains("://", StringComparison.Ordinal) && !target.StartsWith("mailto:", StringComparison.Ordinal))];

    // As a forge names the anchors of headings.
    private static HashSet<string> HeadingsOf(string path) =>
        [.. Heading().Matches(File.ReadAllText(path))
            .Select(match => NoAnchor().Replace(match.Groups["text"].Value.Trim().ToLowerInvariant(), "").Replace(' ', '-'))];

    [GeneratedRegex(@"\]\((?<target>[^)\s]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("```.*?```|`[^`\n]*`", RegexOptions.Singleline)]
    private static partial Regex Code();

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"[^\w\- ]")]
    private static partial Regex NoAnchor();
}
