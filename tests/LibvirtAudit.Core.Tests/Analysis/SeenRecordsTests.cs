using LibvirtAudit.Analysis;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>What is remembered of records, beside a set that remembers all of them.</summary>
[Collection(RunsAlone.Name)]
public sealed class SeenRecordsTests
{
    public static IEnumerable<TheoryDataRow<Sequence>> Sequences() =>
        Enum.GetValues<Sequence>().Select(sequence => new TheoryDataRow<Sequence>(sequence));

    /// <summary>What it holds was added; what was added and it doesn't hold is of a time of which it says that it forgot.</summary>
    [Theory]
    [MemberData(nameof(Sequences))]
    public void It_holds_what_was_added_or_says_that_it_forgot(Sequence sequence)
    {
        const int Count = 5000, Pages = 6, PageSize = 32;
        var random = new Random(1);
        SeenRecord[] records = [.. Of(sequence, Count, random)];
        var seen = new SeenRecords(Pages, PageSize);
        var added = new HashSet<SeenRecord>();
        for (int i = 0; i < records.Length; i++)
        {
            SeenRecord record = random.Next(4) == 0 && i > 0 ? records[random.Next(i)] : records[i];
            SeenRecord near = record with { Hash = record.Hash + 1 };
            bool holds = seen.Contains(record);

            Assert.True(added.Contains(record) ? holds || seen.IsForgotten(record.Stamp) : !holds);
            Assert.True(added.Contains(near) || !seen.Contains(near));
            if (!holds)
            {
                seen.Add(record);
                added.Add(record);
                Assert.True(seen.Contains(record));
            }
        }

        Assert.True(added.Count(record => seen.Contains(record)) >= Math.Min(added.Count, (Pages - 1) * PageSize / 2));
    }

    /// <summary>Where there is room nothing is forgotten, in whatever order it came.</summary>
    [Theory]
    [MemberData(nameof(Sequences))]
    public void Where_there_is_room_nothing_is_forgotten(Sequence sequence)
    {
        SeenRecord[] records = [.. Of(sequence, 5000, new Random(1)).Distinct()];
        var seen = new SeenRecords(mostPages: 2 * 5000 / 32, pageSize: 32);
        foreach (SeenRecord record in records)
        {
            seen.Add(record);
        }

        Assert.All(records, record => Assert.True(seen.Contains(record) && !seen.IsForgotten(record.Stamp)));
    }

    /// <summary>A log in order takes 8 MiB and no more, several take 64 MiB and no more.</summary>
    [Theory]
    [InlineData(RepeatFilter.CapacityOfOneLog, 8 << 20)]
    [InlineData(RepeatFilter.Capacity, 64 << 20)]
    public void Memory_has_an_end(int capacity, int bytes)
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        var seen = new SeenRecords(capacity / SeenRecords.PageSize);
        for (long i = 0; i < capacity + (capacity / 4); i++)
        {
            seen.Add(new SeenRecord(i, (ulong)i));
        }

        long used = GC.GetTotalMemory(forceFullCollection: true) - before;
        GC.KeepAlive(seen);
        Assert.InRange(used, bytes * 0.9, bytes * 1.05);
    }

    private static IEnumerable<SeenRecord> Of(Sequence sequence, int count, Random random)
    {
        SeenRecord[] ascending = [.. Enumerable.Range(0, count).Select(i => new SeenRecord(i / 3, (ulong)random.NextInt64()))];
        switch (sequence)
        {
            case Sequence.Descending:
                return ascending.Reverse();
            case Sequence.Shuffled:
                random.Shuffle(ascending);
                return ascending;
            case Sequence.TwoLogs:
                return ascending.Where((_, i) => i % 3 != 0).Concat(ascending.Where((_, i) => i % 3 == 0));
            case Sequence.NewestPartFirst:
                return ascending[(count * 2 / 3)..].Concat(ascending[(count / 3)..(count * 2 / 3)]).Concat(ascending[..(count / 3)]);
            case Sequence.OneMoment:
                return ascending.Select(record => record with { Stamp = 7 });
            case Sequence.Jumps:
                return ascending.Select(record => record with { Stamp = new[] { long.MinValue, long.MaxValue - 3, record.Stamp }[random.Next(3)] });
            default:
                return ascending;
        }
    }

    public enum Sequence
    {
        Ascending,
        Descending,
        Shuffled,
        TwoLogs,
        NewestPartFirst,
        OneMoment,
        Jumps,
    }
}
