using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;

namespace LibvirtAudit.Netlink;

/// <summary>
/// Requests to the kernel's audit and their answers, one at a time over one socket. Not for several threads.
/// </summary>
internal sealed class AuditClient : IDisposable
{
    private const ushort RequestFlag = 0x1;
    private const ushort AcknowledgeFlag = 0x4;

    /// <summary>An answer that says an error holds the whole request: the kernel's largest message is 8,970 bytes.</summary>
    private const int ReceiveBufferSize = 16 * 1024;

    private readonly INetlinkTransport _transport;
    private readonly TimeSpan _timeout;
    private readonly byte[] _receiveBuffer = GC.AllocateUninitializedArray<byte>(ReceiveBufferSize, pinned: true);
    private byte[] _sendBuffer = GC.AllocateUninitializedArray<byte>(1024, pinned: true);
    private uint _sequence;

    /// <summary>Talks over <paramref name="transport"/>, which it closes at its end, and waits at most <paramref name="timeout"/> for an answer.</summary>
    public AuditClient(INetlinkTransport transport, TimeSpan timeout)
    {
        _transport = transport;
        _timeout = timeout;
    }

    /// <summary>How long the kernel is waited for. It answers before a send returns; only a frozen host is slower.</summary>
    public static TimeSpan DefaultTimeout { get; } = TimeSpan.FromSeconds(10);

    /// <summary>Opens the kernel's audit.</summary>
    /// <exception cref="FaultException">The kernel has no audit, or the process may not open the socket.</exception>
    public static AuditClient Open() => new(NetlinkSocket.Open(), DefaultTimeout);

    /// <summary>
    /// Sends a record's text and waits for the kernel's acknowledgement. That it was acknowledged does not say that it
    /// was logged: the kernel acknowledges and drops when its audit is off.
    /// </summary>
    /// <param name="type">The number of the record's type.</param>
    /// <param name="text">The text, without a terminator.</param>
    /// <exception cref="FaultException">The kernel refused the record, or did not answer.</exception>
    public void SendRecord(int type, ReadOnlySpan<byte> text)
    {
        // The kernel overwrites the last byte with a terminator, so one is sent, as libaudit does.
        uint sequence = Send((ushort)type, RequestFlag | AcknowledgeFlag, text, terminated: true);
        ReceiveAnswer(sequence, 0, out _);
    }

    /// <summary>Asks for the state of the kernel's audit.</summary>
    /// <exception cref="FaultException">The process may not ask (CAP_AUDIT_CONTROL), or the kernel did not answer.</exception>
    public AuditStatus GetStatus()
    {
        uint sequence = Send(AuditMessageTypes.Get, RequestFlag, [], terminated: false);
        ReceiveAnswer(sequence, AuditMessageTypes.Get, out ReadOnlySpan<byte> payload);
        return AuditStatus.Read(payload);
    }

    public void Dispose() => _transport.Dispose();

    private uint Send(ushort type, ushort flags, ReadOnlySpan<byte> payload, bool terminated)
    {
        // 0 is the number of what nobody asked for.
        _sequence = _sequence == uint.MaxValue ? 1 : _sequence + 1;
        int space = NetlinkMessage.Space(payload.Length + 1);
        if (_sendBuffer.Length < space)
        {
            _sendBuffer = GC.AllocateUninitializedArray<byte>(space, pinned: true);
        }

        ReadOnlySpan<byte> message = _sendBuffer.AsSpan(0, NetlinkMessage.Write(_sendBuffer, type, flags, _sequence, payload, terminated));
        SocketOutcome outcome;
        do
        {
            outcome = _transport.Send(message);
        }
        while (outcome.Error == Errno.EINTR);

        if (outcome.Error != Errno.None)
        {
            throw new FaultException(NetlinkFaults.FromErrno(outcome.Error, type));
        }

        return outcome.Count == message.Length ? _sequence : throw new FaultException(NetlinkFaults.SentInPart(outcome.Count, message.Length));
    }

    /// <summary>Waits for the acknowledgement of a request, or for the message of type <paramref name="wanted"/> that answers it.</summary>
    private void ReceiveAnswer(uint sequence, ushort wanted, out ReadOnlySpan<byte> payload)
    {
        long start = Stopwatch.GetTimestamp();
        while (true)
        {
            ReceivedDatagram received = _transport.Receive(_receiveBuffer);
            switch (received.Error)
            {
                case Errno.None when received.Sender != 0:
                    throw new FaultException(NetlinkFaults.Spoofed(received.Sender));
                case Errno.None when TryFindAnswer(received.Length, sequence, wanted, out payload):
                    return;
                case Errno.None or Errno.EINTR:
                    break;
                case Errno.EAGAIN:
                    WaitUntil(start);
                    break;
                default:
                    throw new FaultException(NetlinkFaults.FromErrno(received.Error, wanted));
            }

            if (Stopwatch.GetElapsedTime(start) >= _timeout)
            {
                throw new FaultException(NetlinkFaults.Timeout(_timeout));
            }
        }
    }

    private void WaitUntil(long start)
    {
        TimeSpan left = _timeout - Stopwatch.GetElapsedTime(start);
        SocketOutcome outcome = left > TimeSpan.Zero ? _transport.Wait(left) : default;
        if (outcome.Error is not (Errno.None or Errno.EINTR))
        {
            throw new FaultException(NetlinkFaults.FromErrno(outcome.Error, 0));
        }
    }

    /// <summary>Looks for the answer among the messages of a datagram; those of other requests, late ones among them, are passed over.</summary>
    private bool TryFindAnswer(int length, uint sequence, ushort wanted, out ReadOnlySpan<byte> payload)
    {
        ReadOnlySpan<byte> datagram = _receiveBuffer.AsSpan(0, Math.Min(length, _receiveBuffer.Length));
        while (NetlinkMessage.TryTake(ref datagram, out NetlinkMessage message))
        {
            payload = message.Payload;
            if (message.Header.nlmsg_seq != sequence)
            {
                continue;
            }

            if (message.Header.nlmsg_type == wanted && wanted != 0)
            {
                return true;
            }

            // Only the number is needed: kernels differ in how much of the request they send back.
            if (message.Header.nlmsg_type == AuditMessageTypes.Error && payload.Length >= sizeof(int))
            {
                int error = Unsafe.ReadUnaligned<int>(ref MemoryMarshal.GetReference(payload));
                if (error != 0)
                {
                    throw new FaultException(NetlinkFaults.FromErrno((Errno)(-error), wanted));
                }

                if (wanted == 0)
                {
                    return true;
                }
            }
        }

        payload = default;
        return false;
    }
}
