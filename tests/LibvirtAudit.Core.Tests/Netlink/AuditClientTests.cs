using LibvirtAudit.Faults;
using LibvirtAudit.Interop;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Tests.Netlink;

public sealed class AuditClientTests : IDisposable
{
    private readonly MemoryKernel _kernel = new();

    // Laid out by hand from linux/netlink.h and libaudit's lib/netlink.c: length 24 with padding, type 2500, REQUEST|ACK.
    public void Dispose() => _kernel.Dispose();

    [Fact]
    public void A_record_is_the_datagram_that_libaudit_sends()
    {
        using AuditClient client = _kernel.Client();
        client.SendRecord(2500, "abc"u8);
        client.SendRecord(2501, "abcd"u8);
        Assert.Equal([20, 0, 0, 0, 0xC4, 0x09, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, (byte)'a', (byte)'b', (byte)'c', 0], _kernel.Sent[0]);
        Assert.Equal([24, 0, 0, 0, 0xC5, 0x09, 5, 0, 2, 0, 0, 0, 0, 0, 0, 0, (byte)'a', (byte)'b', (byte)'c', (byte)'d', 0, 0, 0, 0], _kernel.Sent[1]);
    }

    [Fact]
    public void The_longest_text_that_the_kernel_prints_goes_through()
    {
        using AuditClient client = _kernel.Client();
        client.SendRecord(2500, new byte[8560].Select(_ => (byte)'x').ToArray());
        Assert.Equal(8560, Assert.Single(_kernel.Logged).Text.Length);
    }

    [Theory]
    [InlineData(Errno.EPERM, FaultId.AuditPermissionDenied)]
    [InlineData(Errno.EACCES, FaultId.AuditPermissionDenied)]
    [InlineData(Errno.ECONNREFUSED, FaultId.AuditRefused)]
    [InlineData(Errno.EINVAL, FaultId.AuditUnsupported)]
    [InlineData(Errno.EPROTONOSUPPORT, FaultId.AuditUnsupported)]
    [InlineData(Errno.ENOBUFS, FaultId.AuditBufferFull)]
    [InlineData(Errno.EAGAIN, FaultId.AuditBufferFull)]
    [InlineData(Errno.ENOMEM, FaultId.AuditBufferFull)]
    [InlineData((Errno)71, FaultId.AuditRefused)]
    internal void An_error_of_the_kernel_has_its_name(Errno error, FaultId expected)
    {
        using AuditClient client = _kernel.Client();
        _kernel.RecordError = error;
        Fault fault = Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault;
        Assert.Equal(expected, fault.Id);
        Assert.Contains($"errno {(int)error}", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Errno.EPERM, FaultId.AuditPermissionDenied)]
    [InlineData(Errno.ECONNREFUSED, FaultId.AuditRefused)]
    [InlineData(Errno.ENOBUFS, FaultId.AuditBufferFull)]
    [InlineData(Errno.EAGAIN, FaultId.AuditBufferFull)]
    internal void An_error_of_the_send_has_its_name(Errno error, FaultId expected)
    {
        using AuditClient client = _kernel.Client();
        _kernel.SendErrors.Enqueue(error);
        Assert.Equal(expected, Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault.Id);
        Assert.Empty(_kernel.Logged);
    }

    [Fact]
    public void An_overrun_of_the_receive_buffer_is_told()
    {
        using AuditClient client = _kernel.Client();
        _kernel.ReceiveErrors.Enqueue(Errno.ENOBUFS);
        Assert.Equal(FaultId.AuditBufferFull, Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault.Id);
    }

    [Fact]
    public void Interruptions_are_passed_over_and_nothing_is_sent_twice()
    {
        using AuditClient client = _kernel.Client();
        _kernel.SendErrors.Enqueue(Errno.EINTR);
        _kernel.ReceiveErrors.Enqueue(Errno.EINTR);
        _kernel.ReceiveErrors.Enqueue(Errno.EAGAIN);
        _kernel.WaitErrors.Enqueue(Errno.EINTR);
        client.SendRecord(2500, "abc"u8);
        Assert.Equal([(2500, "abc")], _kernel.Logged);
    }

