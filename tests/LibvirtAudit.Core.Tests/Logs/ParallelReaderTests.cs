using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

public sealed class ParallelReaderTests : IDisposable
{
    private const int Threads = 4;

    // Enough for several threads to have several blocks each, and a rest.
    private const int Length = (20 * LogBlock.Size) + 12345;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Several_threads_give_what_one_does_in_the_same_order(int seed)
    {
        string path = _folder.Write("audit.log", new LinePool(seed).AuditText(Length));

        List<string> expected = LogContent.Read(path, threads: 1);

        Assert.Equal(expected, LogContent.Read(path, Threads));
        Assert.True(expected.Count > 500);
    }

    [Fact]
    public void Of_a_part_all_threads_give_its_lines_and_no_others()
    {
        byte[] log = new LinePool(6).AuditText(Length);
        string path = _folder.Write("audit.log", log);
        int start = log.AsSpan(0, Length / 5).LastIndexOf((byte)'\n') + 1, end = log.AsSpan(0, Length * 4 / 5).LastIndexOf((byte)'\n') + 1;
        var part = new LogSpan(start, end);

        // Beside what its lines give, the reports name places of the whole log.
        List<string> expected = LogContent.Read(path, threads: 1, part: part);
        string alone = _folder.Write("part.log", log.AsSpan(start..end));

        Assert.Equal(expected, LogContent.Read(path, Threads, part: part));
        Assert.Equal(LogContent.Read(alone, threads: 1).Count, expected.Count);
    }

    [Fact]
    public void Filters_hold_in_every_thread()
    {
        string path = _folder.Write("audit.log", new LinePool(5).AuditText(Length));
        var filter = new RecordFilter { Operation = [TextPattern.Exactly("start")], Result = [TextPattern.Exactly("success")] };

        List<string> expected = LogContent.Read(path, threads: 1, filter);

        Assert.Equal(expected, LogContent.Read(path, Threads, filter));
        Assert.Contains(expected, item => item.Contains("= start", StringComparison.Ordinal));
    }

    [Fact]
    public void A_line_may_end_anywhere_about_the_edge_of_a_block()
    {
        byte[] text = [.. TestData.Lines("qemu-enriched.log").SelectMany(line => (byte[])[.. line, (byte)'\n'])];
        byte[] log = new byte[9 * LogBlock.Size];
        int lineLength = text.AsSpan().IndexOf((byte)'\n') + 1;
        for (int shift = 0; shift <= lineLength; shift += 7)
        {
            for (int position = shift; position < log.Length; position += text.Length)
            {
                text.AsSpan(0, Math.Min(text.Length, log.Length - position)).CopyTo(log.AsSpan(position));
            }

            log.AsSpan(0, shift).Fill((byte)'x');
            string path = _folder.Write("audit.log", log);
            Assert.Equal(LogContent.Read(path, threads: 1), LogContent.Read(path, Threads));
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    public void Lines_that_hang_together_are_read_in_their_turn(int seed)
    {
        var pool = new LinePool(seed);
        string path = _folder.Write("audit.log", [.. pool.AuditText(Length / 2), .. pool.OtherText(), .. pool.AuditText(Length / 3), .. pool.OtherText(), .. pool.AuditText(Length / 3)]);

        List<string> expected = LogContent.Read(path, threads: 1);

        Assert.Equal(expected, LogContent.Read(path, Threads));
        Assert.Contains(expected, item => item.Contains("Delivered", StringComparison.Ordinal) || item.Contains("UserName", StringComparison.Ordinal));
    }

    [Fact]
    public void An_overlong_line_ends_the_haste_and_nothing_else()
    {
        var pool = new LinePool(21);
        byte[] overlong = [.. "type=VIRT_CONTROL msg=audit(1.000:1): "u8, .. Enumerable.Repeat((byte)'y', TextRecordReader.LongestLine * 2), (byte)'\n'];
        string path = _folder.Write("audit.log", [.. pool.AuditText(Length), .. overlong, .. pool.AuditText(Length)]);

        Assert.Equal(LogContent.Read(path, threads: 1), LogContent.Read(path, Threads));
    }

    [Fact]
    public void A_plain_log_is_read_by_all_threads_but_for_its_rest()
    {
        byte[] log = PlainText();
        string path = _folder.Write("audit.log", log);

        long end = ReadInParallel(path);

        Assert.InRange(end, log.Length - (2 * LogBlock.Size), log.Length);
        Assert.Equal((byte)'\n', log[end - 1]);
    }

    [Fact]
    public void Where_lines_hang_together_it_stops_before_their_block()
    {
        byte[] before = PlainText();
        string path = _folder.Write("audit.log", [.. before, .. new LinePool(32).OtherText(), .. PlainText()]);

        Assert.InRange(ReadInParallel(path), before.Length - (2 * LogBlock.Size), before.Length);
    }

    [Fact]
    public void Who_takes_no_more_gets_no_more()
    {
        string path = _folder.Write("audit.log", new LinePool(33).AuditText(Length));
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        var sink = new LiveSink();
        sink.Taking = _ =>
        {
            if (sink.Records.Count == 100)
            {
                throw new OperationCanceledException();
            }
        };

        Assert.Throws<OperationCanceledException>(() =>
            new LogReader(log, new ReadOptions(RecordFilter.All), sink, TestContext.Current.CancellationToken) { Threads = Threads }.Read());
        Assert.Equal(100, sink.Records.Count);
    }

    [Fact]
    public void A_pattern_that_fails_does_so_on_the_callers_thread()
    {
        string path = _folder.Write("audit.log", new LinePool(34).AuditText(Length));
        var filter = new RecordFilter { VMName = [new TextPattern(_ => throw new NotSupportedException())] };

        Assert.Throws<NotSupportedException>(() => LogContent.Read(path, Threads, filter));
    }

    private static byte[] PlainText()
    {
        byte[] text = [.. TestData.Lines("qemu-enriched.log").SelectMany(line => (byte[])[.. line, (byte)'\n'])];
        return [.. Enumerable.Repeat(text, (Length / text.Length) + 1).SelectMany(copy => copy)];
    }

    private static long ReadInParallel(string path)
    {
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        var reader = new TextRecordReader(new ReadOptions(RecordFilter.All), null, new CollectingSink());
        return ParallelReader.Read(log, LogSpan.Whole(log), reader, _ => { }, Threads, TestContext.Current.CancellationToken);
    }
}
