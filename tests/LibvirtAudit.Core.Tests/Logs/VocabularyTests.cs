using System.Globalization;
using System.IO.Compression;
using LibvirtAudit.Format;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>What a completion learns of logs, and how little it takes for it.</summary>
public sealed class VocabularyTests : IDisposable
{
    private const int Depth = 64 * 1024 * 1024;
    private readonly TempFolder _folder = new();
    private readonly VocabularyReader _reader = new(TimeProvider.System, TimeSpan.FromMinutes(10), Depth);

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    [InlineData("carriers.journal-export.txt")]
    [InlineData("libvirtd-audit-logging.log")]
    public void The_guests_and_values_of_a_log_are_those_of_its_records(string name)
    {
        // Line by line, which is another way than the one under test.
        CollectingSink sink = CollectingSink.Read(TestData.Lines(name));

        KnownNames names = _reader.Read([TestData.PathOf(name)]);

        Assert.Equal(
            sink.Records.Select(record => new KnownGuest(record.Node, record.VMName, record.Uuid, record.Driver)).ToHashSet(),
            names.Guests.ToHashSet());
        Assert.Equal(
            sink.Records.Where(record => record.MacAddress is not null).Select(record => (record.MacAddress!, record.VMName)).ToHashSet(),
            names.Values.Where(value => value.Field == RecordField.MacAddress).Select(value => (value.Text, value.VMName)).ToHashSet());
        Assert.Equal(
            sink.Records.Where(record => record is { ResourceType: "mem", NewValue: not null }).Select(record => Convert.ToString(record.NewValue, CultureInfo.InvariantCulture)!).ToHashSet(),
            names.Values.Where(value => value is { Field: RecordField.NewValue, ResourceType: "mem" }).Select(value => value.Text).ToHashSet());
    }

    [Fact]
    public void Reading_ends_when_its_time_is_over_and_goes_on_the_next_time()
    {
        string path = _folder.Write("audit.log", Text(Line("first"), Filler(4 * 1024 * 1024), Line("last")));

        // Each look at the clock is a millisecond, and there is one for each block, so the time is over after a few.
        var reader = new VocabularyReader(new SteppingClock(), TimeSpan.FromMilliseconds(12), Depth);

        Assert.Equal(["last"], Names(reader.Read([path])));
        int times = 1;
        while (Names(reader.Read([path])).Count < 2)
        {
            Assert.True(++times < 100, "the beginning is never reached");
        }

        Assert.InRange(times, 2, 99);
    }

    [Fact]
    public void Without_any_time_only_what_is_known_is_given()
    {
        string path = _folder.Write("audit.log", Text(Line("one")));
        var reader = new VocabularyReader(new SteppingClock(), TimeSpan.FromMilliseconds(0), Depth);

        Assert.Empty(reader.Read([path]).Guests);
    }

    [Fact]
    public void Of_a_long_log_the_end_is_read()
    {
        string path = _folder.Write("audit.log", Text(Line("early"), Filler(200_000), Line("late")));
        var reader = new VocabularyReader(TimeProvider.System, TimeSpan.FromMinutes(10), depth: 100_000);

        Assert.Equal(["late"], Names(reader.Read([path])));
        Assert.Equal(["late"], Names(reader.Read([path])));
    }

    [Fact]
    public void The_last_of_several_logs_is_read_first()
    {
        string old = _folder.Write("audit.log.1", Text(Filler(3_000_000), Line("old")));
        string current = _folder.Write("audit.log", Text(Filler(3_000_000), Line("current")));
        var reader = new VocabularyReader(TimeProvider.System, TimeSpan.FromMinutes(10), depth: 1_000_000);

        Assert.Equal(["current"], Names(reader.Read([old, current])));
        Assert.Equal(["current", "old"], Names(reader.Read([old, current])));
    }

    [Fact]
    public void A_log_that_did_not_change_is_not_read_again()
    {
        string path = _folder.Write("audit.log", Text(Line("one")));
        DateTime written = DateTime.UnixEpoch.AddDays(1);
        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(["one"], Names(_reader.Read([path])));

        using (FileStream file = File.OpenWrite(path))
        {
            file.Write(Text(Line("two")));
        }

        File.SetLastWriteTimeUtc(path, written);
        Assert.Equal(["one"], Names(_reader.Read([path])));
        File.SetLastWriteTimeUtc(path, written.AddSeconds(1));
        Assert.Equal(["two"], Names(_reader.Read([path])));
    }

