using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>
/// A log is split, extracted, overlapped, repeated and reordered at random: what counts are its distinct lines, or it is said
/// that this can't be known. The second source is a set of the lines.
/// </summary>
public sealed class RepeatPropertyTests
{
    private const string Trailer = "exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void With_room_for_all_each_line_counts_once(int seed)
    {
        string[] lines = [.. Pieces(new Random(seed), 4000).SelectMany(piece => piece)];
        Counted counted = Count(lines, capacity: null);

        Assert.Equal((lines.Distinct(StringComparer.Ordinal).Count(), 0), (counted.New, counted.Possible));
    }

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    public void Without_room_for_all_nothing_new_is_dropped_and_what_can_not_be_known_is_said(int seed)
    {
        string[] lines = [.. Pieces(new Random(seed), 9000).SelectMany(piece => piece)];
        Counted counted = Count(lines, capacity: 1);
        int distinct = lines.Distinct(StringComparer.Ordinal).Count();

        Assert.InRange(counted.New, distinct, distinct + counted.Possible);
    }

    /// <summary>Beyond the 262,144 records that were remembered once: half a million lines, extracts and repetitions of them.</summary>
    [Fact]
    public void Beyond_a_quarter_of_a_million_records_each_line_counts_once()
    {
        string[] log = [.. Log(new Random(21), 300_000)];
        string[] resources = [.. log.Where(line => line.StartsWith("type=VIRT_RESOURCE", StringComparison.Ordinal))];
        string[] controls = [.. log.Where(line => !line.StartsWith("type=VIRT_RESOURCE", StringComparison.Ordinal))];
        Counted counted = Count([.. controls, .. log[100_000..200_000], .. resources, .. log[..50_000]], capacity: null);

        Assert.Equal((log.Length, 0), (counted.New, counted.Possible));
    }

    private static Counted Count(IEnumerable<string> lines, int? capacity)
    {
        var counter = new Counter(capacity);
        var reader = new TextRecordReader(new ReadOptions(RecordFilter.All) { Events = EventTypes.Analysis }, null, counter);
        foreach (string line in lines)
        {
            counter.Line = line;
            reader.Feed(System.Text.Encoding.UTF8.GetBytes(line), 0);
        }

        reader.Complete();
        return new Counted(counter.New, counter.Possible);
    }

    /// <summary>Slices and extracts of a log, overlapping, some again, in any order.</summary>
    private static string[][] Pieces(Random random, int length)
    {
        string[] log = [.. Log(random, length)];
        var pieces = new List<string[]>();
        for (int start = 0; start < log.Length; start += length / 4)
        {
            pieces.Add(log[start..Math.Min(log.Length, start + (length / 4) + random.Next(length / 8))]);
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            string[] piece = pieces[random.Next(pieces.Count)];
            string word = new[] { "VIRT_CONTROL", "VIRT_RESOURCE", "vm=\"g1", "vm=\"g4" }[random.Next(4)];
            pieces.Add([.. piece.Where(line => line.Contains(word, StringComparison.Ordinal))]);
            pieces.Add(pieces[random.Next(pieces.Count)]);
        }

        string[][] all = [.. pieces];
        if (random.Next(3) > 0)
        {
            random.Shuffle(all);
        }

        return all;
    }

    /// <summary>Boots whose serials begin anew, a clock that steps back, one moment for many records, two hosts, one without a name.</summary>
    private static IEnumerable<string> Log(Random random, int length)
    {
        long stamp = 1_700_000_000_000;
        int serial = 100;
        for (int i = 0; i < length; i++)
        {
            stamp += random.Next(20) switch { 0 => -50, < 9 => 0, _ => random.Next(1000) };
            serial = random.Next(length / 3) == 0 ? 1 : serial + 1 + random.Next(3);
            string node = random.Next(4) == 0 ? "node=h1 " : "";
            string id = string.Create(CultureInfo.InvariantCulture, $"msg=audit({stamp / 1000}.{stamp % 1000:000}:{serial}):");
            int guest = random.Next(5), value = random.Next(3);
            string head = $"{id} pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm";
            string name = $"vm=\"g{guest}\" uuid=0000000{guest}-1111-4111-8111-111111111111";
            string operation = value == 0 ? "op=stop reason=shutdown" : "op=start reason=booted";
            yield return node + (random.Next(10) switch
            {
                < 3 => $"type=VIRT_CONTROL {head} {operation} {name} vm-pid={guest}{value} {Trailer}",
                9 => $"type=ANOM_PROMISCUOUS {id} dev=vnet{guest} prom=256 old_prom=0 auid=0 uid=0 gid=0 ses=1",
                _ => $"type=VIRT_RESOURCE {head} resrc=disk reason=attach {name} old-disk=\"?\" new-disk=\"/d{value}\" {Trailer}",
            });
        }
    }

    private sealed record Counted(int New, int Possible);

    /// <summary>Counts what is taken as new, and holds that nothing is taken for a repeat of which the line was not there.</summary>
    private sealed class Counter(int? capacity) : IEventSink
    {
        private readonly RepeatFilter _filter = new(capacity ?? RepeatFilter.Capacity, new HostNames());
        private readonly HashSet<string> _lines = new(StringComparer.Ordinal);

        internal string Line { get; set; } = "";

        internal int New { get; private set; }

        internal int Possible { get; private set; }

        public void OnRecord(VirtAuditRecord record) => Add(_filter.Judge(record));

        public void OnFault(Fault fault) => Assert.Fail(fault.Message);

        public void OnEvent(AuditEvent record) => Add(_filter.Judge(record));

        private void Add(RecordNovelty novelty)
        {
            bool isThere = !_lines.Add(Line);
            Assert.True(isThere ? novelty != RecordNovelty.New : novelty != RecordNovelty.Repeated, Line);
            New += novelty == RecordNovelty.Repeated ? 0 : 1;
            Possible += novelty == RecordNovelty.Unknown ? 1 : 0;
        }
    }
}
