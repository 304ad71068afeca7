using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using LibvirtAudit.Interop;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Tests.Netlink;

/// <summary>The in-memory twin of a socket that listens to the kernel's records; with a buffer that can be full.</summary>
internal sealed class MemoryMulticast : INetlinkTransport
{
    private readonly BlockingCollection<(byte[] Bytes, uint Sender, Errno Error)> _arrived = [];
    private readonly int _bufferSize;

    public MemoryMulticast(int bufferSize = int.MaxValue) => _bufferSize = bufferSize;

    public bool IsDisposed { get; private set; }

    /// <summary>Sends a record as the kernel does; what the buffer has no room for is dropped, which the next receive tells.</summary>
    public void Send(ushort type, int serial, string text, uint sender = 0)
    {
        if (_arrived.Count >= _bufferSize)
        {
            Fail(Errno.ENOBUFS);
            return;
        }

        byte[] payload = System.Text.Encoding.UTF8.GetBytes($"audit(1795360115.435:{serial}): {text}");
        byte[] message = new byte[16 + payload.Length];
        payload.CopyTo(message, 16);

        // The kernel leaves the header out of the length here.
        MemoryMarshal.Write(message, (uint)payload.Length);
        MemoryMarshal.Write(message.AsSpan(4), type);
        _arrived.Add((message, sender, Errno.None));
    }

    public void Fail(Errno error) => _arrived.Add(([], 0, error));

    SocketOutcome INetlinkTransport.Send(ReadOnlySpan<byte> datagram) => throw new NotSupportedException();

    public SocketOutcome Wait(TimeSpan timeout)
    {
        for (long end = Environment.TickCount64 + (long)timeout.TotalMilliseconds; _arrived.Count == 0 && Environment.TickCount64 < end;)
        {
            Thread.Sleep(1);
        }

        return new SocketOutcome(_arrived.Count == 0 ? 0 : 1);
    }

    public ReceivedDatagram Receive(Span<byte> buffer)
    {
        if (!_arrived.TryTake(out (byte[] Bytes, uint Sender, Errno Error) next))
        {
            return new ReceivedDatagram(0, 0, Errno.EAGAIN);
        }

        next.Bytes.AsSpan(0, Math.Min(buffer.Length, next.Bytes.Length)).CopyTo(buffer);
        return new ReceivedDatagram(next.Bytes.Length, next.Sender, next.Error);
    }

    public void Dispose() => IsDisposed = true;
}