    [Fact]
    public void Of_a_log_that_grew_only_the_added_part_is_read()
    {
        byte[] before = Text(Line("one"), Filler(100_000));
        string path = _folder.Write("audit.log", before);
        Assert.Equal(["one"], Names(_reader.Read([path])));

        // What is in front was changed where nobody looks again; that shows whether anybody does.
        before.AsSpan(0, Line("two").Length).Clear();
        File.WriteAllBytes(path, [.. before, .. Text(Line("three")), .. System.Text.Encoding.UTF8.GetBytes(Line("four")[..40])]);
        Assert.Equal(["one", "three"], Names(_reader.Read([path])));

        File.AppendAllText(path, Line("four")[40..] + "\n");
        Assert.Equal(["four", "one", "three"], Names(_reader.Read([path])));
    }

    [Fact]
    public void A_log_that_was_cut_or_replaced_is_forgotten()
    {
        string path = _folder.Write("audit.log", Text(Line("one"), Filler(1000)));
        Assert.Equal(["one"], Names(_reader.Read([path])));

        File.WriteAllBytes(path, Text(Line("two")));
        Assert.Equal(["two"], Names(_reader.Read([path])));
        File.WriteAllBytes(path, Text(Line("three"), Filler(100_000)));
        Assert.Equal(["three"], Names(_reader.Read([path])));
    }

    [Fact]
    public void Gzip_is_read_and_what_needs_a_program_is_not()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Text(Line("packed")));
        }

        string archive = _folder.Write("audit.log.2.gz", packed.ToArray());
        string foreign = _folder.Write("audit.log.1.xz", [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 0]);
        string damaged = _folder.Write("audit.log.3.gz", packed.ToArray().AsSpan(0, 30));

        Assert.Equal(["packed"], Names(_reader.Read([archive, foreign])));
        Assert.Empty(_reader.Read([damaged]).Guests);
    }

    [Fact]
    public void An_archive_is_left_when_the_time_is_over()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(Text(Line("first"), Filler(4 * 1024 * 1024), Line("last")));
        }

        string path = _folder.Write("audit.log.gz", packed.ToArray());

        Assert.Equal(["first"], Names(new VocabularyReader(new SteppingClock(), TimeSpan.FromMilliseconds(20), Depth).Read([path])));
        Assert.Equal(["first", "last"], Names(_reader.Read([path])));
    }

    [Fact]
    public void What_is_no_log_names_nothing()
    {
        string[] paths = [_folder.PathOf("missing"), _folder.Path, "/dev/null", "", "\0", _folder.Write("binary", [0, 1, 2, 3]), _folder.Write("empty", [])];

        Assert.Empty(_reader.Read(paths).Guests);
    }

    [Fact]
    public async Task A_pipe_is_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && ProgramRun.Exists("mkfifo"), "needs mkfifo");
        string path = _folder.PathOf("pipe");
        await ProgramRun.Of(["mkfifo", path]);

        Assert.Empty(_reader.Read([path]).Guests);
    }

    [Fact]
    public void What_is_kept_is_limited()
    {
        string path = _folder.Write("audit.log", Text([.. Enumerable.Range(0, 5000).Select(i => Line("guest" + i)), Line(new string('n', 300))]));

        KnownNames names = _reader.Read([path]);

        Assert.Equal(4096, names.Guests.Count);
        Assert.DoesNotContain(names.Guests, guest => guest.VMName!.Length > 256);
    }

    [Fact]
    public void A_hosts_own_logs_are_those_of_its_configuration()
    {
        string configuration = _folder.Write("auditd.conf", System.Text.Encoding.UTF8.GetBytes($"log_file = {_folder.PathOf("host.log")}\n"));
        Assert.Empty(_reader.ReadHost(OwnHost.Of(configuration)).Guests);

        _folder.Write("host.log", Text(Line("here")));
        _folder.Write("host.log.1", Text(Line("before")));
        Assert.Equal(["before", "here"], Names(_reader.ReadHost(OwnHost.Of(configuration))));
    }

    private static List<string?> Names(KnownNames names) => [.. names.Guests.Select(guest => guest.VMName).Order(StringComparer.Ordinal)];

    private static byte[] Text(params string[] lines) => System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line + "\n")));

    private static string Filler(int length) => string.Concat(Enumerable.Repeat("type=SYSCALL msg=audit(1795360115.434:1): arch=c000003e syscall=44\n", length / 67)).TrimEnd();

    private static string Line(string name) =>
        $"type=VIRT_CONTROL msg=audit(1795360115.435:7): pid=812 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"{name}\" uuid=a45dedb4-f4bf-5b3f-9f94-d0939bcf3e45 vm-pid=7 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";

    /// <summary>A clock on which each look is a millisecond.</summary>
    private sealed class SteppingClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => 1000;

        public override long GetTimestamp() => ++_now;
    }
}
