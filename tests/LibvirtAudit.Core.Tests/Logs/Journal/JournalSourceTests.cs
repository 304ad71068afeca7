using System.Diagnostics;
using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Logs.Journal;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs.Journal;

public sealed class JournalSourceTests : IDisposable
{
    private static readonly ReadOptions All = new(RecordFilter.All);
    private readonly TempFolder _folder = new();
    private readonly LiveSink _sink = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_copied_journal_gives_what_its_text_gives()
    {
        var journal = new OwnJournal(_folder.PathOf("copy"));
        journal.Append(OwnJournal.Captured);

        // journalctl's own text of the whole journal, none left out, is the second source.
        byte[] text = Tool.Run("journalctl", ["--directory=" + journal.Folder, "--output=export", "--all"]);
        List<VirtAuditRecord> expected = CollectingSink.Read(TestData.SplitLines(text)).Records;
        Assert.True(expected.Count > 100);

        Read(journal.Folder);
        Assert.Equal(expected.Select(Signature), _sink.Records.Select(Signature));
        Assert.All(_sink.Records, record => Assert.Equal(journal.Folder, record.Source));

        var file = new LiveSink();
        new LogSource(All, file, CancellationToken.None).ReadFile(journal.Current);
        Assert.Equal(expected.Select(Signature), file.Records.Select(Signature));
    }

    [Fact]
    public void The_files_of_one_folder_are_read_as_one_journal_in_the_order_of_time()
    {
        var journal = new OwnJournal(_folder.PathOf("a[1]*"));
        journal.Write(3);
        string moved = journal.Rotate();
        journal.Write(2);

        new LogSource(All, _sink, CancellationToken.None).ReadFiles([journal.Current, moved]);
        Assert.Equal([1, 2, 3, 4, 5], _sink.Numbers);
        Assert.Empty(_sink.Faults);
    }

    [Fact]
    public void Only_the_wanted_time_is_asked_for()
    {
        var journal = new OwnJournal(_folder.PathOf("j"));
        journal.Write(5);
        Read(journal.Folder);
        long third = _sink.Records[2].UnixMilliseconds!.Value;
        long[] times = [.. _sink.Records.Select(record => record.UnixMilliseconds!.Value)];
        _sink.Records.Clear();

        var filter = new RecordFilter { From = third, To = times[3] };
        new LogSource(new ReadOptions(filter), _sink, CancellationToken.None).ReadFile(journal.Folder);
        Assert.Equal([3, 4], _sink.Numbers);

        string[] arguments = [.. JournalQuery.For(new ReadOptions(new RecordFilter { From = 10_000_000, To = 20_000_000 })).Arguments()];
        Assert.Contains("--since=@9400", arguments);
        Assert.Contains("--until=@20600", arguments);
        Assert.Contains("_AUDIT_TYPE=2501", arguments);
        Assert.DoesNotContain("_TRANSPORT=audit", arguments);
    }

    [Fact]
    public void The_last_records_are_given()
    {
        var journal = new OwnJournal(_folder.PathOf("j"));
        journal.Write(5);
        new LogSource(All, _sink, CancellationToken.None) { Tail = 2 }.ReadFile(journal.Folder);
        Assert.Equal([4, 5], _sink.Numbers);
    }

    [Fact]
    public void The_program_ends_with_the_reading()
    {
        var journal = new OwnJournal(_folder.PathOf("j"));
        journal.Write(1);
        using var stop = new CancellationTokenSource();
        JournalQuery query = JournalQuery.For(All, journal.Folder) with { IsFollowing = true };
        using var source = JournalSource.Start(query, Environment.GetEnvironmentVariable("PATH"), isBehindCursor: false, stop.Token);
        Process program = Process.GetProcessById(source.ProcessId);
        stop.Cancel();
        Assert.True(program.WaitForExit(Patience.Longest));
        Assert.Throws<OperationCanceledException>(() => source.Read(new byte[10]));
    }

