using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Writing;

public sealed class AuditPolicyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("virtaudit-").FullName;
    private readonly List<string> _warnings = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Without_any_configuration_libvirts_defaults_count() => Assert.Equal(new LibvirtConfiguration(1, false), ForDriver("kvm"));

    [Theory]
    [InlineData("kvm", 2)]
    [InlineData("qemu", 2)]
    [InlineData("lxc", 0)]
    [InlineData("xen", 1)]
    [InlineData(null, 1)]
    public void The_configuration_of_the_drivers_own_daemon_counts_before_libvirtds(string? driver, int expected)
    {
        Configure("libvirtd", "audit_logging = 1");
        Configure("virtqemud", "audit_level = 2\naudit_logging = 1");
        Configure("virtlxcd", "audit_level = 0\naudit_logging = 1");
        Assert.Equal(new LibvirtConfiguration(expected, true), ForDriver(driver));
    }

    [Fact]
    public void Libvirtds_configuration_counts_where_there_is_no_other()
    {
        Configure("libvirtd", "audit_level = 2");
        Assert.Equal(new LibvirtConfiguration(2, false), ForDriver("lxc"));
    }

    [Fact]
    public void A_configuration_that_can_not_be_used_is_told_and_passed_over()
    {
        Configure("virtqemud", "audit_level = x");
        Configure("libvirtd", "audit_level = 2");
        Assert.Equal(new LibvirtConfiguration(2, false), ForDriver("kvm"));
        Assert.Contains("virtqemud.conf", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    private void Configure(string daemon, string text) => File.WriteAllText(Path.Combine(_folder, daemon + ".conf"), text);

    private LibvirtConfiguration ForDriver(string? driver) => AuditPolicy.ForDriver(driver, _folder, _warnings.Add);
}
