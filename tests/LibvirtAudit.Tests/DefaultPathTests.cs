using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>A log that <c>$PSDefaultParameterValues</c> names is read where nothing else is given, and is in nobody's way.</summary>
public sealed class DefaultPathTests : IDisposable
{
    private const string Default = "tests/data/qemu-enriched.log";
    private const string Piped = "tests/data/lxc-enriched.log";
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Theory]
    [InlineData("Get-VirtAuditSession", true)]
    [InlineData("Get-VirtAuditAssignment", true)]
    [InlineData("Get-VirtAuditIncident", true)]
    [InlineData("Measure-VirtAuditRecord | Select-Object * -ExcludeProperty StartTime, EndTime", true)]
    [InlineData("Test-VirtAuditLog", true)]
    [InlineData("Assert-VirtAuditRecord -PassThru", false)]
    public void Piped_records_go_before_it(string command, bool takesFiles)
    {
        Assert.Equal(Run("", $"$records | {command}"), Run("*-VirtAudit*:Path", $"$records | {command}"));
        if (takesFiles)
        {
            string files = $"Get-Item {Piped} | {command}";
            Assert.Equal(Run("", files, isRead: false), Run("*-VirtAudit*:Path", files, isRead: false));
        }
    }

    [Fact]
    public void It_is_read_where_nothing_is_piped()
    {
        Assert.Equal(Run("", $"Get-VirtAuditSession {Default}"), Run("*-VirtAudit*:Path", "Get-VirtAuditSession"));
        Assert.Equal(Run("", $"Get-VirtAuditSession {Piped}"), Run("*-VirtAudit*:Path", $"Get-VirtAuditSession {Piped}"));
        Assert.Equal("", Run("'Get-VirtAudit*':'path'", "@() | Get-VirtAuditSession"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Get-ChildItem:Path")]
    public void A_log_that_is_written_beside_the_pipeline_is_refused(string key)
    {
        foreach (string command in new[] { "Get-VirtAuditSession", "Assert-VirtAuditRecord" })
        {
            string id = $". {{ try {{ $records | {command} -Path {Default} -ErrorAction Stop }} catch {{ $_.FullyQualifiedErrorId }} }}";
            Assert.StartsWith("InvalidInputObject", Run(key, id), StringComparison.Ordinal);
        }
    }

    private string Run(string key, string command, bool isRead = true)
    {
        string records = isRead ? $"$records = Get-VirtAuditRecord -LiteralPath {Piped}; " : "";
        string set = key.Length > 0 ? $"$PSDefaultParameterValues = @{{ \"{key}\" = '{Default}' }}; " : "$PSDefaultParameterValues = @{}; ";
        return string.Join('\n', _host.Invoke($"{records}{set}{command} | Out-String -Width 300").ThrowOnError().Output).Trim();
    }
}
