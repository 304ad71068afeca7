using LibvirtAudit.Analysis;

namespace LibvirtAudit.Tests.Analysis;

/// <summary>What a session has, beside a list that is searched from its beginning.</summary>
public sealed class HoldingsTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 40)]
    [InlineData(3, 400)]
    public void They_are_given_back_oldest_first_by_key_and_in_all(int seed, int keys)
    {
        var random = new Random(seed);
        var holdings = new Holdings();
        var list = new List<Holding>();
        for (int i = 0; i < 4000; i++)
        {
            HoldingKey key = new(random.Next(3) == 0 ? "cgroup" : "disk", random.Next(2) == 0 ? "a" : null, "/" + (char)('0' + random.Next(keys)));
            switch (random.Next(20))
            {
                case < 11:
                    var holding = new Holding(key, i, null);
                    holdings.Add(holding);
                    list.Add(holding);
                    break;
                case < 17:
                    AssertTaken(list.Find(held => held.Key == key), holdings.Take(key));
                    break;
                case < 19:
                    AssertTaken(list.Find(held => held.Key.Type == "cgroup"), holdings.TakeGrant());
                    break;
                default:
                    AssertTaken(list.Find(held => held.Key.Type != "cgroup") ?? list.FirstOrDefault(), holdings.TakeAny());
                    break;
            }
        }

        Assert.NotEmpty(list);
        while (holdings.TakeAny() is Holding last)
        {
            AssertTaken(list.Find(held => held.Key.Type != "cgroup") ?? list[0], last);
        }

        Assert.Empty(list);

        void AssertTaken(Holding? expected, Holding? taken)
        {
            Assert.Same(expected, taken);
            list.Remove(taken!);
        }
    }
}