    // What journalctl 252 says, and its exit code.
    [Theory]
    [InlineData("echo 'Hint: You are currently not seeing messages from other users and the system.' >&2; echo 'No journal files were opened due to insufficient permissions.' >&2; exit 1", FaultId.JournalAccessDenied)]
    [InlineData("echo 'Hint: You are currently not seeing messages from other users and the system.' >&2; exit 0", FaultId.JournalAccessDenied)]
    [InlineData("echo 'Failed to open files: Permission denied' >&2; exit 1", FaultId.JournalAccessDenied)]
    [InlineData("echo 'No journal files were found.' >&2; echo '-- No entries --'; exit 0", FaultId.JournalUnavailable)]
    [InlineData("echo 'Failed to open files: Bad message' >&2; exit 1", FaultId.JournalReadFailed)]
    [InlineData("echo 'Journal file /x/system.journal is truncated, ignoring file.' >&2; exit 0", FaultId.JournalReadFailed)]
    [InlineData("kill -9 $$", FaultId.JournalReadFailed)]
    internal void What_the_program_says_is_an_error_of_ours(string script, FaultId expected)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "runs a script");
        using var source = JournalSource.Start(JournalQuery.For(All), FakeProgram.In(_folder.PathOf("bin"), script), isBehindCursor: false, CancellationToken.None);
        Fault fault = Assert.Throws<FaultException>(() => { while (source.Read(new byte[100]) > 0) { } }).Fault;
        Assert.Equal(expected, fault.Id);
        Assert.Contains("system's journal", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_the_program_there_is_no_journal()
    {
        Fault fault = Assert.Throws<FaultException>(() => JournalSource.Start(JournalQuery.For(All), "", isBehindCursor: false, CancellationToken.None)).Fault;
        Assert.Equal(FaultId.JournalUnavailable, fault.Id);
    }

    [Fact]
    public void A_damaged_journal_is_told()
    {
        var journal = new OwnJournal(_folder.PathOf("j"));
        journal.Write(3);
        File.WriteAllBytes(_folder.PathOf("cut.journal"), File.ReadAllBytes(journal.Current)[..300]);
        Read(_folder.PathOf("cut.journal"));
        Assert.Equal(FaultId.JournalReadFailed, Assert.Single(_sink.Faults).Id);
    }

    [Fact]
    public void What_is_called_a_journal_and_is_none_is_read_as_the_log_that_it_is()
    {
        string path = _folder.Write("audit.journal", "type=VIRT_CONTROL msg=audit(1795360115.435:7): pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"a\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=7 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'\n"u8);
        Read(path);
        Assert.Equal([7], _sink.Numbers);
        Assert.False(JournalPath.IsJournal(_folder.Path));
    }

    // The host booted between the two records, of which only the entries' boot says anything.
    [Fact]
    public void An_event_that_only_its_entry_names_has_the_entrys_address()
    {
        var journal = new OwnJournal(_folder.PathOf("j"));
        journal.Append(journal.Record() + journal.Record().Replace("_BOOT_ID=0123", "_BOOT_ID=4567", StringComparison.Ordinal));
        var sink = new EventKeeper();
        new LogSource(All with { Events = EventTypes.Analysis }, sink, CancellationToken.None).ReadFile(journal.Folder);
        AuditEvent boot = Assert.Single(sink.Events);
        string text = System.Text.Encoding.UTF8.GetString(Tool.Run("journalctl", ["--directory=" + journal.Folder, "--output=export"]));
        string cursor = text.Split('\n').Last(line => line.StartsWith("__CURSOR=", StringComparison.Ordinal))["__CURSOR=".Length..];
        Assert.Equal((RecordTypes.SystemBoot, cursor), (boot.Type, boot.Cursor));
        Assert.EndsWith("cursor:" + cursor, EventName.Of(boot), StringComparison.Ordinal);
    }

    private void Read(string path) => new LogSource(All, _sink, CancellationToken.None).ReadFile(path);

    private static string Signature(VirtAuditRecord record) => RecordComparison.Signature(record, nameof(VirtAuditRecord.Source));

    private sealed class EventKeeper : IEventSink
    {
        public List<AuditEvent> Events { get; } = [];

        public void OnRecord(VirtAuditRecord record)
        {
        }

        public void OnFault(Fault fault) => Assert.Fail(fault.Message);

        public void OnEvent(AuditEvent record) => Events.Add(record);
    }
}
