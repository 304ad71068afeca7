using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Tests.Logs;

/// <summary>A reading that does not wait ends at the length that the log had when it was opened.</summary>
public sealed class ReadingEndTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RotatingLog _log;
    private readonly LiveSink _sink = new();

    public ReadingEndTests() => _log = new RotatingLog(_folder.PathOf("audit.log"), copies: 40);

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(null)]
    [InlineData(50)]
    public void What_is_written_while_a_log_is_read_is_not_read(int? tail)
    {
        _log.Write(40);
        _sink.Taking = _ => WriteUpTo(400);
        Source(tail).ReadFile(_log.Path);
        Assert.Equal(Enumerable.Range(1, 40), _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public void A_line_that_was_being_written_is_read_whole()
    {
        _log.Write(3);
        _log.WriteInParts(() =>
        {
            using LogFile log = LogFile.Open(_log.Path, TestContext.Current.CancellationToken);
            _log.WriteText(RotatingLog.Line(4)[100..] + "\n" + RotatingLog.Line(5) + "\n");
            new LogReader(log, new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken).Read();
        });
        Assert.Equal([1, 2, 3, 4], _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public void An_empty_log_stays_one()
    {
        using LogFile log = LogFile.Open(_log.Path, TestContext.Current.CancellationToken);
        _log.Write(3);
        new LogReader(log, new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken).Read();
        Assert.Empty(_sink.Numbers);
    }

    [Fact]
    public void A_file_that_states_no_length_is_read_to_its_end()
    {
        Assert.SkipUnless(File.Exists("/proc/self/status"), "there is no /proc");
        using LogFile log = LogFile.Open("/proc/self/status", TestContext.Current.CancellationToken);
        Assert.Equal((0, long.MaxValue), (log.Length, log.End));
    }

    [Fact]
    public void With_a_bookmark_too_and_the_next_reading_has_the_rest()
    {
        _log.Write(40);
        _sink.Taking = _ => WriteUpTo(400);
        ReadOnWithBookmark();
        Assert.Equal(Enumerable.Range(1, 40), _sink.Numbers);
        _sink.Taking = _ => { };
        ReadOnWithBookmark();
        Assert.Equal(Enumerable.Range(1, _log.Count), _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public void With_a_bookmark_through_rotations_that_go_on_meanwhile()
    {
        _log.Write(10);
        _log.Rotate();
        _log.Write(10);
        _sink.Taking = _ =>
        {
            if (_log.Count < 60)
            {
                _log.Write(1);
                _log.Rotate();
                _log.Write(1);
            }
        };
        ReadOnWithBookmark();
        Assert.Equal(Enumerable.Range(1, 20), _sink.Numbers);
        _sink.Taking = _ => { };
        ReadOnWithBookmark();
        Assert.Equal(Enumerable.Range(1, _log.Count), _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public void The_thread_that_reads_a_log_does_not_write_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "appending is for Linux");
        string path = _folder.Write("own.log", System.Text.Encoding.ASCII.GetBytes(RotatingLog.Line(1) + "\n"));
        FaultId? refused = null;
        _sink.Taking = _ => refused = Assert.Throws<FaultException>(() => Append(path)).Fault.Id;
        long length = new FileInfo(path).Length;
        Source(null).ReadFile(path);
        Assert.Equal((FaultId.LogFeedsPipeline, length), (refused, new FileInfo(path).Length));

        // It is read no more, and another thread's reading is another's.
        Append(path);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        var other = new Thread(() => Append(path));
        other.Start();
        other.Join();
        Assert.Equal(2, File.ReadLines(path).Count(line => line.EndsWith("appended", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(1_048_577)]
    [InlineData(1_500_000)]
    [InlineData(2_097_151)]
    [InlineData(2_097_152)]
    [InlineData(3_000_000)]
    public void A_line_longer_than_any_is_told_and_what_is_around_it_read(int length)
    {
        string around = string.Concat(Enumerable.Range(1, 2000).Select(number => RotatingLog.Line(number) + "\n"));
        foreach (string before in new[] { "", around })
        {
            string path = _folder.Write("long.log", System.Text.Encoding.ASCII.GetBytes(before + new string('a', length) + "\n" + around));
            var sink = new LiveSink();
            new LogSource(new ReadOptions(RecordFilter.All), sink, TestContext.Current.CancellationToken).ReadFile(path);
            Assert.Equal(before.Length == 0 ? 2000 : 4000, sink.Records.Count);
            Assert.Equal([FaultId.LogNotText], sink.Faults.Select(fault => fault.Id));
            Assert.Contains($"offset {before.Length}", sink.Faults[0].Message, StringComparison.Ordinal);
        }
    }

    private static void Append(string path)
    {
        using var appender = new AuditLogAppender(path);
        appender.Append(1, serial => System.Text.Encoding.ASCII.GetBytes($"type=USER msg=audit(1.000:{serial}): appended\n"), TestContext.Current.CancellationToken);
    }

    private void WriteUpTo(int count)
    {
        if (_log.Count < count)
        {
            _log.Write(1);
        }
    }

    private LogSource Source(int? tail) => new(new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken) { Tail = tail };

    private void ReadOnWithBookmark()
    {
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), _sink, TestContext.Current.CancellationToken);
        live.UseBookmark(_folder.PathOf("bookmark.json"));
        live.Add(RotationSet.Find(_log.Path).Paths);
        live.ReadOn();
    }
}
