using System.Globalization;
using System.IO.Compression;
using System.Text;
using CsCheck;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

public sealed class StampSearchTests : IDisposable
{
    private const long Noon = 1_700_000_000_000;
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Captures { get; } = ["qemu-enriched.log", "lxc-enriched.log", "qemu-fakehw-enriched.log", "umsg-enriched.log"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Of_an_ordered_log_every_line_of_the_time_is_in_the_span_and_little_else()
    {
        Gen.Select(Lines(400), Gen.Int[-50, 450], Gen.Int[0, 200], Gen.Int[0, 2].Select(i => new[] { 1, 100, 3000 }[i]), Gen.Bool, Gen.Bool).Sample(
            (lines, first, length, precision, hasFrom, hasTo) =>
            {
                long from = Noon + (first * 10_000L), to = from + (length * 10_000L);
                string path = _folder.Write("a.log", Text(lines));
                using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
                LogSpan span = StampSearch.Find(log, hasFrom ? from : null, hasTo ? to : null, TestContext.Current.CancellationToken, precision);

                long offset = 0;
                foreach (Line line in lines)
                {
                    bool isWanted = line.Stamp is long wanted && (!hasFrom || wanted >= from) && (!hasTo || wanted <= to);
                    Assert.True(!isWanted || (offset >= span.Start && offset < span.End), $"line at {offset} is not in {span}");
                    offset += line.Bytes.Length;
                }

                // Beside them: what slack and precision let in, and the lines on which a half ended, as long as they are.
                long allowed = lines.Where(line => (!hasFrom || !(line.Stamp < from - StampSearch.Slack)) && (!hasTo || !(line.Stamp > to + StampSearch.Slack))).Sum(line => line.Bytes.Length);
                Assert.InRange(Math.Min(span.End, log.Length) - span.Start, long.MinValue, allowed + (2 * (precision + lines.Max(line => line.Bytes.Length))));
            },
            iter: 150, threads: 1);
    }

    [Fact]
    public void Of_an_ordered_log_the_records_are_those_that_reading_all_gives()
    {
        Gen.Select(Lines(3000), Gen.Int[-100, 3100], Gen.Int[0, 1000], Gen.Int[0, 3].Select(i => new int?[] { null, 1, 7, 100 }[i])).Sample(
            (lines, first, length, tail) =>
            {
                long from = Noon + (first * 10_000L), to = from + (length * 10_000L);
                string path = _folder.Write("a.log", Text(lines));
                var filter = new RecordFilter { From = from, To = to };
                LiveSink all = Read(path, filter, tail, assumeOrdered: false), part = Read(path, filter, tail, assumeOrdered: true);

                Assert.Equal(all.Numbers, part.Numbers);
                Assert.True(part.Faults.Count <= all.Faults.Count);
                Assert.All(part.Faults, fault => Assert.Equal(FaultId.MalformedRecord, fault.Id));
            },
            iter: 25, threads: 1);
    }

    [Theory]
    [MemberData(nameof(Captures))]
    public void The_stamps_of_the_captures_step_back_and_nothing_is_missed(string name)
    {
        string path = TestData.PathOf(name);
        long[] stamps = [.. Read(path, RecordFilter.All, null, assumeOrdered: false).Records.Select(record => record.UnixMilliseconds!.Value).Distinct()];
        for (int i = 0; i < stamps.Length; i += Math.Max(1, stamps.Length / 12))
        {
            var filter = new RecordFilter { From = stamps[i], To = stamps[i] + 2000 };
            string?[] all = [.. Read(path, filter, null, assumeOrdered: false).Records.Select(record => record.EventId)];
            Assert.NotEmpty(all);
            Assert.Equal(all, Read(path, filter, null, assumeOrdered: true).Records.Select(record => record.EventId));
        }
    }

    [Theory]
    [InlineData(9, true)]
    [InlineData(3000, false)]
    public void A_record_out_of_order_is_found_within_ten_seconds_and_missed_beyond(int secondsLate, bool isFound)
    {
        // A line a second; the record in question was stamped when the line stood there that is so many before it.
        const int Count = 6000, Late = 5000;
        var text = new StringBuilder();
        for (int i = 0; i < Count; i++)
        {
            text.Append(Virt(Noon + ((i == Late ? i - secondsLate : i) * 1000L), i)).Append('\n');
        }

        string path = _folder.Write("a.log", System.Text.Encoding.ASCII.GetBytes(text.ToString()));
        long moment = Noon + ((Late - secondsLate) * 1000L);
        var filter = new RecordFilter { From = moment, To = moment };

        Assert.Equal([Late - secondsLate, Late], Read(path, filter, null, assumeOrdered: false).Numbers);
        Assert.Equal(isFound ? [Late - secondsLate, Late] : [Late - secondsLate], Read(path, filter, null, assumeOrdered: true).Numbers);
    }

    [Fact]
    public void Of_a_disordered_log_nothing_comes_that_reading_all_does_not_give()
    {
        Gen.Select(Gen.Int[0, 4000].Array[2000], Gen.Int[0, 4000], Gen.Int[0, 500]).Sample(
            (seconds, first, length) =>
            {
                string text = string.Concat(seconds.Select((second, i) => Virt(Noon + (second * 1000L), i) + "\n"));
                string path = _folder.Write("a.log", System.Text.Encoding.ASCII.GetBytes(text));
                var filter = new RecordFilter { From = Noon + (first * 1000L), To = Noon + ((first + length) * 1000L) };

                Assert.Empty(Read(path, filter, null, assumeOrdered: true).Numbers.Except(Read(path, filter, null, assumeOrdered: false).Numbers));
            },
            iter: 20, threads: 1);
    }

    [Fact]
    public void An_archive_is_read_whole_unless_it_begins_behind_the_time()
    {
        byte[] text = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(i => Virt(Noon + (i * 1000L), i) + "\n")));
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(text);
        }

        // Its end is missing, which only shows where it is read.
        string path = _folder.Write("a.log.gz", archive.ToArray().AsSpan(0, (int)archive.Length - 20));
        LiveSink within = Read(path, new RecordFilter { From = Noon + 50_000, To = Noon + 60_000 }, null, assumeOrdered: true);
        LiveSink before = Read(path, new RecordFilter { From = Noon - 60_000, To = Noon - 50_000 }, null, assumeOrdered: true);

        Assert.Equal(Enumerable.Range(50, 11), within.Numbers);
        Assert.Equal(FaultId.ArchiveDamaged, within.Faults[^1].Id);
        Assert.Empty(before.Records);
        Assert.Empty(before.Faults);
    }

    private static LiveSink Read(string path, RecordFilter filter, int? tail, bool assumeOrdered)
    {
        var sink = new LiveSink();
        new LogSource(new ReadOptions(filter), sink, TestContext.Current.CancellationToken) { Tail = tail, AssumeOrdered = assumeOrdered }.ReadFile(path);
        return sink;
    }

    // Lines of all kinds, in the order of the stamps of those that have one; ten seconds apart on average.
    private static Gen<Line[]> Lines(int most) =>
        Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 99], Gen.Int[0, 2].Select(i => new[] { "", "node=a ", "node=b.example " }[i])).Array[most / 2, most].Select(lines =>
        {
            long stamp = Noon;
            return lines.Select((line, i) =>
            {
                (int step, int kind, string node) = line;
                stamp += step;
                return kind switch
                {
                    < 40 => new Line(node + Virt(stamp, i) + "\n", stamp),
                    < 75 => new Line($"{node}type=SYSCALL msg=audit({Stamp(stamp)}:{i}): arch=c000003e syscall=59 success=yes exe=\"/bin/true\"\n", stamp),
                    < 80 => new Line($"{node}{Virt(stamp, i)[..^30]}\n", stamp),
                    < 84 => new Line($"{node}type=VIRT_CONTROL msg=audit({stamp}\n", null),
                    < 88 => new Line($"a note, not audit({Stamp(1000)}:7): type=VIRT_CONTROL\n", null),
                    < 92 => new Line("\n", null),
                    < 94 => new Line(Virt(stamp, i) + "\r\n", stamp),
                    < 98 => new Line(new string('x', step) + "\n", null),
                    _ => new Line($"{node}type=VIRT_CONTROL msg=audit({Stamp(stamp)}:{i}): pid=1 uid=0 auid=1 ses=1 msg='virt=kvm op=start reason=booted vm=\"{new string('v', step / 3)}\"\n", stamp),
                };
            }).ToArray();
        });

    private static byte[] Text(Line[] lines) => [.. lines.SelectMany(line => line.Bytes)];

    private static string Virt(long stamp, int serial) =>
        $"type=VIRT_CONTROL msg=audit({Stamp(stamp)}:{serial}): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"web01\" uuid=11111111-1111-4111-8111-111111111111 vm-pid=5 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";

    private static string Stamp(long stamp) => string.Create(CultureInfo.InvariantCulture, $"{stamp / 1000}.{stamp % 1000:000}");

    private sealed record Line(byte[] Bytes, long? Stamp)
    {
        public Line(string text, long? stamp)
            : this(System.Text.Encoding.ASCII.GetBytes(text), stamp)
        {
        }
    }
}
