using System.Collections.Concurrent;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Interop;

namespace LibvirtAudit.Netlink;

/// <summary>What came from the kernel: a record's line in the form of audit.log, or a fault.</summary>
/// <param name="Line">The line; empty for a fault.</param>
/// <param name="Fault">What went wrong; null for a record.</param>
internal readonly record struct LiveItem(byte[] Line, Fault? Fault);

/// <summary>
/// Takes the kernel's records of virtualization as they come. A thread empties the socket into a queue that is bounded: when that is
/// full the socket's buffer fills, and when that is full the kernel drops records for this listener, and says so.
/// </summary>
internal sealed class AuditListener : IDisposable
{
    private const int QueueLength = 32 * 1024;
    private const int SocketBufferSize = 64 * 1024 * 1024;
    private const int LargestMessage = 16 * 1024;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(50);
    private readonly INetlinkTransport _transport;
    private readonly BlockingCollection<LiveItem> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Thread _thread;
    private ulong? _lastSerial;

    // The kernel tells of a loss once, before what waited when it happened, and no more of others until all of that is taken
    // (netlink_overrun, netlink_rcv_wake): till then every gap between serials is a loss, and so is one right behind it.
    private bool _isCongested;
    private bool _mayBeBehindLoss;
    private bool _isUntold;

    /// <summary>Listens on <paramref name="transport"/>, which it closes at its end.</summary>
    /// <param name="transport">The socket.</param>
    /// <param name="queueLength">How many records may wait.</param>
    public AuditListener(INetlinkTransport transport, int queueLength = QueueLength)
    {
        _transport = transport;
        _queue = new BlockingCollection<LiveItem>(queueLength);
        _thread = new Thread(Listen) { IsBackground = true, Name = "audit listener" };
        _thread.Start();
    }

    /// <summary>Listens to the kernel.</summary>
    /// <exception cref="FaultException">WatchPermissionDenied, WatchNamespace, AuditUnsupported, PlatformNotSupported.</exception>
    public static AuditListener Open()
    {
        NetlinkSocket socket = NetlinkSocket.OpenMulticast(SocketBufferSize);
        if (AuditNamespace.IsHostNetwork)
        {
            return new AuditListener(socket);
        }

        socket.Dispose();
        throw new FaultException(WatchFaults.OtherNetwork());
    }

    /// <summary>Waits for what comes next; false where nothing did in time.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public bool TryTake(out LiveItem item, TimeSpan timeout, CancellationToken cancellation) =>
        _queue.TryTake(out item, (int)Math.Min(timeout.TotalMilliseconds, int.MaxValue), cancellation);

    /// <summary>Ends the listening; the thread is gone when this returns.</summary>
    public void Dispose()
    {
        _stop.Cancel();
        _thread.Join();
        _transport.Dispose();
        _queue.Dispose();
        _stop.Dispose();
    }

    private void Listen()
    {
        byte[] buffer = new byte[LargestMessage];
        try
        {
            while (!_stop.IsCancellationRequested)
            {
                SocketOutcome ready = _transport.Wait(Slice);
                if (ready.Error is not (Errno.None or Errno.EINTR))
                {
                    Add(NetlinkFaults.FromErrno(ready.Error, 0));
                    return;
                }

                if (ready.Count == 0)
                {
                    // Nothing has come since by which to tell how many; the next that comes will.
                    TellUncounted();
                }

                while (!_stop.IsCancellationRequested && Receive(buffer, out bool isOver))
                {
                    if (isOver)
                    {
                        return;
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody takes what comes any more.
        }
    }

    // False where there is nothing more at the moment.
    private bool Receive(byte[] buffer, out bool isOver)
    {
        isOver = false;
        ReceivedDatagram received = _transport.Receive(buffer);
        switch (received.Error)
        {
            case Errno.None when received.Sender == 0:
                Take(buffer.AsSpan(0, Math.Min(received.Length, buffer.Length)));
                return true;
            case Errno.None or Errno.EINTR:
                return true;
            case Errno.EAGAIN:
                _mayBeBehindLoss |= _isCongested;
                _isCongested = false;
                return false;
            case Errno.ENOBUFS:
                _isCongested = _isUntold = true;
                return true;
            default:
                Add(NetlinkFaults.FromErrno(received.Error, 0));
                isOver = true;
                return true;
        }
    }

    // The length that the message's header names is not that of what was sent: the kernel leaves the header out of it for some.
    private void Take(ReadOnlySpan<byte> datagram)
    {
        if (datagram.Length < NetlinkMessage.HeaderSize)
        {
            return;
        }

        ushort type = System.Runtime.InteropServices.MemoryMarshal.Read<nlmsghdr>(datagram).nlmsg_type;
        ReadOnlySpan<byte> text = datagram[NetlinkMessage.HeaderSize..].TrimEnd((byte)0).TrimEnd((byte)'\n');
        CountSerial(text);
        if (RecordTypes.IsVirt(type))
        {
            _queue.Add(new LiveItem([.. "type="u8, .. System.Text.Encoding.ASCII.GetBytes(RecordTypes.GetName(type)), .. " msg="u8, .. text], null), _stop.Token);
        }
    }

    private void CountSerial(ReadOnlySpan<byte> text)
    {
        if (!EventHeader.TryReadStamped(text, 0, out EventHeader header) || header is not { StampLength: > 0, Serial: ulong serial })
        {
            return;
        }

        if (serial > _lastSerial + 1 && (_isCongested || _mayBeBehindLoss))
        {
            _isUntold = false;
            Add(WatchFaults.Lost((long)(serial - _lastSerial!.Value - 1)));
        }

        if (_mayBeBehindLoss)
        {
            TellUncounted();
        }

        _mayBeBehindLoss = false;
        _lastSerial = serial;
    }

    private void TellUncounted()
    {
        if (_isUntold && !_isCongested)
        {
            _isUntold = false;
            Add(WatchFaults.Lost(null));
        }
    }

    private void Add(Fault fault) => _queue.Add(new LiveItem([], fault), _stop.Token);
}
