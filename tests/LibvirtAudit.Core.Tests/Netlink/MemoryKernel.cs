using System.Runtime.InteropServices;
using LibvirtAudit.Interop;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Tests.Netlink;

/// <summary>
/// The in-memory twin of the audit socket: a kernel that answers requests as Linux does, and can be told to interrupt,
/// refuse, forge, cut, delay or stay silent.
/// </summary>
internal sealed class MemoryKernel : INetlinkTransport
{
    private readonly Queue<(byte[] Bytes, uint Sender)> _arrived = [];

    /// <summary>Every datagram sent, as bytes.</summary>
    public List<byte[]> Sent { get; } = [];

    /// <summary>The records that were logged: type and text as the kernel would print it.</summary>
    public List<(int Type, string Text)> Logged { get; } = [];

    /// <summary><c>struct audit_status</c> as numbers; shorten it to be an older kernel.</summary>
    public uint[] Status { get; set; } = [0, 1, 1, 4711, 0, 8192, 0, 0, 127, 15000, 0];

    /// <summary>Errors that the next sends fail with.</summary>
    public Queue<Errno> SendErrors { get; } = [];

    /// <summary>Errors that the next receives fail with.</summary>
    public Queue<Errno> ReceiveErrors { get; } = [];

    /// <summary>Errors that the next waits fail with.</summary>
    public Queue<Errno> WaitErrors { get; } = [];

    /// <summary>What the kernel answers to a record; 0 takes it.</summary>
    public Errno RecordError { get; set; }

    /// <summary>What the kernel answers to AUDIT_GET; 0 answers it.</summary>
    public Errno StatusError { get; set; }

    /// <summary>Whether requests are answered at all.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Changes each answer before it arrives.</summary>
    public Func<byte[], byte[]> Distort { get; set; } = answer => answer;

    /// <summary>Runs behind each record that was taken.</summary>
    public Action<MemoryKernel> AfterRecord { get; set; } = _ => { };

    /// <summary>Runs before each answer to AUDIT_GET.</summary>
    public Action<MemoryKernel> BeforeStatus { get; set; } = _ => { };

    public int StatusRequests { get; private set; }

    public bool IsDisposed { get; private set; }

    public AuditClient Client() => new(this, TimeSpan.FromSeconds(5));

    /// <summary>Puts a datagram into the socket.</summary>
    public void Arrive(uint sender, params byte[] bytes) => _arrived.Enqueue((bytes, sender));

    public static byte[] Message(ushort type, uint sequence, params uint[] payload)
    {
        byte[] bytes = new byte[16 + (payload.Length * 4)];
        NetlinkMessage.Write(bytes, type, 0, sequence, MemoryMarshal.AsBytes<uint>(payload), terminated: false);
        return bytes;
    }

    public SocketOutcome Send(ReadOnlySpan<byte> datagram)
    {
        if (SendErrors.TryDequeue(out Errno error))
        {
            return new SocketOutcome(0, error);
        }

        Sent.Add(datagram.ToArray());
        uint length = MemoryMarshal.Read<uint>(datagram), sequence = MemoryMarshal.Read<uint>(datagram[8..]);
        ushort type = MemoryMarshal.Read<ushort>(datagram[4..]);
        Assert.Equal((uint)datagram.Length, length);
        Answer(type, sequence, datagram[16..]);
        return new SocketOutcome(datagram.Length);
    }

    public SocketOutcome Wait(TimeSpan timeout)
    {
        if (WaitErrors.TryDequeue(out Errno error))
        {
            return new SocketOutcome(0, error);
        }

        if (_arrived.Count > 0)
        {
            return new SocketOutcome(1);
        }

        Thread.Sleep(timeout);
        return new SocketOutcome(0);
    }

    public ReceivedDatagram Receive(Span<byte> buffer)
    {
        if (ReceiveErrors.TryDequeue(out Errno error))
        {
            return new ReceivedDatagram(0, 0, error);
        }

        if (!_arrived.TryDequeue(out (byte[] Bytes, uint Sender) next))
        {
            return new ReceivedDatagram(0, 0, Errno.EAGAIN);
        }

        next.Bytes.AsSpan(0, Math.Min(buffer.Length, next.Bytes.Length)).CopyTo(buffer);
        return new ReceivedDatagram(next.Bytes.Length, next.Sender);
    }

    public void Dispose() => IsDisposed = true;

    private void Answer(ushort type, uint sequence, ReadOnlySpan<byte> payload)
    {
        byte[] answer;
        if (type == 1000)
        {
            StatusRequests++;
            BeforeStatus(this);
            answer = StatusError == Errno.None ? Message(1000, sequence, Status) : Message(2, sequence, (uint)-(int)StatusError);
        }
        else
        {
            answer = Message(2, sequence, (uint)-(int)RecordError, 0, 0, sequence, 0);
            if (RecordError == Errno.None && Status[1] != 0)
            {
                Logged.Add((type, System.Text.Encoding.UTF8.GetString(payload[..payload.IndexOf((byte)0)])));
            }

            AfterRecord(this);
        }

        if (!IsSilent)
        {
            Arrive(0, Distort(answer));
        }
    }
}