    [Fact]
    public void A_reply_from_a_process_is_an_error_and_not_an_answer()
    {
        using AuditClient client = _kernel.Client();
        _kernel.Arrive(1234, MemoryKernel.Message(2, 1, 0));
        Fault fault = Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault;
        Assert.Equal(FaultId.AuditSpoofedReply, fault.Id);
        Assert.Contains("1234", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Late_and_unrelated_answers_are_passed_over()
    {
        using AuditClient client = _kernel.Client();
        _kernel.RecordError = Errno.EPERM;
        _kernel.Arrive(0, MemoryKernel.Message(2, 77, 0));
        _kernel.Arrive(0, MemoryKernel.Message(1000, 78, 0, 1));
        _kernel.Arrive(0, MemoryKernel.Message(1305, 0, 1));
        Assert.Equal(FaultId.AuditPermissionDenied, Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault.Id);
    }

    [Fact]
    public void The_answer_is_found_behind_others_in_one_datagram()
    {
        using AuditClient client = _kernel.Client();
        _kernel.Distort = answer => [.. MemoryKernel.Message(2, 99, 1), .. answer];
        client.SendRecord(2500, "abc"u8);
        Assert.Single(_kernel.Logged);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(19)]
    public void A_reply_cut_short_is_no_answer(int length)
    {
        using var client = new AuditClient(_kernel, TimeSpan.FromMilliseconds(20));
        _kernel.Distort = answer => answer[..length];
        Assert.Equal(FaultId.AuditTimeout, Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault.Id);
    }

    [Fact]
    public void A_reply_that_says_it_is_longer_than_it_is_is_no_answer()
    {
        using var client = new AuditClient(_kernel, TimeSpan.FromMilliseconds(20));
        _kernel.Distort = answer => [200, .. answer[1..]];
        Assert.Equal(FaultId.AuditTimeout, Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault.Id);
    }

    [Fact]
    public void A_flood_of_other_messages_does_not_hold_the_caller_beyond_the_timeout()
    {
        using var client = new AuditClient(_kernel, TimeSpan.FromMilliseconds(1));
        _kernel.IsSilent = true;
        for (uint i = 0; i < 200_000; i++)
        {
            _kernel.Arrive(0, MemoryKernel.Message(2, 9999, 0));
        }

        Assert.Equal(FaultId.AuditTimeout, Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault.Id);
    }

    [Fact]
    public void Silence_ends_in_a_timeout()
    {
        using var client = new AuditClient(_kernel, TimeSpan.FromMilliseconds(20));
        _kernel.IsSilent = true;
        Assert.Equal(FaultId.AuditTimeout, Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8)).Fault.Id);
    }

    [Fact]
    public void The_answer_to_a_request_that_timed_out_is_not_taken_for_the_next()
    {
        using var client = new AuditClient(_kernel, TimeSpan.FromMilliseconds(20));
        _kernel.IsSilent = true;
        Assert.Throws<FaultException>(() => client.SendRecord(2500, "abc"u8));
        _kernel.Arrive(0, MemoryKernel.Message(2, 1, 0));
        _kernel.IsSilent = false;
        _kernel.RecordError = Errno.EPERM;
        Assert.Equal(FaultId.AuditPermissionDenied, Assert.Throws<FaultException>(() => client.SendRecord(2500, "def"u8)).Fault.Id);
    }

    [Fact]
    public void The_state_has_every_number_of_the_kernel()
    {
        using AuditClient client = _kernel.Client();
        _kernel.Status = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11];
        Assert.Equal(new AuditStatus(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), client.GetStatus());
    }

    [Theory]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    public void What_an_older_kernel_does_not_send_is_null(int fields)
    {
        using AuditClient client = _kernel.Client();
        _kernel.Status = [.. Enumerable.Range(1, fields).Select(number => (uint)number)];
        AuditStatus status = client.GetStatus();
        Assert.Equal(8u, status.Backlog);
        Assert.Equal([fields > 8 ? 9u : null, fields > 9 ? 10u : null, null], [status.FeatureBitmap, status.BacklogWaitTime, status.BacklogWaitTimeActual]);
    }

    [Fact]
    public void The_state_is_asked_without_writing_it()
    {
        using AuditClient client = _kernel.Client();
        client.GetStatus();
        Assert.Equal([16, 0, 0, 0, 0xE8, 0x03, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0], Assert.Single(_kernel.Sent));
    }

    [Fact]
    public void Being_refused_the_state_names_the_capability_that_it_needs()
    {
        using AuditClient client = _kernel.Client();
        _kernel.StatusError = Errno.EPERM;
        Fault fault = Assert.Throws<FaultException>(client.GetStatus).Fault;
        Assert.Equal(FaultId.AuditPermissionDenied, fault.Id);
        Assert.Contains("CAP_AUDIT_CONTROL", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_socket_is_closed_with_the_client()
    {
        _kernel.Client().Dispose();
        Assert.True(_kernel.IsDisposed);
    }
}
