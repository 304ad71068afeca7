using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs.Journal;

public sealed class JournalFollowerTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly OwnJournal _journal;
    private readonly LiveSink _sink = new();
    private readonly string _bookmark;

    public JournalFollowerTests()
    {
        try
        {
            _journal = new OwnJournal(_folder.PathOf("journal"));
        }
        catch
        {
            _folder.Dispose();
            throw;
        }

        _bookmark = _folder.PathOf("bookmark.json");
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_comes_is_read_over_rotation_and_vacuum()
    {
        _journal.Write(2);
        using var stop = new CancellationTokenSource();
        Task reading = Follow(stop.Token);
        await Comes(2);
        _journal.Write(2);
        await Comes(4);
        string moved = _journal.Rotate();
        _journal.Write(3);
        await Comes(7);
        File.Delete(moved);
        _journal.Write(1);
        await Comes(8);
        await stop.CancelAsync();
        await reading.Within("the reading");
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public async Task The_last_and_what_comes_are_read()
    {
        _journal.Write(4);
        using var stop = new CancellationTokenSource();
        Task reading = Follow(stop.Token, tail: 2);
        await Patience.Until(() => _sink.Records.Count == 2, "the last two");
        _journal.Write(1);
        await Patience.Until(() => _sink.Records.Count == 3, "the next");
        await stop.CancelAsync();
        await reading.Within("the reading");
        Assert.Equal([3, 4, 5], _sink.Numbers);
    }

    [Fact]
    public void Each_reading_goes_on_where_the_last_ended()
    {
        _journal.Write(3);
        ReadOn();
        Assert.Equal(3, _sink.Records.Count);
        ReadOn();
        Assert.Equal(3, _sink.Records.Count);
        _journal.Write(2);
        _journal.Rotate();
        _journal.Write(1);
        ReadOn();
        ReadOn();
        AssertAll();
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public void What_ended_the_reading_in_taking_a_record_comes_again()
    {
        _journal.Write(4);
        _sink.Taking = record =>
        {
            if (record.Serial == 3)
            {
                throw new OperationCanceledException();
            }
        };
        Assert.Throws<OperationCanceledException>(ReadOn);
        _sink.Taking = _ => { };
        ReadOn();
        AssertAll();
    }

    [Fact]
    public void A_gap_is_told_where_the_entry_was_removed()
    {
        _journal.Write(2);
        ReadOn();
        string moved = _journal.Rotate();
        _journal.Write(1);
        _journal.Rotate();
        _journal.Write(2);
        File.Delete(moved);
        ReadOn();
        AssertAll();
        Fault gap = Assert.Single(_sink.Faults);
        Assert.Equal((FaultId.BookmarkGap, true), (gap.Id, gap.IsWarning));

        ReadOn();
        AssertAll();
        Assert.Single(_sink.Faults);
    }

    [Fact]
    public void A_gap_is_told_once_where_nothing_that_is_left_is_wanted()
    {
        _journal.Write(2);
        ReadOn();
        File.Delete(_journal.Current);
        _journal.Append(_journal.Entry("_TRANSPORT=stdout", "_COMM=nginx", "MESSAGE=GET /"));
        ReadOn();
        ReadOn();
        Assert.Equal(FaultId.BookmarkGap, Assert.Single(_sink.Faults).Id);
        _journal.Write(1);
        ReadOn();
        AssertAll();
    }

    [Fact]
    public void A_refusal_that_comes_later_is_not_lost_between_readings()
    {
        const string Body = "virt=kvm op=start reason=booted vm=\"web1\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=7";
        _journal.Append(_journal.Entry("_TRANSPORT=stdout", "_COMM=libvirtd", "_PID=812", "MESSAGE=success=yes " + Body));
        _journal.Append(_journal.Entry("_TRANSPORT=stdout", "_COMM=libvirtd", "_PID=812", $"MESSAGE=Failed to send audit message {Body}: Operation not permitted"));
        ReadOn();
        ReadOn();
        Assert.False(Assert.Single(_sink.Records).Delivered);
    }

    [Fact]
    public void A_bookmark_with_no_cursor_is_damaged()
    {
        _journal.Write(1);
        ReadOn();
        string text = File.ReadAllText(_bookmark);
        Assert.Contains("\"cursor\": \"s=", text, StringComparison.Ordinal);
        File.WriteAllText(_bookmark, text.Replace("\"cursor\": \"s=", "\"cursor\": \"--file=/etc/passwd s=", StringComparison.Ordinal));
        Assert.Equal(FaultId.BookmarkDamaged, Assert.Throws<FaultException>(ReadOn).Fault.Id);
    }

    private void ReadOn()
    {
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), _sink, CancellationToken.None);
        live.UseBookmark(_bookmark);
        live.Add([_journal.Folder]);
        live.ReadOn();
    }

    private Task Follow(CancellationToken stop, int? tail = null) => Task.Run(
        () =>
        {
            using var live = new LiveLogs(new ReadOptions(RecordFilter.All), _sink, stop) { Tail = tail };
            live.Add([_journal.Folder]);
            Assert.Throws<OperationCanceledException>(() => live.Follow(TimeSpan.MaxValue, () => false));
        },
        CancellationToken.None);

    private async Task Comes(int count)
    {
        await Patience.Until(() => _sink.Records.Count >= count, $"record {count}");
        AssertAll();
    }

    private void AssertAll() => Assert.Equal(Enumerable.Range(1, _journal.Count), _sink.Numbers);
}
