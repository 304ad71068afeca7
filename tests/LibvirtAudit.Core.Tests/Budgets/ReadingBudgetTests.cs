using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Budgets;

/// <summary>That no more of a log is read than its answer takes.</summary>
[Collection(RunsAlone.Name)]
public sealed class ReadingBudgetTests(BudgetLog log) : IClassFixture<BudgetLog>
{
    /// <summary>As long as nobody's log; none of it is on the disk but the ends.</summary>
    private const long HoleSize = 8L << 30;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Each_byte_of_a_log_is_read_once(bool isFiltered)
    {
        string path = log.PathOf(BudgetLog.Many);
        RecordFilter filter = isFiltered ? new RecordFilter { To = 0 } : RecordFilter.All;

        long read = ReadMeter.BytesRead(() => BudgetLog.Read(path, new ReadOptions(filter)));

        // Less would mean that the counter does not see how the log is read.
        long length = new FileInfo(path).Length;
        Assert.InRange(read, length, (long)(length * Budget.ReadShare) + Budget.ReadBeside);
    }

    [Fact]
    public void The_last_ten_records_take_only_the_end_of_the_log()
    {
        string path = WithHole(front: log.PathOf(BudgetLog.Few), end: log.PathOf(BudgetLog.Few));

        long read = ReadMeter.BytesRead(() => Assert.Equal(10, BudgetLog.Read(path, new ReadOptions(RecordFilter.All), tail: 10)));

        Assert.InRange(read, 1, Budget.ReadForTail);
    }

    [Fact]
    public void The_first_record_takes_only_the_beginning_of_the_log()
    {
        string path = WithHole(front: log.PathOf(BudgetLog.Few), end: log.PathOf(BudgetLog.Few));

        long read = ReadMeter.BytesRead(() => Assert.Throws<OperationCanceledException>(() =>
        {
            using var enough = new CancellationTokenSource();
            new LogSource(new ReadOptions(RecordFilter.All), new FirstOnly(enough), enough.Token).ReadFile(path);
        }));

        Assert.InRange(read, 1, Budget.ReadForFirst);
    }

    /// <summary>The meter itself.</summary>
    [Fact]
    public void The_meter_counts_what_is_read()
    {
        string path = log.PathOf(BudgetLog.Many);

        long read = ReadMeter.BytesRead(() => File.ReadAllBytes(path));

        Assert.InRange(read, new FileInfo(path).Length, new FileInfo(path).Length + Budget.ReadBeside);
    }

    private string WithHole(string front, string end)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only there are holes in files a matter of course");
        string path = log.PathOf("hole.log");
        using FileStream file = File.Create(path);
        file.Write(File.ReadAllBytes(front));
        file.Position = HoleSize;
        file.Write("\n"u8);
        file.Write(File.ReadAllBytes(end));
        return path;
    }

    private sealed class FirstOnly(CancellationTokenSource enough) : IEventSink
    {
        public void OnRecord(VirtAuditRecord record)
        {
            enough.Cancel();
            enough.Token.ThrowIfCancellationRequested();
        }

        public void OnFault(Fault fault) => Assert.Fail(fault.Message);

        public void OnProgress(LogFile log)
        {
        }
    }
}
