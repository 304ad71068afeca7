using System.Text.RegularExpressions;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>docs/security.md promises nothing that no test holds.</summary>
public sealed partial class SecurityPageTests
{
    [Fact]
    public void Every_test_class_that_the_page_names_exists()
    {
        string promises = File.ReadAllText(Repository.PathOf("docs/security.md")).Split("## What is promised")[1].Split("## What is not promised")[0];
        string[] named = [.. TestClass().Matches(promises).Select(match => match.Groups[1].Value).Distinct()];
        string[] existing = [.. Directory.EnumerateFiles(Repository.PathOf("tests"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileNameWithoutExtension).OfType<string>()];
        Assert.NotEmpty(named);
        Assert.All(named, name => Assert.Contains(name, existing));
        Assert.All(promises.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal) && !line.StartsWith("| promise", StringComparison.Ordinal)), line => Assert.Matches(TestClass(), line));
    }

    [GeneratedRegex("`([A-Za-z]+Tests)`")]
    private static partial Regex TestClass();
}
