using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using System.Text.RegularExpressions;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Netlink;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Kernel;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;
using LibvirtAudit.Writing;

namespace LibvirtAudit.Tests.Failures;

/// <summary>What goes wrong with the kernel's audit and its daemon while records are sent, received and followed.</summary>
[SupportedOSPlatform("linux")]
public sealed partial class KernelFaultTests : OwnKernelAudit, IEventSink
{
    private const int VirtControl = 2500;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly List<long> _received = [];

    private string Log => KernelGuard.LogIn(Folder.Path);

    [Fact]
    public void With_the_smallest_buffer_what_is_lost_is_told_and_nothing_comes_twice()
    {
        const int Count = 2000;
        using var listener = new AuditListener(NetlinkSocket.OpenMulticast(receiveBufferSize: 1), queueLength: 4);
        Send(1, Count);

        // While all that fits is taken, there is room again, for one by which to tell what is missing.
        List<Fault> faults = Receive(listener, TimeSpan.FromMilliseconds(500));
        Send(Count + 1, 1);
        faults.AddRange(Receive(listener, TimeSpan.FromMilliseconds(500)));

        Assert.Equal(_received.Distinct().Order(), _received);
        Assert.InRange(_received.Count, 1, Count);
        Assert.Equal(Count + 1, _received[^1]);
        Assert.All(faults, fault => Assert.Equal(FaultId.RecordsLost, fault.Id));
        TestContext.Current.TestOutputHelper?.WriteLine($"{_received.Count} came: {string.Join(' ', _received)}\n{string.Join('\n', faults.Select(fault => fault.Message))}");
        long missing = faults.Select(fault => MissingEvents().Match(fault.Message)).Where(match => match.Success).Sum(match => long.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture));
        Assert.True(missing >= Count + 1 - _received.Count, $"{_received.Count} came, {missing} were told to be missing");
    }

    [Fact]
    public async Task While_the_daemon_is_suspended_records_are_received_and_its_log_is_waited_for()
    {
        using AuditListener listener = AuditListener.Open();
        using LiveLogs live = Follow(out LiveSink sink);
        await Signal("STOP", Guard.DaemonId);
        try
        {
            Send(1, 50);
            Assert.Empty(Receive(listener, TimeSpan.FromMilliseconds(500)));
            Assert.Equal(Enumerable.Range(1, 50), _received.Select(number => (int)number));
            live.Follow(TimeSpan.FromMilliseconds(300), () => false);
            Assert.Empty(Sent(sink));
        }
        finally
        {
            await Signal("CONT", Guard.DaemonId);
        }

        live.Follow(Patience, () => Sent(sink).Length >= 50);
        Assert.Equal(Enumerable.Range(1, 50), Sent(sink));
        Assert.Empty(sink.Faults);
    }

    [Fact]
    public async Task A_daemon_that_is_killed_and_started_again_is_followed_on()
    {
        using AuditListener listener = AuditListener.Open();
        using LiveLogs live = Follow(out LiveSink sink);
        Send(1, 20);
        live.Follow(Patience, () => Sent(sink).Length >= 20);
        await Signal("KILL", Guard.DaemonId);
        Send(21, 20);
        using Process daemon = Process.Start("auditd", ["-n", "-c", Folder.Path]);
        try
        {
            string id = daemon.Id.ToString(CultureInfo.InvariantCulture);
            for (int i = 0; i < 100 && !(await ProgramRun.Of(["auditctl", "-s"])).Output.Contains($"pid {id}\n", StringComparison.Ordinal); i++)
            {
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }

            Send(41, 20);
            live.Follow(Patience, () => Sent(sink).Contains(60));
        }
        finally
        {
            await Signal("TERM", daemon.Id);
            await Support.Patience.EndOf(daemon, "the end of auditd");
        }

        // Who listens misses nothing; the log has what the kernel kept for the daemon.
        Assert.Empty(Receive(listener, TimeSpan.FromMilliseconds(500)));
        Assert.Equal(Enumerable.Range(1, 60), _received.Select(number => (int)number));
        int[] logged = Sent(sink);
        Assert.Equal(logged.Distinct(), logged);
        Assert.Equal(Enumerable.Range(1, 20).Concat(Enumerable.Range(41, 20)), logged.Where(number => number is <= 20 or > 40));
        Assert.Empty(sink.Faults);
    }

    [Fact]
    public async Task Switched_off_in_the_middle_nothing_is_claimed_that_was_not_logged()
    {
        var warnings = new List<string>();
        var claimed = new List<int>();
        using (var destination = new KernelDestination(confirm: true, AuditClient.Open, warnings.Add, Patience))
        {
            for (int number = 1; number <= 100; number++)
            {
                if (number == 50)
                {
                    Assert.Equal(0, (await ProgramRun.Of(["auditctl", "-e", "0"])).ExitCode);
                }

                if (destination.Send(VirtControl, Text(number), level: 1, TestContext.Current.CancellationToken).Delivered == true)
                {
                    claimed.Add(number);
                }
            }

            destination.Complete(TestContext.Current.CancellationToken);
        }

        Assert.Equal(0, (await ProgramRun.Of(["auditctl", "-e", "1"])).ExitCode);
        using LiveLogs live = Follow(out LiveSink sink);
        live.Follow(Patience, () => Sent(sink).Length >= claimed.Count);
        Assert.Equal(Enumerable.Range(1, 49), Sent(sink));
        Assert.Empty(claimed.Except(Sent(sink)));
        Assert.Contains(warnings, warning => warning.Contains("disabled", StringComparison.Ordinal));
    }

    void IEventSink.OnRecord(VirtAuditRecord record)
    {
        if (record.VMName == "fault")
        {
            _received.Add(record.VMProcessId!.Value);
        }
    }

    void IEventSink.OnFault(Fault fault) => Assert.Fail(fault.Message);

    // Others on the host may send, too.
    private static int[] Sent(LiveSink sink) => [.. sink.Records.Where(record => record.VMName == "fault").Select(record => (int)record.VMProcessId!.Value)];

    private static byte[] Text(int number) => System.Text.Encoding.ASCII.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"virt=kvm op=start reason=booted vm=\"fault\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid={number} exe=\"/usr/bin/dotnet\" hostname=? addr=? terminal=? res=success"));

    private static void Send(int first, int count)
    {
        using var client = AuditClient.Open();
        for (int number = first; number < first + count; number++)
        {
            client.SendRecord(VirtControl, Text(number));
        }
    }

    private static async Task Signal(string name, int process) =>
        Assert.Equal(0, (await ProgramRun.Of(["kill", "-" + name, process.ToString(CultureInfo.InvariantCulture)])).ExitCode);

    private LiveLogs Follow(out LiveSink sink)
    {
        sink = new LiveSink();
        var live = new LiveLogs(new ReadOptions(RecordFilter.All), sink, TestContext.Current.CancellationToken);
        live.Add([Log]);
        live.ReadOn();
        return live;
    }

    // Takes what comes until nothing has for a while.
    private List<Fault> Receive(AuditListener listener, TimeSpan quiet)
    {
        var faults = new List<Fault>();
        var reader = new TextRecordReader(new ReadOptions(RecordFilter.All), "netlink", this);
        while (listener.TryTake(out LiveItem item, quiet, TestContext.Current.CancellationToken))
        {
            if (item.Fault is not null)
            {
                faults.Add(item.Fault);
            }
            else
            {
                reader.Feed(item.Line, offset: 0);
            }
        }

        return faults;
    }

    [GeneratedRegex(@": ([0-9]+) events")]
    private static partial Regex MissingEvents();
}
