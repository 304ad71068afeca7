using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Tests.Logs;

public sealed class LogFollowerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RotatingLog _log;
    private readonly LiveSink _sink = new();
    private readonly LogFollower _follower;

    public LogFollowerTests()
    {
        _log = new RotatingLog(_folder.PathOf("audit.log"));
        _follower = Follow(_sink);
    }

    public void Dispose()
    {
        _follower.Dispose();
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void What_is_written_comes_and_a_line_only_when_it_is_whole()
    {
        _log.Write(3);
        Assert.True(_follower.Advance());
        Assert.False(_follower.Advance());
        _log.WriteInParts(() => Assert.True(_follower.Advance()));
        Assert.Equal([1, 2, 3], _sink.Numbers);
        _follower.Advance();
        AssertAll();
    }

    [Fact]
    public void Rotation_is_followed_also_where_it_happens_twice_between_two_looks()
    {
        _log.Write(2);
        _follower.Advance();
        _log.Write(2);
        _log.Rotate();
        _log.Write(2);
        _log.Rotate();
        _log.Write(2);
        _follower.Advance();
        AssertAll();
    }

    [Fact]
    public void The_new_log_begins_only_when_the_old_one_is_no_longer_written()
    {
        _log.Write(1);
        _follower.Advance();
        File.Move(_log.Path, _log.Path + ".1");
        File.Create(_log.Path).Dispose();
        _follower.Advance();

        // Its writer has not been told yet.
        _log.Write(2);
        _follower.Advance();
        Assert.Equal([1, 2, 3], _sink.Numbers);
    }

    [Fact]
    public void A_last_line_without_its_line_feed_is_given_when_the_log_is_moved_aside()
    {
        _log.WriteText(RotatingLog.Line(7));
        _follower.Advance();
        Assert.Empty(_sink.Records);
        _log.Rotate();
        _log.WriteText(RotatingLog.Line(8) + "\n");
        _follower.Advance();
        Assert.Equal([7, 8], _sink.Numbers);
    }

    [Fact]
    public void What_was_written_before_a_log_was_copied_and_emptied_is_read_from_the_copy()
    {
        _log.Write(2);
        _follower.Advance();
        _log.Write(2);
        _log.CopyAndTruncate();
        _log.Write(2);
        _follower.Advance();
        AssertAll();
    }

    [Fact]
    public void A_log_that_was_emptied_and_has_grown_beyond_where_it_was_is_read_anew()
    {
        _log.Write(2);
        _follower.Advance();
        _log.CopyAndTruncate();
        _log.Write(20);
        _follower.Advance();
        AssertAll();
    }

    [Fact]
    public void A_log_that_was_emptied_without_a_copy_is_told_and_read_anew()
    {
        _log.Write(2);
        _follower.Advance();
        _log.Write(1);
        _log.Truncate();
        _log.Write(2);
        _follower.Advance();
        Assert.Equal([1, 2, 4, 5], _sink.Numbers);
        Fault fault = Assert.Single(_sink.Faults);
        Assert.Equal(FaultId.RecordsLost, fault.Id);
        Assert.True(fault.IsWarning);
    }

    [Fact]
    public void A_log_that_is_removed_is_read_when_it_is_there_again()
    {
        _log.Write(2);
        _follower.Advance();
        _log.Remove();
        Assert.False(_follower.Advance());
        _log.Reappear();
        _log.Write(2);
        Assert.True(_follower.Advance());
        AssertAll();
    }

    [Fact]
    public void Older_copies_are_not_read_when_the_log_is_removed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system does not tell files apart");
        File.WriteAllText(_log.Path + ".1", RotatingLog.Line(99) + "\n");
        File.SetLastWriteTimeUtc(_log.Path + ".1", DateTime.UtcNow.AddHours(-1));
        _log.Write(2);
        _follower.Advance();
        _log.Remove();
        _follower.Advance();
        _log.Reappear();
        _log.Write(1);
        _follower.Advance();
        AssertAll();
    }

    [Fact]
    public void A_copy_that_was_compressed_after_it_was_read_is_not_read_again()
    {
        _log.Write(2);
        _follower.Advance();
        _log.Rotate();
        _follower.Advance();
        _log.Compress(1);
        _follower.Advance();
        _log.Write(2);
        _follower.Advance();
        AssertAll();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Archives_that_have_a_time_of_their_own_are_not_read_again_and_nothing_is_missed(int rotations)
    {
        // gzip -c FILE > FILE.gz, of logs that were read and of one that was not.
        foreach (int count in new[] { 3, 4, 5 })
        {
            _log.Write(count);
            _follower.Advance();
            _log.Rotate();
        }

        _log.Write(2);
        _follower.Advance();
        for (int i = 0; i < rotations; i++)
        {
            _log.Write(1);
            _log.Rotate();
        }

        for (int copy = 5; copy > 0; copy--)
        {
            _log.Compress(copy);
            if (File.Exists($"{_log.Path}.{copy}.gz"))
            {
                File.SetLastWriteTimeUtc($"{_log.Path}.{copy}.gz", DateTime.UtcNow.AddMinutes(1));
            }
        }

        _log.Write(2);
        _follower.Advance();
        AssertAll();
    }

    [Fact]
    public void Many_copies_are_gone_through_without_looking_for_all_of_them_at_each()
    {
        double PerCopy(int count)
        {
            using var folder = new TempFolder();
            for (int i = 1; i <= count; i++)
            {
                folder.Write($"audit.log.{count + 1 - i}", System.Text.Encoding.ASCII.GetBytes(RotatingLog.Line(i) + "\n"));
            }

            string path = folder.Write("audit.log", []);
            var sink = new LiveSink();
            var follower = new LogFollower(path, new ReadOptions(RecordFilter.All), sink, TestContext.Current.CancellationToken);
            follower.Begin(LogFile.Open($"{path}.{count}", TestContext.Current.CancellationToken));
            long before = GC.GetAllocatedBytesForCurrentThread();
            follower.Advance();
            long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            follower.Dispose();
            Assert.Equal(Enumerable.Range(1, count), sink.Numbers);
            return (double)allocated / count;
        }

        // Of a listing each would be eight times as much.
        PerCopy(10);
        Assert.InRange(PerCopy(400) / PerCopy(50), 0, 2);
    }

    [Fact]
    public void A_rotation_that_went_on_beyond_the_copies_is_told()
    {
        _log.Write(2);
        _follower.Advance();
        for (int i = 0; i < 8; i++)
        {
            _log.Rotate();
            Thread.Sleep(20); // the clock of files is coarse
            _log.Write(1);
        }

        _follower.Advance();

        // Of the log and its five copies, the oldest was read before.
        Assert.Equal([1, 2, 5, 6, 7, 8, 9, 10], _sink.Numbers);
        Assert.Equal([FaultId.RecordsLost], _sink.Faults.Select(fault => fault.Id));
    }

    [Fact]
    public void A_malformed_line_is_named_by_its_number_in_the_file_that_holds_it()
    {
        _log.Write(2);
        _follower.Advance();
        _log.Rotate();
        _log.Write(1);
        _follower.Advance();
        _log.WriteText("type=VIRT_CONTROL msg=audit(1795360115.435:9): pid=812 uid=0 auid=1 ses=1 msg='virt=kvm op=st\n");
        _follower.Advance();
        Assert.Contains("line 3,", Assert.Single(_sink.Faults).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_entry_of_the_journal_waits_for_its_end()
    {
        const string Entry = "__CURSOR=s=1\n_TRANSPORT=audit\n_AUDIT_TYPE=2500\n_AUDIT_ID=7\n_SOURCE_REALTIME_TIMESTAMP=1795360115435000\n";
        _log.WriteText(Entry);
        _follower.Advance();
        _follower.Flush();
        _log.WriteText("MESSAGE=" + RotatingLog.Line(7)["type=".Length..].Replace("msg=audit(1795360115.435:7): ", "", StringComparison.Ordinal) + "\n");
        _follower.Advance();
        Assert.Empty(_sink.Records);
        _log.WriteText("\n");
        _follower.Advance();
        Assert.Equal([7], _sink.Numbers);
    }

    /// <summary>Whatever happens to a log between two looks, as long as its copies reach back to the last: each record once, in order.</summary>
    [Fact]
    public void Any_sequence_of_writing_and_rotating_gives_each_record_once_in_order()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system does not tell files apart");
        for (int seed = 0; seed < 400; seed++)
        {
            using var folder = new TempFolder();
            using var log = new RotatingLog(folder.PathOf("audit.log"));
            var sink = new LiveSink();
            using LogFollower follower = Follow(sink, log.Path);
            var random = new Random(seed);
            int rotations = 0;

            // Of a log that was emptied before anything was read of it, nothing tells.
            log.Write(1);
            follower.Advance();
            var story = new List<string>();
            for (int step = 0; step < 40; step++)
            {
                int what = random.Next(8);
                switch (what)
                {
                    case 0 or 1:
                        log.Write(random.Next(1, 5));
                        break;
                    case 2:
                        log.WriteInParts(random.Next(2) == 0 ? () => { } : () => follower.Advance());
                        break;
                    case 3 when rotations < 4:
                        log.Rotate();
                        rotations++;
                        break;
                    case 4 when rotations < 4:
                        log.CopyAndTruncate(random.Next(2) == 0 ? null : () => follower.Advance());
                        rotations++;
                        break;
                    case 5:
                        // The time between a rotation and the compression of its copy is not within one tick of the files' clock.
                        log.Compress(random.Next(2, 4));
                        break;
                    default:
                        follower.Advance();
                        rotations = 0;
                        break;
                }

                story.Add(what.ToString(System.Globalization.CultureInfo.InvariantCulture));
            }

            follower.Advance();
            Assert.True(Enumerable.Range(1, log.Count).SequenceEqual(sink.Numbers), $"seed {seed}: {string.Join(' ', story)}: of {log.Count}: {string.Join(' ', sink.Numbers)}; {string.Join("; ", sink.Faults.Select(fault => fault.Message))}");
        }
    }

    private void AssertAll()
    {
        Assert.Equal(Enumerable.Range(1, _log.Count), _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    private LogFollower Follow(LiveSink sink, string? path = null)
    {
        path ??= _log.Path;
        var follower = new LogFollower(path, new ReadOptions(RecordFilter.All), sink, TestContext.Current.CancellationToken);
        follower.Begin(LogFile.Open(path, TestContext.Current.CancellationToken));
        return follower;
    }
}
