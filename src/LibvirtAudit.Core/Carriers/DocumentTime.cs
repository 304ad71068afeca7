using System.Buffers.Text;

namespace LibvirtAudit.Carriers;

/// <summary>The times of collectors' documents.</summary>
internal static class DocumentTime
{
    private const long LatestMilliseconds = 253_402_300_799_999;

    /// <summary>
    /// The moment in milliseconds since 1970-01-01 UTC of an ISO date with zone or offset, or of a number of seconds, milliseconds,
    /// microseconds
    /// or nanoseconds since then, which its size tells apart; null where the value is none, or names no zone.
    /// </summary>
    public static long? Read(ReadOnlySpan<byte> value)
    {
        if (value.Length is 0 or > 48)
        {
            return null;
        }

        if (!value.Contains((byte)'-') && Utf8Parser.TryParse(value, out decimal number, out int used) && used == value.Length)
        {
            decimal milliseconds = number switch
            {
                < 100_000_000_000m => number * 1000,
                < 100_000_000_000_000m => number,
                < 100_000_000_000_000_000m => number / 1000,
                _ => number / 1_000_000,
            };
            return milliseconds is > 0 and <= LatestMilliseconds ? (long)milliseconds : null;
        }

        Span<byte> text = stackalloc byte[value.Length];
        value.CopyTo(text);
        if (text.Length > 19 && text[10] == (byte)' ')
        {
            text[10] = (byte)'T';
        }

        int blank = text.IndexOf((byte)' ');
        ReadOnlySpan<byte> zone = blank < 0 ? default : text[(blank + 1)..];
        if (!LineTime.TryReadIso(blank < 0 ? text : text[..blank], out long? moment, out long clock))
        {
            return null;
        }

        // '2026-11-22 14:53:07.123 UTC', Google's and BigQuery's.
        return blank >= 0 && LineTime.TryReadDate(text[..10], out DateTime date) && LineTime.TryReadOffset(zone, out int minutes)
            ? LineTime.MomentOf(date, clock, minutes) : moment;
    }
}
