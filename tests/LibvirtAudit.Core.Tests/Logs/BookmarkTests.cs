using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Tests.Logs;

public sealed class BookmarkTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RotatingLog _log;
    private readonly LiveSink _sink = new();
    private readonly string _bookmark;

    public BookmarkTests()
    {
        _log = new RotatingLog(_folder.PathOf("audit.log"));
        _bookmark = _folder.PathOf("bookmark.json");
    }

    public void Dispose()
    {
        _log.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_reading_goes_on_where_the_last_ended()
    {
        _log.Write(3);
        ReadOn();
        ReadOn();
        _log.WriteInParts(ReadOn);
        _log.Write(2);
        ReadOn();
        AssertAll();
    }

    [Fact]
    public void The_place_is_found_again_when_the_log_was_moved_aside_copied_or_compressed()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system does not tell files apart");
        _log.Write(3);
        ReadOn();
        _log.Write(2);
        _log.Rotate();
        _log.Write(2);
        _log.Rotate();
        ReadOn();
        AssertAll();
        _log.Write(2);
        _log.CopyAndTruncate();
        _log.Write(3);
        ReadOn();
        AssertAll();
        _log.Write(1);
        _log.Rotate();
        _log.Compress(1);
        _log.Write(1);
        ReadOn();
        AssertAll();
    }

    [Fact]
    public void The_number_of_a_removed_file_that_another_has_now_does_not_mislead()
    {
        _log.Write(3);
        ReadOn();

        // The same file, with other text: what a new file with the old one's number looks like.
        _log.Truncate();
        _log.Write(5);
        ReadOn();
        AssertAll(FaultId.BookmarkGap);
    }

    [Fact]
    public void A_place_that_is_gone_is_told_with_the_time_that_is_missing()
    {
        string earlier = RotatingLog.Line(1).Replace("1795360115.435", "1795360000.000", StringComparison.Ordinal);
        _log.WriteText(earlier + "\n");
        ReadOn();
        for (int i = 0; i < 7; i++)
        {
            _log.Rotate();
            _log.Write(1);
        }

        ReadOn();
        Fault gap = Assert.Single(_sink.Faults);
        Assert.Equal(FaultId.BookmarkGap, gap.Id);
        Assert.True(gap.IsWarning);
        Assert.Contains("00:01:55.4340000", gap.Message, StringComparison.Ordinal);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], _sink.Numbers);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"kind":"LibvirtAudit bookmark","version":1}""")]
    [InlineData("""{"kind":"LibvirtAudit bookmark","version":1,"logs":[{"path":"x","offset":-1,"answered":[],"lastEvent":null}]}""")]
    [InlineData("type=VIRT_CONTROL msg=audit(1795360115.435:3): pid=812")]
    public void A_damaged_bookmark_is_an_error_and_stays_as_it_is(string text)
    {
        File.WriteAllText(_bookmark, text);
        _log.Write(1);
        Assert.Equal(FaultId.BookmarkDamaged, Assert.Throws<FaultException>(ReadOn).Fault.Id);
        Assert.Equal(text, File.ReadAllText(_bookmark));
        Assert.Empty(_sink.Records);
    }

    [Fact]
    public void A_bookmark_of_other_logs_or_a_later_version_is_an_error_and_stays_as_it_is()
    {
        _log.Write(1);
        ReadOn();
        string text = File.ReadAllText(_bookmark);
        string other = _folder.Write("other.log", "x\n"u8);
        Assert.Equal(FaultId.BookmarkForeign, Assert.Throws<FaultException>(() => ReadOn(other)).Fault.Id);
        Assert.Equal(text, File.ReadAllText(_bookmark));
        File.WriteAllText(_bookmark, text.Replace("\"version\": 1", "\"version\": 2", StringComparison.Ordinal));
        Assert.Equal(FaultId.BookmarkForeign, Assert.Throws<FaultException>(ReadOn).Fault.Id);
    }

    [Fact]
    public void Two_readings_at_once_do_not_go_on_from_the_same_bookmark()
    {
        _log.Write(2);
        File.WriteAllText(_folder.PathOf(".bookmark.json.lock"), "what a killed process left");
        using (LiveLogs first = Open(_log.Path, _bookmark, _sink, TestContext.Current.CancellationToken))
        {
            var second = new LiveSink();
            Assert.Equal(FaultId.BookmarkInUse, Assert.Throws<FaultException>(() => ReadOn(_log.Path, _bookmark, second)).Fault.Id);
            Assert.Empty(second.Records);
            first.ReadOn();
        }

        ReadOn();
        AssertAll();
        Assert.Empty(Directory.GetFiles(_folder.Path, ".*"));
    }

    [Fact]
    public void It_is_for_its_owner_only_and_nothing_else_is_left_beside_it()
    {
        _log.Write(1);
        File.WriteAllText(_folder.PathOf(".bookmark.json.tmp"), "what a killed process left");
        ReadOn();
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bookmark));
            File.SetUnixFileMode(_bookmark, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
            _log.Write(1);
            ReadOn();
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_bookmark));
        }

        Assert.Equal(["audit.log", "bookmark.json"], Directory.GetFiles(_folder.Path).Select(Path.GetFileName).Order());
    }

    [Fact]
    public void A_link_in_a_folder_that_everybody_may_write_to_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links are minded on Linux");
        string open = Directory.CreateDirectory(_folder.PathOf("open")).FullName;
        string victim = _folder.Write("victim", "precious"u8);
        File.CreateSymbolicLink(Path.Combine(open, "bookmark.json"), victim);
        if (OperatingSystem.IsLinux())
        {
            File.SetUnixFileMode(open, (UnixFileMode)0x3FF); // 1777
        }

        _log.Write(1);
        Assert.Equal(FaultId.UnsafeLink, Assert.Throws<FaultException>(() => ReadOn(_log.Path, Path.Combine(open, "bookmark.json"))).Fault.Id);
        Assert.Equal("precious", File.ReadAllText(victim));
    }

    [Fact]
    public void A_link_elsewhere_is_followed_and_stays_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "links are minded on Linux");
        string link = _folder.PathOf("link");
        File.CreateSymbolicLink(link, _bookmark);
        _log.Write(1);
        ReadOn(_log.Path, link);
        Assert.Equal(_bookmark, new FileInfo(link).LinkTarget);
        Assert.True(File.Exists(_bookmark));
    }

    [Fact]
    public void A_folder_that_may_not_be_written_to_is_an_error_before_anything_is_read()
    {
        _log.Write(1);
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the rights of Unix");
        if (!OperatingSystem.IsWindows())
        {
            // Not even its owner's, who runs the test where that is no root.
            File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x16D); // 0555
        }

        try
        {
            AsNobody.Run(() => Assert.Equal(FaultId.BookmarkAccessDenied, Assert.Throws<FaultException>(ReadOn).Fault.Id));
            Assert.Empty(_sink.Records);
        }
        finally
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(_folder.Path, (UnixFileMode)0x1ED); // 0755
            }
        }
    }

    [Fact]
    public void A_bookmark_between_the_two_lines_of_a_refusal_gives_one_record_not_two()
    {
        byte[] log = Support.TestData.Bytes("libvirtd-audit-logging.log");
        string path = _folder.PathOf("libvirtd.log");
        int refused = log.AsSpan().IndexOf("Failed to send"u8);
        foreach (int cut in new[] { log.AsSpan(0, refused).LastIndexOf((byte)'\n') + 1, refused + 5 })
        {
            File.WriteAllBytes(path, log);
            var whole = new LiveSink();
            ReadOn(path, _folder.PathOf("whole"), whole);
            File.Delete(_folder.PathOf("whole"));

            var parts = new LiveSink();
            File.WriteAllBytes(path, log[..cut]);
            using (var stop = new CancellationTokenSource())
            {
                // Ended while the record waits for what may follow.
                using LiveLogs live = Open(path, _folder.PathOf("whole"), parts, stop.Token);
                stop.CancelAfter(20);
                Assert.ThrowsAny<OperationCanceledException>(live.ReadOn);
            }

            File.WriteAllBytes(path, log);
            ReadOn(path, _folder.PathOf("whole"), parts);
            File.Delete(_folder.PathOf("whole"));
            Assert.Equal(whole.Records.Select(Describe), parts.Records.Select(Describe));
            Assert.Contains(whole.Records, record => record.Delivered == false);
        }
    }

    /// <summary>Ended after every single record, as by Select-Object -First 1, in every carrier: each comes once.</summary>
    [Theory]
    [InlineData("carriers.journal-export.txt")]
    [InlineData("libvirtd-audit-logging.log")]
    [InlineData("lxc-enriched.log")]
    public void Ended_after_any_record_it_goes_on_with_the_next(string file)
    {
        string path = _folder.Write(file, Support.TestData.Bytes(file));
        var whole = new LiveSink();
        ReadOn(path, _folder.PathOf("whole"), whole);
        var parts = new LiveSink();
        for (int count = -1; count != parts.Records.Count && parts.Records.Count < 200;)
        {
            count = parts.Records.Count;
            var one = new LiveSink();
            one.Taking = record =>
            {
                parts.Records.Add(record);
                throw new InvalidOperationException("that is enough");
            };
            try
            {
                ReadOn(path, _bookmark, one);
            }
            catch (InvalidOperationException)
            {
                // As the pipeline breaks off.
            }
        }

        Assert.Equal(whole.Records.Take(200).Select(Describe), parts.Records.Take(200).Select(Describe));
    }

    /// <summary>It is written now and then while much is read.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_bookmark_that_can_not_be_written_midway_repeats_no_record_and_is_told_where_it_can_not_be_at_the_end(bool isBack)
    {
        const int Count = 4000;
        using var log = new RotatingLog(_folder.PathOf("audit.log"));
        log.Write(Count);
        string folder = Directory.CreateDirectory(_folder.PathOf("state")).FullName, away = _folder.PathOf("away"), bookmark = Path.Combine(folder, "bookmark");
        var sink = new LiveSink();
        sink.Taking = record =>
        {
            if (record.Serial == 100)
            {
                Directory.Move(folder, away);
            }
            else if (record.Serial == Count - 100 && isBack)
            {
                Directory.Move(away, folder);
            }
        };
        FaultId? fault = null;
        try
        {
            ReadOn(log.Path, bookmark, sink);
        }
        catch (FaultException e)
        {
            fault = e.Fault.Id;
        }

        Assert.Equal(Enumerable.Range(1, Count), sink.Numbers);
        Assert.Empty(sink.Faults);
        Assert.Equal(isBack ? null : FaultId.PathNotFound, fault);
        if (isBack)
        {
            var next = new LiveSink();
            ReadOn(log.Path, bookmark, next);
            Assert.Empty(next.Records);
        }
    }

    /// <summary>Whatever happens to a log, and however readings end: each record once, in order.</summary>
    [Fact]
    public void Any_story_of_rotations_and_orderly_endings_gives_each_record_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the system does not tell files apart");
        for (int seed = 0; seed < 60; seed++)
        {
            using var folder = new TempFolder();
            using var log = new RotatingLog(folder.PathOf("audit.log"));
            string bookmark = folder.PathOf("bookmark");
            var sink = new LiveSink();
            var random = new Random(seed);
            log.Write(1);
            ReadOn(log.Path, bookmark, sink);
            int rotations = 0;
            var story = new List<string>();
            for (int step = 0; step < 25; step++)
            {
                int what = random.Next(8);
                story.Add($"{what}@{log.Count}");
                switch (what)
                {
                    case 0 or 1:
                        log.Write(random.Next(1, 5));
                        break;
                    case 2 when rotations < 4:
                        log.Rotate();
                        rotations++;
                        break;
                    case 3 when rotations < 4:
                        log.CopyAndTruncate();
                        rotations++;
                        break;
                    case 4:
                        log.Compress(random.Next(1, 4));
                        break;
                    case 5:
                        // The record is taken, and that ends the reading; or the stop comes before.
                        int left = random.Next(1, 4);
                        bool isTaken = random.Next(2) == 0;
                        var ending = new LiveSink();
                        ending.Taking = record =>
                        {
                            if (--left > 0 || isTaken)
                            {
                                sink.Records.Add(record);
                            }

                            if (left == 0)
                            {
                                throw isTaken ? new InvalidOperationException("that is enough") : new OperationCanceledException();
                            }
                        };
                        try
                        {
                            ReadOn(log.Path, bookmark, ending);
                            rotations = 0;
                        }
                        catch (Exception e) when (e is InvalidOperationException or OperationCanceledException)
                        {
                            // As the pipeline ends.
                        }

                        break;
                    default:
                        ReadOn(log.Path, bookmark, sink);
                        rotations = 0;
                        break;
                }
            }

            ReadOn(log.Path, bookmark, sink);
            Assert.True(Enumerable.Range(1, log.Count).SequenceEqual(sink.Numbers), $"seed {seed}: {string.Join(' ', story)}: of {log.Count}: {string.Join(' ', sink.Numbers)}; {string.Join("; ", sink.Faults.Select(fault => fault.Message))}");
        }
    }

    private static string Describe(Records.VirtAuditRecord record) => $"{record.EventId} {record.UnixMilliseconds} {record.VMName} {record.ResourceType} {record.NewValue} {record.Delivered}";

    private static LiveLogs Open(string path, string bookmark, LiveSink sink, CancellationToken cancellation)
    {
        var live = new LiveLogs(new ReadOptions(RecordFilter.All), sink, cancellation);
        try
        {
            live.UseBookmark(bookmark);
            live.Add([path]);
            return live;
        }
        catch
        {
            live.Dispose();
            throw;
        }
    }

    private static void ReadOn(string path, string bookmark, LiveSink sink)
    {
        using LiveLogs live = Open(path, bookmark, sink, TestContext.Current.CancellationToken);
        live.ReadOn();
    }

    private void ReadOn() => ReadOn(_log.Path);

    private void ReadOn(string path) => ReadOn(path, _bookmark);

    private void ReadOn(string path, string bookmark) => ReadOn(path, bookmark, _sink);

    private void AssertAll(params FaultId[] faults)
    {
        Assert.Equal(Enumerable.Range(1, _log.Count), _sink.Numbers);
        Assert.Equal(faults, _sink.Faults.Select(fault => fault.Id));
    }
}
