using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Writing;

/// <summary>The trailer as a whole is compared with that of libaudit itself on the real kernel; here are the rules that the machine does not show.</summary>
public sealed class SenderTests
{
    [Theory]
    [InlineData("pts/3", true)]
    [InlineData("tty1", true)]
    [InlineData("ttyS0", true)]
    [InlineData("console", false)]
    [InlineData(null, false)]
    public void The_host_is_named_for_the_terminals_for_which_libaudit_names_it(string? terminal, bool expected) =>
        Assert.Equal(expected, SenderTrailer.HasHostName(terminal));

    [Theory]
    [InlineData("unconfined", "unconfined")]
    [InlineData("libvirtd (enforce)", "libvirtd")]
    [InlineData("system_u:system_r:virtd_t:s0-s0:c0.c1023", "system_u:system_r:virtd_t:s0-s0:c0.c1023")]
    [InlineData("a res=failed", null)]
    [InlineData(null, null)]
    public void A_label_is_written_as_the_kernel_writes_it(string? attribute, string? expected) => Assert.Equal(expected, SenderIdentity.Label(attribute));
}
