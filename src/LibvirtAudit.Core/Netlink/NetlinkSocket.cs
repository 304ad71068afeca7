using System.Runtime.CompilerServices;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;

namespace LibvirtAudit.Netlink;

/// <summary>The audit socket of the kernel.</summary>
internal sealed unsafe class NetlinkSocket : INetlinkTransport
{
    private readonly NetlinkSocketHandle _handle;

    private NetlinkSocket(NetlinkSocketHandle handle) => _handle = handle;

    /// <summary>Opens a socket that sends requests and receives their answers.</summary>
    /// <exception cref="FaultException">The kernel has no audit, or the process may not open the socket.</exception>
    public static NetlinkSocket Open() => new(OpenHandle());

    /// <summary>Opens a socket that receives all records as they happen: the multicast group AUDIT_NLGRP_READLOG of <c>linux/audit.h</c>.</summary>
    /// <param name="receiveBufferSize">How many bytes may wait in the kernel; it gives what it allows.</param>
    /// <exception cref="FaultException">The kernel has no audit, or the process may not receive its records.</exception>
    public static NetlinkSocket OpenMulticast(int receiveBufferSize)
    {
        const uint ReadLogGroup = 1;
        NetlinkSocketHandle handle = OpenHandle();
        int size = receiveBufferSize;
        if (Libc.setsockopt(handle, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, &size, sizeof(int)) < 0)
        {
            // Without CAP_NET_ADMIN there is a limit.
            _ = Libc.setsockopt(handle, Libc.SOL_SOCKET, Libc.SO_RCVBUF, &size, sizeof(int));
        }

        var address = new sockaddr_nl { nl_family = Libc.AF_NETLINK, nl_groups = 1u << ((int)ReadLogGroup - 1) };
        if (Libc.bind(handle, &address, (uint)sizeof(sockaddr_nl)) == 0)
        {
            return new NetlinkSocket(handle);
        }

        Errno error = Libc.LastError;
        handle.Dispose();
        throw new FaultException(WatchFaults.CannotListen(error, AuditNamespace.IsHostUser != false));
    }

    public SocketOutcome Send(ReadOnlySpan<byte> datagram)
    {
        var kernel = new sockaddr_nl { nl_family = Libc.AF_NETLINK };
        fixed (byte* bytes = datagram)
        {
            return Outcome(Libc.sendto(_handle, bytes, (nuint)datagram.Length, 0, &kernel, (uint)sizeof(sockaddr_nl)));
        }
    }

    public SocketOutcome Wait(TimeSpan timeout)
    {
        bool held = false;
        try
        {
            _handle.DangerousAddRef(ref held);
            var descriptor = new pollfd { fd = (int)_handle.DangerousGetHandle(), events = Libc.POLLIN };
            return Outcome(Libc.poll(&descriptor, 1, (int)Math.Ceiling(timeout.TotalMilliseconds)));
        }
        finally
        {
            if (held)
            {
                _handle.DangerousRelease();
            }
        }
    }

    public ReceivedDatagram Receive(Span<byte> buffer)
    {
        Unsafe.SkipInit(out sockaddr_nl sender);
        uint addressLength = (uint)sizeof(sockaddr_nl);
        fixed (byte* bytes = buffer)
        {
            nint length = Libc.recvfrom(_handle, bytes, (nuint)buffer.Length, Libc.MSG_DONTWAIT | Libc.MSG_TRUNC, &sender, &addressLength);
            return length < 0 ? new ReceivedDatagram(0, 0, Libc.LastError) : new ReceivedDatagram((int)length, sender.nl_pid);
        }
    }

    public void Dispose() => _handle.Dispose();

    private static NetlinkSocketHandle OpenHandle()
    {
        if (!OperatingSystem.IsLinux())
        {
            throw new FaultException(NetlinkFaults.PlatformNotSupported());
        }

        NetlinkSocketHandle handle = Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_CLOEXEC, Libc.NETLINK_AUDIT);
        Errno error = Libc.LastError;
        if (handle.IsInvalid)
        {
            handle.Dispose();
            throw new FaultException(NetlinkFaults.CannotOpen(error));
        }

        return handle;
    }

    private static SocketOutcome Outcome(nint result) => result < 0 ? new SocketOutcome(0, Libc.LastError) : new SocketOutcome((int)result);
}
