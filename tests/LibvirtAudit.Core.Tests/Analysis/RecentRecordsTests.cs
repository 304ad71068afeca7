using LibvirtAudit.Analysis;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>The window of records that are remembered exactly, beside a queue that is searched from end to end.</summary>
public sealed class RecentRecordsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 1)]
    [InlineData(100, 3)]
    [InlineData(2048, 5)]
    [InlineData(5000, 40)]
    public void It_knows_the_last_records_and_no_others(int window, int searchEach)
    {
        var random = new Random(window);
        var recent = new RecentRecords(window);
        var queue = new Queue<SeenRecord>();
        for (int i = 0; i < 4 * window + 100; i++)
        {
            // Few places for many hashes: they meet, some are equal, and all must be found behind one another.
            var record = new SeenRecord(((ulong)random.Next(window) << 32) | (uint)random.Next(8), (ulong)i, i, 0);
            queue.Enqueue(record);
            SeenRecord? expected = queue.Count > window ? queue.Dequeue() : null;

            Assert.Equal(expected is not null, recent.Add(record, out SeenRecord left));
            Assert.Equal(expected ?? default, left);
            if (i % searchEach == 0)
            {
                ulong hash = i % 2 == 0 ? ((ulong)random.Next(window) << 32) | (uint)random.Next(8) : queue.ElementAt(random.Next(queue.Count)).Hash;
                Assert.Equal(queue.Any(seen => seen.Hash == hash), recent.Contains(hash));
            }
        }
    }
}
