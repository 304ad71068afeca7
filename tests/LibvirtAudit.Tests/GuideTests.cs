using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>What the guides in docs/ show is what happens.</summary>
public sealed class GuideTests : IDisposable
{
    // The capture is of a host without SELinux, on which auditd ran throughout and every guest ended.
    private static readonly string[] OfNothing = ["-Open", "Unobserved", "Denial"];
    private readonly ModuleHost _host = new();

    public static TheoryData<string> Examples => new(Blocks().SelectMany(block => block.Split('\n', StringSplitOptions.RemoveEmptyEntries)));

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Examples))]
    public void Every_example_of_the_guide_to_auvirt_runs(string script)
    {
        _host.SetVariable("log", Repository.Data("qemu-enriched.log"));

        int count = _host.Invoke(script).ThrowOnError().Output.Count;
        if (!script.Contains("this-month", StringComparison.Ordinal))
        {
            Assert.Equal(Array.Exists(OfNothing, word => script.Contains(word, StringComparison.Ordinal)), count == 0);
        }
    }

    [Fact]
    public void The_guide_to_auvirt_maps_every_option()
    {
        string guide = File.ReadAllText(Repository.PathOf("docs/auvirt.md"));

        // auvirt(8) of 3.0.9, OPTIONS.
        Assert.All((string[])["--all-events", "--debug", "--file", "--help", "--proof", "--show-uuid", "--stdin", "--summary", "--end", "--start", "--uuid", "--vm"],
            option => Assert.Contains(option, guide.Split("## Where the answers differ")[0], StringComparison.Ordinal));
    }

    private static IEnumerable<string> Blocks()
    {
        string[] parts = File.ReadAllText(Repository.PathOf("docs/auvirt.md")).Split("```");
        return parts.Where((_, i) => i % 2 == 1).Select(part => part["powershell\n".Length..]);
    }
}
