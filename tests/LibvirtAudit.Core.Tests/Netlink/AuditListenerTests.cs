using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using LibvirtAudit.Netlink;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Netlink;

public sealed class AuditListenerTests : IDisposable
{
    private readonly MemoryMulticast _kernel = new();

    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void Records_of_virtualization_become_lines_of_a_log_and_others_are_passed_over()
    {
        using var listener = new AuditListener(_kernel);
        _kernel.Send(2500, 1, "pid=1 msg='op=start'");
        _kernel.Send(1300, 2, "arch=c000003e");
        _kernel.Send(2508, 3, "pid=1 msg='x'");
        _kernel.Send(2500, 4, "pid=1 msg='forged'", sender: 4711);
        _kernel.Send(2501, 5, "pid=1 msg='y'");
        Assert.Equal("type=VIRT_CONTROL msg=audit(1795360115.435:1): pid=1 msg='op=start'", Line(listener));
        Assert.Equal("type=UNKNOWN[2508] msg=audit(1795360115.435:3): pid=1 msg='x'", Line(listener));
        Assert.Equal("type=VIRT_RESOURCE msg=audit(1795360115.435:5): pid=1 msg='y'", Line(listener));
    }

    [Fact]
    public void What_the_kernel_had_no_room_for_is_told_with_its_number_between_what_came_before_and_behind()
    {
        using var listener = new AuditListener(_kernel);
        _kernel.Send(2500, 10, "a");
        _kernel.Fail(Errno.ENOBUFS);
        _kernel.Send(1300, 15, "b");
        _kernel.Send(2500, 16, "c");
        Assert.Contains(":10)", Line(listener), StringComparison.Ordinal);
        Fault lost = Take(listener).Fault!;
        Assert.Equal(FaultId.RecordsLost, lost.Id);
        Assert.True(lost.IsWarning);
        Assert.Contains(" 4 events", lost.Message, StringComparison.Ordinal);
        Assert.Contains(":16)", Line(listener), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loss_behind_which_nothing_comes_is_told_all_the_same()
    {
        using var listener = new AuditListener(_kernel);
        _kernel.Fail(Errno.ENOBUFS);
        Assert.Equal(FaultId.RecordsLost, Take(listener).Fault!.Id);
    }

    /// <summary>As Linux does: the loss is told before what waited when it happened (<c>netlink_overrun</c> sets the socket's error, which comes first).</summary>
    [Fact]
    public void A_loss_is_counted_where_the_gap_is_which_comes_behind_what_waited()
    {
        _kernel.Send(2500, 10, "x");
        _kernel.Fail(Errno.ENOBUFS);
        _kernel.Send(2500, 11, "x");
        _kernel.Send(2500, 12, "x");
        _kernel.Send(2500, 20, "x");
        using var listener = new AuditListener(_kernel);
        string?[] came = [.. Enumerable.Range(0, 5).Select(_ => Take(listener).Fault?.Message)];
        Assert.Equal([null, null, null], came[..3]);
        Assert.Contains(": 7 events", came[3], StringComparison.Ordinal);
        Assert.Null(came[4]);
    }

    [Fact]
    public void A_loss_that_was_told_without_a_number_is_counted_with_the_next_record()
    {
        _kernel.Send(2500, 10, "x");
        _kernel.Fail(Errno.ENOBUFS);
        using var listener = new AuditListener(_kernel);
        Assert.Null(Take(listener).Fault);
        Assert.Contains("not known", Take(listener).Fault!.Message, StringComparison.Ordinal);
        _kernel.Send(2500, 20, "x");
        Assert.Contains(": 9 events", Take(listener).Fault!.Message, StringComparison.Ordinal);
        Assert.Null(Take(listener).Fault);
    }

    [Fact]
    public void A_failure_of_the_socket_is_told()
    {
        using var listener = new AuditListener(_kernel);
        _kernel.Fail(Errno.EINTR);
        _kernel.Fail(Errno.EPERM);
        Assert.False(Take(listener).Fault!.IsWarning);
    }

    /// <summary>A flood before a consumer that is slow: every record comes, or its loss is told, and no more wait than may.</summary>
    [Fact]
    public async Task In_a_flood_every_record_comes_or_its_loss_is_told()
    {
        const int Count = 100_000;
        var kernel = new MemoryMulticast(bufferSize: 500);
        using var listener = new AuditListener(kernel, queueLength: 1000);
        int seen = 0, lost = 0, last = 0;
        var sending = Task.Run(() =>
        {
            for (int i = 1; i <= Count; i++)
            {
                kernel.Send(2500, i, "flood");
            }

            // What comes behind the flood ends the last gap.
            while (!kernel.Wait(TimeSpan.Zero).Equals(new SocketOutcome(0)))
            {
                Thread.Sleep(1);
            }

            kernel.Send(2500, Count + 1, "end");
        }, TestContext.Current.CancellationToken);
        while (last <= Count)
        {
            LiveItem item = Take(listener);
            if (item.Fault is Fault fault)
            {
                lost += int.Parse(fault.Message.Split(": ")[1].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
                continue;
            }

            string line = System.Text.Encoding.ASCII.GetString(item.Line);
            int serial = int.Parse(line.Split(':')[1].TrimEnd(')').Split(')')[0], System.Globalization.CultureInfo.InvariantCulture);
            Assert.True(serial > last);
            last = serial;
            if (++seen % 100 == 0)
            {
                Thread.Sleep(1);
            }
        }

        await sending.Within("the flood");
        Assert.Equal(Count + 1, seen + lost);
        Assert.True(lost > 0);
    }

    [Fact]
    public void Nothing_goes_on_when_it_is_disposed_also_with_a_full_queue()
    {
        var listener = new AuditListener(_kernel, queueLength: 1);
        for (int i = 1; i < 10; i++)
        {
            _kernel.Send(2500, i, "x");
        }

        listener.Dispose();
        Assert.True(_kernel.IsDisposed);
    }

    private static LiveItem Take(AuditListener listener)
    {
        Assert.True(listener.TryTake(out LiveItem item, TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        return item;
    }

    private static string Line(AuditListener listener) => System.Text.Encoding.UTF8.GetString(Take(listener).Line);
}
