using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using LibvirtAudit.Tests.Netlink;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Writing;

public sealed class KernelDestinationTests : IDisposable
{
    private static readonly byte[] Text = "virt=kvm"u8.ToArray();
    private readonly MemoryKernel _kernel = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void Level_0_opens_nothing_and_sends_nothing()
    {
        using var destination = new KernelDestination(true, () => throw new InvalidOperationException("opened"), _warnings.Add, TimeSpan.Zero);
        Assert.False(Send(destination, 0));
        destination.Complete(TestContext.Current.CancellationToken);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Level_1_with_audit_off_warns_once_and_sends_nothing()
    {
        _kernel.Status[1] = 0;
        using KernelDestination destination = Open();
        Assert.False(Send(destination));
        Assert.False(Send(destination));
        destination.Complete(TestContext.Current.CancellationToken);
        Assert.Single(_warnings);
        Assert.All(_kernel.Sent, datagram => Assert.Equal(1000, BitConverter.ToUInt16(datagram, 4)));
    }

    [Fact]
    public void Level_2_with_audit_off_is_an_error_and_sends_nothing()
    {
        _kernel.Status[1] = 0;
        using KernelDestination destination = Open();
        Assert.Equal(FaultId.AuditDisabled, Assert.Throws<FaultException>(() => Send(destination, 2)).Fault.Id);
        Assert.Single(_kernel.Sent);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void With_audit_on_or_locked_a_record_is_sent_and_claimed(int level)
    {
        _kernel.Status[1] = (uint)level;
        using KernelDestination destination = Open();
        Assert.True(Send(destination, level));
        destination.Complete(TestContext.Current.CancellationToken);
        Assert.Equal([(2500, "virt=kvm")], _kernel.Logged);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void Without_the_right_to_ask_level_1_sends_and_claims_nothing()
    {
        _kernel.StatusError = Errno.EPERM;
        using KernelDestination destination = Open();
        Assert.Null(Send(destination));
        Assert.Null(Send(destination));
        destination.Complete(TestContext.Current.CancellationToken);
        Assert.Equal(2, _kernel.Logged.Count);
        Assert.Equal(1, _kernel.StatusRequests);
    }

    [Fact]
    public void Without_the_right_to_ask_level_2_sends_nothing()
    {
        _kernel.StatusError = Errno.EPERM;
        using KernelDestination destination = Open();
        Assert.Equal(FaultId.AuditPermissionDenied, Assert.Throws<FaultException>(() => Send(destination, 2)).Fault.Id);
        Assert.Empty(_kernel.Logged);
    }

    [Fact]
    public void A_user_namespace_is_an_error_at_level_1_too()
    {
        _kernel.StatusError = _kernel.RecordError = Errno.ECONNREFUSED;
        using KernelDestination destination = Open();
        Assert.Equal(FaultId.AuditRefused, Assert.Throws<FaultException>(() => Send(destination)).Fault.Id);
    }

    [Fact]
    public void A_record_during_which_audit_was_switched_off_is_not_claimed()
    {
        _kernel.AfterRecord = kernel => kernel.Status[1] = 0;
        using KernelDestination destination = Open();
        Assert.False(Send(destination));
    }

    [Fact]
    public void A_record_during_which_the_kernel_lost_some_is_not_claimed_and_the_loss_is_told()
    {
        _kernel.AfterRecord = kernel => kernel.Status[6] += 3;
        using KernelDestination destination = Open();
        Assert.Null(Send(destination));
        destination.Complete(TestContext.Current.CancellationToken);
        Assert.Contains("3", Assert.Single(_warnings), StringComparison.Ordinal);
    }

    [Fact]
    public void Audit_switched_off_on_the_way_is_told_at_the_end_where_nothing_was_claimed()
    {
        using KernelDestination destination = Open(confirm: false);
        Assert.Null(Send(destination));
        _kernel.Status[1] = 0;
        destination.Complete(TestContext.Current.CancellationToken);
        Assert.Single(_warnings);
    }

    [Fact]
    public void The_kernel_is_asked_far_less_often_than_it_is_sent_to()
    {
        using KernelDestination destination = Open(confirm: false);
        for (int i = 0; i < 3000; i++)
        {
            Send(destination);
        }

        Assert.Equal(3000, _kernel.Logged.Count);
        Assert.Equal(3, _kernel.StatusRequests);
    }

    [Fact]
    public void The_kernel_is_asked_before_a_small_backlog_can_fill()
    {
        _kernel.Status[5] = 8;
        _kernel.Status[7] = 4;
        using KernelDestination destination = Open(confirm: false);
        for (int i = 0; i < 6; i++)
        {
            Send(destination);
        }

        Assert.Equal(3, _kernel.StatusRequests);
    }

    [Fact]
    public void A_backlog_that_stays_full_is_an_error_and_nothing_is_sent()
    {
        _kernel.Status[5] = _kernel.Status[7] = 64;
        using KernelDestination destination = Open(confirm: false);
        Fault fault = Assert.Throws<FaultException>(() => Send(destination)).Fault;
        Assert.Equal(FaultId.AuditBufferFull, fault.Id);
        Assert.Contains("64", fault.Message, StringComparison.Ordinal);
        Assert.Empty(_kernel.Logged);
    }

    [Fact]
    public void Waiting_for_a_full_backlog_can_be_cancelled()
    {
        _kernel.Status[5] = _kernel.Status[7] = 64;
        using var destination = new KernelDestination(false, _kernel.Client, _warnings.Add, TimeSpan.FromHours(1));
        using var cancellation = new CancellationTokenSource(50);
        Assert.ThrowsAny<OperationCanceledException>(() => destination.Send(2500, Text, 1, cancellation.Token));
        Assert.Empty(_kernel.Logged);
    }

    [Fact]
    public void A_backlog_limit_of_0_is_no_limit()
    {
        _kernel.Status[5] = 0;
        _kernel.Status[7] = 500;
        using KernelDestination destination = Open(confirm: false);
        Send(destination);
        Assert.Single(_kernel.Logged);
    }

    [Fact]
    public void A_record_that_waits_for_a_daemon_that_hangs_is_not_claimed()
    {
        _kernel.Status[7] = 1;
        using KernelDestination destination = Open();
        Assert.Null(Send(destination));
        destination.Complete(TestContext.Current.CancellationToken);
        Assert.Single(_warnings.Distinct());
    }

    [Fact]
    public void A_record_that_the_daemon_takes_at_last_is_claimed()
    {
        _kernel.Status[7] = 1;
        _kernel.BeforeStatus = kernel => kernel.Status[7] = kernel.StatusRequests > 3 ? 0u : 1u;
        using KernelDestination destination = Open();
        Assert.True(Send(destination));
    }

    private static bool? Send(KernelDestination destination, int level = 1) => destination.Send(2500, Text, level, TestContext.Current.CancellationToken).Delivered;

    private KernelDestination Open(bool confirm = true) => new(confirm, _kernel.Client, _warnings.Add, TimeSpan.FromMilliseconds(30));
}
