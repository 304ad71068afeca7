using LibvirtAudit.Faults;
using LibvirtAudit.Netlink;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Netlink;

namespace LibvirtAudit.Soak;

/// <summary>The in-memory twin of the audit socket, which sends in bursts, and a listener that is ended and begun anew all the time.</summary>
internal sealed class WatchedSocket : IEventSink
{
    private const ushort VirtControl = 2500;
    private const string Text = "pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"guest\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly Random _random = new();
    private int _sent;

    public Ledger Ledger { get; } = new("watched socket");

    /// <summary>How often the listener was begun anew.</summary>
    public int Restarts { get; private set; }

    public void Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var transport = new MemoryMulticast();
            using var listener = new AuditListener(transport);
            var reader = new TextRecordReader(new ReadOptions(RecordFilter.All), "netlink", this);
            long end = Environment.TickCount64 + _random.Next(500, 10_000);
            while (Environment.TickCount64 < end && !stop.IsCancellationRequested)
            {
                int burst = _random.Next(20) == 0 ? _random.Next(1, 10_000) : _random.Next(1, 50);
                for (int i = 0; i < burst; i++)
                {
                    transport.Send(VirtControl, ++_sent, Text);
                }

                Receive(listener, reader);
                stop.WaitHandle.WaitOne(_random.Next(100));
            }

            Restarts++;
        }
    }

    void IEventSink.OnRecord(VirtAuditRecord record) => Ledger.Take((long)record.Serial!.Value);

    void IEventSink.OnFault(Fault fault) => Ledger.Take(fault);

    private void Receive(AuditListener listener, TextRecordReader reader)
    {
        while (Ledger.Last < _sent)
        {
            if (!listener.TryTake(out LiveItem item, Patience, CancellationToken.None))
            {
                Ledger.Tell(FormattableString.Invariant($"{_sent} were sent, the last that came is {Ledger.Last}"));
                Ledger.StartBehind(_sent);
            }
            else if (item.Fault is not null)
            {
                Ledger.Take(item.Fault);
            }
            else
            {
                reader.Feed(item.Line, offset: 0);
            }
        }
    }
}
