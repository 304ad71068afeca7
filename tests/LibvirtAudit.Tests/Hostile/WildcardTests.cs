using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// Patterns that make a matcher which tries everything take forever, on names as long as the kernel takes: what they cost
/// grows as their length and that of the names do.
/// </summary>
public sealed class WildcardTests : IDisposable
{
    private const int LongestName = 8000;

    // Twice the stars may take twice as long; a matcher that tries all takes thousands of times as long for each.
    private const int Growth = 25;
    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-test-").FullName;
    private readonly ModuleHost _host = new();
    private readonly string _log;

    public WildcardTests()
    {
        _log = Path.Combine(_folder, "a.log");
        byte[] value = [.. Enumerable.Repeat((byte)'a', LongestName)];
        LibvirtBody disk = LibvirtBody.All.First(body => body.Template.Contains("resrc=disk", StringComparison.Ordinal));
        File.WriteAllLines(_log, new[] { (LibvirtBody.All[0], "VMName"), (disk, "NewValue") }.Select(item => System.Text.Encoding.ASCII.GetString(Carrier.Line(item.Item1.Type, item.Item1.With(item.Item2, value)))));
        _host.SetVariable("log", _log);
    }

    public void Dispose()
    {
        _host.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("Get-VirtAuditRecord -LiteralPath $log -VMName $pattern")]
    [InlineData("Get-VirtAuditRecord -LiteralPath $log -Value $pattern")]
    [InlineData("Get-VirtAuditSession -LiteralPath $log -VMName $pattern")]
    [InlineData("Get-VirtAuditAssignment -LiteralPath $log -Value $pattern")]
    [InlineData("Get-VirtAuditRecord -LiteralPath $log | Where-Object { $true } | Get-VirtAuditSession -VMName $pattern")]
    public void A_filter_costs_what_its_length_is_worth(string script)
    {
        AssertGrowth(pattern =>
        {
            _host.SetVariable("pattern", pattern);
            Assert.Empty(_host.Invoke(script).ThrowOnError().Output);
        });
        _host.SetVariable("pattern", Pattern(100, 'a'));
        Assert.Single(_host.Invoke(script).ThrowOnError().Output);
    }

    [Fact]
    public void A_path_costs_what_its_length_is_worth()
    {
        File.Copy(_log, Path.Combine(_folder, new string('a', 250)));
        _host.Location = _folder;
        AssertGrowth(pattern =>
        {
            _host.SetVariable("pattern", pattern);
            Assert.Equal(["PathNotFound"], _host.Invoke("Get-VirtAuditRecord -Path $pattern").ErrorIds);
        });
        _host.SetVariable("pattern", Pattern(20, 'a'));
        Assert.Equal(2, _host.Invoke("Get-VirtAuditRecord -Path $pattern").ThrowOnError().Output.Count);
    }

    [Theory]
    [InlineData("Get-VirtAuditRecord -LiteralPath '{0}' -VMName {1}")]
    [InlineData("Get-VirtAuditRecord -LiteralPath '{0}' -VMName '{1}' -Uuid ")]
    [InlineData("Get-VirtAuditAssignment -LiteralPath '{0}' -Value {1}")]
    public void Completion_costs_what_the_length_of_the_word_is_worth(string line) =>
        AssertGrowth(pattern => Assert.DoesNotContain(_host.Complete(string.Format(CultureInfo.InvariantCulture, line, _log, pattern)), offered => offered.ResultType == CompletionResultType.ParameterValue));

    private static string Pattern(int stars, char last) => string.Concat(Enumerable.Repeat("*a", stars)) + "*" + last;

    // The shortest of several, since others share the machine; compared with itself only.
    private static void AssertGrowth(Action<string> match)
    {
        match(Pattern(1, 'b'));
        double shorter = Shortest(match, Pattern(40, 'b')), longer = Shortest(match, Pattern(80, 'b'));
        Assert.True(longer < shorter * Growth, $"{shorter} ms for half of the pattern, {longer} ms for all of it");
    }

    private static double Shortest(Action<string> match, string pattern) => Enumerable.Range(0, 3).Min(_ =>
    {
        long start = Stopwatch.GetTimestamp();
        match(pattern);
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    });
}
