using CsCheck;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Writing;

/// <summary>The syntax is that of libvirt's <c>src/util/virconf.c</c>, the meaning that of <c>libvirtd.conf</c>'s comments.</summary>
public sealed class LibvirtConfigurationTests
{
    [Theory]
    [InlineData("", 1, false)]
    [InlineData("#audit_level = 2\n#audit_logging = 1\n", 1, false)]
    [InlineData("audit_level = 2\naudit_logging = 1\n", 2, true)]
    [InlineData("audit_level=0", 0, false)]
    [InlineData("  audit_level\t=\t+2  # strict\r\n", 2, false)]
    [InlineData("audit_level = 7", 2, false)]
    [InlineData("audit_level = 0; audit_logging = 1 ;", 0, true)]
    [InlineData("audit_level = 0\naudit_level = 2\n", 0, false)]
    [InlineData("log_filters = \"1:qemu 3:* # audit_level = 0\"\naudit_level = 2", 2, false)]
    [InlineData("a = 'it \" is'\naudit_level = 2", 2, false)]
    [InlineData("a = \"\"\"\naudit_level = 0\n\"\"\"\naudit_level = 2", 2, false)]
    [InlineData("l = [ \"joe\",\n  'mary' ,\n  7,\n]\naudit_level = 2", 2, false)]
    [InlineData("l = []\naudit_level = 2", 2, false)]
    [InlineData("\n\n\taudit_level = 2\n\n# end", 2, false)]
    public void A_configuration_is_read_as_libvirt_reads_it(string text, int level, bool logging) =>
        Assert.Equal(new LibvirtConfiguration(level, logging), LibvirtConfiguration.Parse(text));

    [Theory]
    [InlineData("audit_level = \"1\"", "audit_level")]
    [InlineData("audit_level = -1", "audit_level")]
    [InlineData("audit_level = 4294967296", "audit_level")]
    [InlineData("audit_level = [ 1 ]", "audit_level")]
    [InlineData("audit_logging = 2", "audit_logging")]
    [InlineData("x = 1\naudit_level", "line 2")]
    [InlineData("audit_level = ", "line 1")]
    [InlineData("audit_level = yes", "line 1")]
    [InlineData("audit_level = 1 2", "line 1")]
    [InlineData("a = \"open\nb = 1", "line 1")]
    [InlineData("a = 'open", "line 1")]
    [InlineData("a = \"\"\"open", "line 1")]
    [InlineData("a = [ 1", "line 1")]
    [InlineData("a = [ 1 2 ]", "line 1")]
    [InlineData("= 1", "line 1")]
    [InlineData("_a = 1", "line 1")]
    public void What_libvirt_would_not_start_with_is_named(string text, string named) =>
        Assert.Contains(named, Assert.Throws<FormatException>(() => LibvirtConfiguration.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void No_text_at_all_does_anything_but_be_read_or_be_refused() =>
        Gen.String[Gen.Char["ab_=01-+\"'[],;# \t\r\n\0é"], 0, 60].Sample(text =>
        {
            try
            {
                LibvirtConfiguration.Parse(text);
            }
            catch (FormatException)
            {
            }
        });
}
