using LibvirtAudit.Interop;

namespace LibvirtAudit.Netlink;

/// <summary>
/// A netlink socket, or what stands in for it. It does what the system calls do, failures and interruptions too; what
/// they mean is for the one who uses it.
/// </summary>
internal interface INetlinkTransport : IDisposable
{
    /// <summary>Sends one datagram to the kernel.</summary>
    SocketOutcome Send(ReadOnlySpan<byte> datagram);

    /// <summary>Waits until something can be received; a <see cref="SocketOutcome.Count"/> of 0 is that nothing came in time.</summary>
    SocketOutcome Wait(TimeSpan timeout);

    /// <summary>Takes what has arrived, without waiting. What <paramref name="buffer"/> has no room for is lost.</summary>
    ReceivedDatagram Receive(Span<byte> buffer);
}

/// <summary>How a call on the socket ended.</summary>
/// <param name="Count">Bytes, or descriptors that are ready.</param>
/// <param name="Error">Why it failed; <see cref="Errno.None"/> where it did not.</param>
internal readonly record struct SocketOutcome(int Count, Errno Error = Errno.None);

/// <summary>What arrived at the socket.</summary>
/// <param name="Length">The length with which it was sent: more than the buffer's where it was cut.</param>
/// <param name="Sender">The port of the sender; 0 is the kernel.</param>
/// <param name="Error">Why nothing was received; <see cref="Errno.None"/> where something was.</param>
internal readonly record struct ReceivedDatagram(int Length, uint Sender, Errno Error = Errno.None);
