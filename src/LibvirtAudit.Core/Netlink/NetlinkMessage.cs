using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using LibvirtAudit.Interop;

namespace LibvirtAudit.Netlink;

/// <summary>One netlink message of a datagram: its header and what follows. The one place that knows how messages are laid out and padded.</summary>
internal readonly ref struct NetlinkMessage
{
    private NetlinkMessage(nlmsghdr header, ReadOnlySpan<byte> payload)
    {
        Header = header;
        Payload = payload;
    }

    public nlmsghdr Header { get; }

    public ReadOnlySpan<byte> Payload { get; }

    /// <summary>The size of a header in bytes.</summary>
    public static int HeaderSize => Unsafe.SizeOf<nlmsghdr>();

    /// <summary>The space that a message with <paramref name="payloadLength"/> bytes takes.</summary>
    public static int Space(int payloadLength) => Align(HeaderSize + payloadLength);

    /// <summary>
    /// Writes a message, a zero byte behind its payload where it is <paramref name="terminated"/>, and its padding, and
    /// counts the padding as part of it, as libaudit does (<c>lib/netlink.c</c>).
    /// </summary>
    /// <returns>The bytes written.</returns>
    public static int Write(Span<byte> destination, ushort type, ushort flags, uint sequence, ReadOnlySpan<byte> payload, bool terminated)
    {
        Span<byte> message = destination[..Space(payload.Length + (terminated ? 1 : 0))];
        message.Clear();
        var header = new nlmsghdr { nlmsg_len = (uint)message.Length, nlmsg_type = type, nlmsg_flags = flags, nlmsg_seq = sequence };
        MemoryMarshal.Write(message, in header);
        payload.CopyTo(message[HeaderSize..]);
        return message.Length;
    }

    /// <summary>
    /// Takes the first message off <paramref name="datagram"/>. False at its end, and where the rest is no whole message:
    /// what was cut is not to be believed.
    /// </summary>
    public static bool TryTake(scoped ref ReadOnlySpan<byte> datagram, out NetlinkMessage message)
    {
        message = default;
        if (datagram.Length < HeaderSize)
        {
            return false;
        }

        nlmsghdr header = MemoryMarshal.Read<nlmsghdr>(datagram);
        if (header.nlmsg_len < HeaderSize || header.nlmsg_len > datagram.Length)
        {
            return false;
        }

        int length = (int)header.nlmsg_len;
        message = new NetlinkMessage(header, datagram[HeaderSize..length]);
        datagram = datagram[Math.Min(Align(length), datagram.Length)..];
        return true;
    }

    private static int Align(int length) => (length + 3) & ~3;
}
