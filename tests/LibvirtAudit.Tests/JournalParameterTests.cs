using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests;

/// <summary>Each cmdlet that reads logs takes the journal for one.</summary>
public sealed class JournalParameterTests : IDisposable
{
    private readonly ModuleHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Each_cmdlet_that_takes_a_path_of_logs_takes_the_journal_in_its_place()
    {
        string[] readers = [.. _host.Invoke("(Get-Command -Module LibvirtAudit | Where-Object { $_.Parameters.LiteralPath }).Name").ThrowOnError().OutputOf<string>()];
        Assert.NotEmpty(readers);
        Assert.All(readers, reader => Assert.Equal(
            ["Journal"],
            _host.Invoke($"(Get-Command {reader}).Parameters.Journal.ParameterSets.Keys").ThrowOnError().OutputOf<string>()));
    }
}
