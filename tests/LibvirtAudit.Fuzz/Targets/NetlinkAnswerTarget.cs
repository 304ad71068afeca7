using System.Runtime.InteropServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Interop;
using LibvirtAudit.Netlink;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>
/// What the kernel, or one who stands in for it, answers to a request: the first byte chooses the request and the sender,
/// the rest is datagrams, each behind its length in two bytes. In a whole message the number of the request is put in,
/// as whoever answers knows it.
/// </summary>
internal sealed class NetlinkAnswerTarget : FuzzTarget
{
    public override IEnumerable<byte[]> Seeds()
    {
        byte[] status = new byte[44];
        status[4] = 1;
        foreach (byte request in new byte[] { 0, 1, 2, 3 })
        {
            yield return [request, .. Datagram(AuditMessageTypes.Get, status)];
            yield return [request, .. Datagram(AuditMessageTypes.Error, new byte[20])];
            yield return [request, .. Datagram(AuditMessageTypes.Error, [.. BitConverter.GetBytes(-1), .. new byte[16]])];
            yield return [request, .. Datagram(AuditMessageTypes.Get, status.AsSpan(0, 32)), .. Datagram(AuditMessageTypes.Error, new byte[4])];
        }
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        byte how = input.IsEmpty ? (byte)0 : input[0];
        using var client = new AuditClient(new Twin(input.IsEmpty ? [] : input[1..].ToArray(), (how & 2) == 0 ? 0u : 4711u), TimeSpan.Zero);
        try
        {
            if ((how & 1) == 0)
            {
                client.GetStatus();
            }
            else
            {
                client.SendRecord(2500, "virt=qemu"u8);
            }

            if ((how & 2) != 0)
            {
                throw new PropertyException("only the kernel is believed", "an answer of another sender was taken");
            }
        }
        catch (FaultException fault)
        {
            Shown.Check("the message of a fault", fault.Message);
        }
    }

    private static byte[] Datagram(ushort type, ReadOnlySpan<byte> payload)
    {
        byte[] message = new byte[NetlinkMessage.Space(payload.Length)];
        NetlinkMessage.Write(message, type, 0, 0, payload, terminated: false);
        return [.. BitConverter.GetBytes((ushort)message.Length), .. message];
    }

    private sealed class Twin(byte[] answers, uint sender) : INetlinkTransport
    {
        private uint _sequence;
        private int _next;

        public SocketOutcome Send(ReadOnlySpan<byte> datagram)
        {
            _sequence = MemoryMarshal.Read<nlmsghdr>(datagram).nlmsg_seq;
            return new SocketOutcome(datagram.Length);
        }

        public SocketOutcome Wait(TimeSpan timeout) => new(0);

        public ReceivedDatagram Receive(Span<byte> buffer)
        {
            if (_next + sizeof(ushort) > answers.Length)
            {
                return new ReceivedDatagram(0, 0, Errno.EAGAIN);
            }

            // The length is what was sent, of which not all need be there.
            int length = MemoryMarshal.Read<ushort>(answers.AsSpan(_next));
            ReadOnlySpan<byte> datagram = answers.AsSpan(_next + sizeof(ushort), Math.Min(length, answers.Length - _next - sizeof(ushort)));
            _next += sizeof(ushort) + datagram.Length;
            datagram[..Math.Min(datagram.Length, buffer.Length)].CopyTo(buffer);
            if (datagram.Length >= NetlinkMessage.HeaderSize)
            {
                MemoryMarshal.Write(buffer[8..], _sequence);
            }

            return new ReceivedDatagram(length, sender);
        }

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
