using System.Globalization;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Netlink;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Kernel;

namespace LibvirtAudit.Soak;

/// <summary>
/// The kernel's audit, now and then for a moment, since the whole machine has but one: a burst of records is sent, received
/// live, and read from the log that auditd writes.
/// </summary>
internal sealed class KernelBursts(string folder)
{
    private const int VirtControl = 2500;
    private const int Burst = 2000;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private int _sent;

    /// <summary>What came live.</summary>
    public Ledger Live { get; } = new("kernel, live");

    /// <summary>What came into auditd's log.</summary>
    public Ledger Logged { get; } = new("kernel, log");

    /// <summary>How often the kernel was used.</summary>
    public int Bursts { get; private set; }

    /// <summary>Why it was not used; null where it was.</summary>
    public string? Missing { get; private set; }

    public async Task Run(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Missing is null)
        {
            await Send(stop);
            stop.WaitHandle.WaitOne(Pause);
        }
    }


    // Others on the host may send, too.
    private static void Take(Ledger ledger, VirtAuditRecord record)
    {
        if (record.VMName == "soak")
        {
            ledger.Take(record.VMProcessId!.Value);
        }
    }

    private async Task Send(CancellationToken stop)
    {
        string own = Directory.CreateDirectory(Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"kernel-{Bursts}"))).FullName;
        try
        {
            await using KernelGuard guard = await KernelGuard.Take(own);
            if (guard.Missing is not null || stop.IsCancellationRequested)
            {
                Missing = Bursts == 0 ? guard.Missing : null;
                return;
            }

            using AuditListener listener = AuditListener.Open();
            using var live = new LiveLogs(new ReadOptions(RecordFilter.All), new Sink(Logged), CancellationToken.None);
            live.Add([KernelGuard.LogIn(own)]);
            using (var client = AuditClient.Open())
            {
                for (int i = 0; i < Burst; i++)
                {
                    string text = $"virt=kvm op=start reason=booted vm=\"soak\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid={++_sent} exe=\"/usr/bin/dotnet\" hostname=? addr=? terminal=? res=success";
                    client.SendRecord(VirtControl, System.Text.Encoding.ASCII.GetBytes(text));
                }
            }

            var reader = new TextRecordReader(new ReadOptions(RecordFilter.All), "netlink", new Sink(Live));
            while (Live.Last < _sent && listener.TryTake(out LiveItem item, Patience, CancellationToken.None))
            {
                if (item.Fault is not null)
                {
                    Live.Take(item.Fault);
                }
                else
                {
                    reader.Feed(item.Line, offset: 0);
                }
            }

            live.Follow(Patience, () => Logged.Last >= _sent);
            foreach (Ledger ledger in new[] { Live, Logged })
            {
                if (ledger.Last != _sent)
                {
                    ledger.Tell(FormattableString.Invariant($"{_sent} were sent, the last that came is {ledger.Last}"));
                    ledger.StartBehind(_sent);
                }
            }

            Bursts++;
        }
        catch (FaultException e)
        {
            Live.Take(e.Fault);
        }
        finally
        {
            Directory.Delete(own, recursive: true);
        }
    }

    private sealed class Sink(Ledger ledger) : IEventSink
    {
        public void OnRecord(VirtAuditRecord record) => Take(ledger, record);

        public void OnFault(Fault fault) => ledger.Take(fault);
    }
}
