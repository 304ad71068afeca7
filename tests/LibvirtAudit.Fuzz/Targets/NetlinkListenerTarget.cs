using LibvirtAudit.Faults;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Interop;
using LibvirtAudit.Netlink;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>A datagram of the multicast group: what a live reader makes of it, and of the line that it gives.</summary>
internal sealed class NetlinkListenerTarget : FuzzTarget, IDisposable
{
    private readonly Twin _twin = new();
    private readonly AuditListener _listener;
    private readonly LineByLine _lines = new(new ReadOptions(RecordFilter.All) { IncludeMalformed = true }, makesMessages: true);

    public NetlinkListenerTarget() => _listener = new AuditListener(_twin);

    public override IReadOnlyList<string> Words => ["audit(1795360115.435:5090): ", "msg='", " res=success'\0"];

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (byte[] line in TestData.Lines("carriers.log", "VIRT_").Take(30))
        {
            ReadOnlySpan<byte> text = line.AsSpan(line.AsSpan().IndexOf("audit("u8));
            yield return [.. BitConverter.GetBytes(text.Length), .. BitConverter.GetBytes((ushort)2500), .. new byte[10], .. text, 0];
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        _twin.Dispose();
    }

    public override void Run(ReadOnlySpan<byte> input)
    {
        _twin.Give(input);
        while (_listener.TryTake(out LiveItem item, TimeSpan.Zero, CancellationToken.None))
        {
            if (item.Fault is Fault fault)
            {
                Shown.Check("the message of a fault", fault.Message);
            }
            else if (item.Line.Length > input.Length + 64)
            {
                throw new PropertyException("a live line is of its datagram", $"{item.Line.Length} bytes of {input.Length}");
            }
            else
            {
                _lines.Read(item.Line);
            }
        }
    }

    /// <summary>A socket that has one datagram, and tells when the listener waits for the next.</summary>
    private sealed class Twin : INetlinkTransport
    {
        private readonly SemaphoreSlim _given = new(0), _taken = new(0);
        private byte[]? _datagram;
        private bool _isAwaited;

        public void Give(ReadOnlySpan<byte> datagram)
        {
            _datagram = datagram.ToArray();
            _given.Release();
            if (!_taken.Wait(TimeSpan.FromMinutes(1)))
            {
                throw new TimeoutException("The listener does not ask for what comes behind a datagram.");
            }
        }

        public SocketOutcome Send(ReadOnlySpan<byte> datagram) => throw new NotSupportedException();

        public SocketOutcome Wait(TimeSpan timeout)
        {
            if (_isAwaited)
            {
                _isAwaited = false;
                _taken.Release();
            }

            return new SocketOutcome(_given.Wait(timeout) ? 1 : 0);
        }

        public ReceivedDatagram Receive(Span<byte> buffer)
        {
            if (_datagram is not byte[] datagram)
            {
                return new ReceivedDatagram(0, 0, Errno.EAGAIN);
            }

            _datagram = null;
            _isAwaited = true;
            datagram.AsSpan(0, Math.Min(datagram.Length, buffer.Length)).CopyTo(buffer);
            return new ReceivedDatagram(datagram.Length, 0);
        }

        public void Dispose()
        {
            _given.Dispose();
            _taken.Dispose();
        }
    }
}
