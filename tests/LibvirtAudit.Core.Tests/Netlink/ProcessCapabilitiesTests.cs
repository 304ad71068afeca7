using LibvirtAudit.Netlink;

namespace LibvirtAudit.Tests.Netlink;

public sealed class ProcessCapabilitiesTests
{
    // The sets are those of capabilities(7): bit 29 AUDIT_WRITE, 30 AUDIT_CONTROL, 37 AUDIT_READ.
    [Theory]
    [InlineData("000001ffffffffff", true, true, true)]
    [InlineData("0000000000000000", false, false, false)]
    [InlineData("0000000020000000", true, false, false)]
    [InlineData("0000000040000000", false, true, false)]
    [InlineData("0000002000000000", false, false, true)]
    [InlineData("00000000a80425fb", true, false, false)]
    public void The_effective_set_is_read(string set, bool write, bool control, bool read) =>
        Assert.Equal(new ProcessCapabilities(write, control, read), ProcessCapabilities.Parse($"Name:\tx\nCapPrm:\t0\nCapEff:\t{set}\nCapBnd:\t0\n"));

    [Theory]
    [InlineData("")]
    [InlineData("CapEff:")]
    [InlineData("CapEff:\tzz")]
    public void No_set_is_no_answer(string text) => Assert.Null(ProcessCapabilities.Parse(text));
}
