using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>
/// A writer that rotates as fast as it can beside a follower. In the suite a tenth of the storm; the whole of it with
/// LIBVIRTAUDIT_STORM=full in the environment.
/// </summary>
public sealed class RotationStormTests : IDisposable
{
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("LIBVIRTAUDIT_STORM") == "full";
    private static readonly int Records = IsFull ? 200_000 : 20_000;
    private static readonly int Rotations = IsFull ? 100 : 20;
    private readonly TempFolder _folder = new();
    private readonly LiveSink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_record_comes_once_and_in_order_while_auditd_rotates()
    {
        await Run(log => log.Rotate());
        Assert.Equal(Enumerable.Range(1, Records), _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public async Task Each_record_comes_once_and_in_order_while_the_log_is_copied_and_emptied()
    {
        await Run(log => log.CopyAndTruncate());
        Assert.Equal(Enumerable.Range(1, Records), _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    /// <summary>What is written between the copy and the emptying is in neither: that loss is logrotate's, and no other happens in silence.</summary>
    [Fact]
    public async Task What_is_written_between_copy_and_emptying_is_lost_and_nothing_else_in_silence()
    {
        var betweenCopyAndCut = new List<int>();
        await Run(log => log.CopyAndTruncate(() =>
        {
            log.Write(1);
            betweenCopyAndCut.Add(log.Count);
        }));
        int[] missing = [.. Enumerable.Range(1, Records).Except(_sink.Numbers)];
        Assert.Equal(_sink.Numbers.Order().Distinct(), _sink.Numbers);
        TestContext.Current.TestOutputHelper?.WriteLine($"{betweenCopyAndCut.Count} records at risk, {missing.Length} lost, {_sink.Faults.Count} losses announced");
        if (missing.Except(betweenCopyAndCut).Any())
        {
            Assert.NotEmpty(_sink.Faults);
        }

        Assert.All(_sink.Faults, fault => Assert.Equal(FaultId.RecordsLost, fault.Id));
    }

    private async Task Run(Action<RotatingLog> rotate)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system does not tell files apart");
        string path = _folder.PathOf("audit.log");
        using var log = new RotatingLog(path, copies: Rotations + 1);
        log.Write(1);
        bool isWritten = false;
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken);
        live.Add([path]);
        live.ReadOn();
        Task writing = Task.Run(() =>
        {
            int rotations = 0;
            while (log.Count < Records)
            {
                log.Write(Math.Min(10, Records - log.Count));
                if (rotations < Rotations && log.Count >= Records / (Rotations + 1) * (rotations + 1))
                {
                    rotations++;
                    rotate(log);
                }
            }

            Volatile.Write(ref isWritten, true);
        });

        live.Follow(IsFull ? TimeSpan.FromMinutes(30) : Patience.Longest, () => Volatile.Read(ref isWritten) || writing.IsCompleted);
        await writing.Within("the writer that rotates");
        live.ReadOn();
    }
}
