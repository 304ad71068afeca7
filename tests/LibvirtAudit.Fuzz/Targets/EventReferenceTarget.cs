using System.Globalization;
using LibvirtAudit.Audit;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Filtering;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>What names an event or a moment: stamps in both forms, references with a node, time words, capability sets.</summary>
internal sealed class EventReferenceTarget : FuzzTarget
{
    private const long LastMillisecond = 253_402_300_799_999;
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 52, 55, TimeSpan.Zero);

    public override int LongestInput => 100;

    public override IReadOnlyList<string> Words => ["node=", "1795360115.435:5090", "11/22/26 14:52:55.823:2047", "2026-11-22 14:52:55.823:2047", "253402300799.999:18446744073709551615", .. TimeWord.Names];

    public override IEnumerable<byte[]> Seeds() => new[] { "1795360115.435:5090", "node=a 1795360115.435:5090", "11/22/26 14:52:55.823:2047", "today", "CapEff:\t000001ffffffffff" }.Select(System.Text.Encoding.UTF8.GetBytes);

    public override void Run(ReadOnlySpan<byte> input)
    {
        if (EventStamp.TryRead(input, out long moment, out ulong serial))
        {
            Check(moment is >= 0 and <= LastMillisecond, input);
            string canonical = string.Create(CultureInfo.InvariantCulture, $"{moment / 1000}.{moment % 1000:000}:{serial}");
            Check(EventStamp.TryRead(System.Text.Encoding.ASCII.GetBytes(canonical), out long again, out ulong serialAgain) && (again, serialAgain) == (moment, serial), input);
        }

        EventStamp.TryReadInterpreted(input, out _, out _);
        string text = System.Text.Encoding.UTF8.GetString(input);
        EventReference reference = EventReference.Parse(text);
        Check(reference.Matches(reference.Node, reference.EventId), input);
        Check(TimeWord.Resolve(text, asEnd: false, Now, TimeZoneInfo.Utc, Now) is null || TimeWord.IsKnown(text), input);
        Netlink.ProcessCapabilities.Parse(text);
    }

    private static void Check(bool holds, ReadOnlySpan<byte> input)
    {
        if (!holds)
        {
            throw new PropertyException("what names an event names that one", System.Text.Encoding.UTF8.GetString(input));
        }
    }
}
