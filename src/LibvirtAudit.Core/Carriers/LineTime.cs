using System.Buffers;
using System.Buffers.Text;

namespace LibvirtAudit.Carriers;

/// <summary>The time that a line of syslog or of the journal begins with, in whatever locale its month is written.</summary>
internal ref struct LineTime
{
    private const long DayMilliseconds = 86_400_000;
    private const int MostWords = 5;
    private const int LongestWord = 24;
    private static readonly SearchValues<byte> BracketBytes = SearchValues.Create(" 0123456789.<>+"u8);
    private static readonly SearchValues<byte> NoDateBytes = SearchValues.Create("=:[]\"'/\\{}"u8);

    /// <summary>The moment in milliseconds since 1970-01-01 UTC, where date, year and zone or offset are there; null else.</summary>
    public long? Moment { get; private set; }

    /// <summary>Where the clock stood, in milliseconds modulo a day.</summary>
    public long? Clock { get; private set; }

    /// <summary>Reads a time at <paramref name="position"/> and moves it behind the time and its blanks; false where there is none.</summary>
    /// <remarks>
    /// <c>Nov 22 14:53:07</c>, <c>nov. 22 …</c>, <c>11月 22 …</c>, <c>Sun 2026-11-22 14:53:07.123456 UTC</c> (short-full, with-unit), <c>2026-11-22T14:53:07+0000</c>
    /// (short-iso, RFC 3339), <c>1795359187.123456</c> (short-unix), <c>[  123.456789]</c> and <c>[  123.456789 &lt;    0.000001 &gt;]</c>.
    /// </remarks>
    public static bool TryRead(ReadOnlySpan<byte> text, ref int position, out LineTime time)
    {
        time = default;
        int start = position;
        if (text[start..].StartsWith("["u8))
        {
            return time.ReadBracket(text, ref position);
        }

        ReadOnlySpan<byte> word = Word(text, start);
        if (TryReadIso(word, out long? moment, out long clock))
        {
            time.Moment = moment;
            time.Clock = clock;
            position = Behind(text, start + word.Length);
            return true;
        }

        if (word.Length > 10 && word.IndexOf((byte)'.') is >= 9 && Utf8Parser.TryParse(word, out decimal seconds, out int used) && used == word.Length && seconds < 100_000_000_000)
        {
            time.Moment = (long)(seconds * 1000);
            time.Clock = time.Moment % DayMilliseconds;
            position = Behind(text, start + word.Length);
            return true;
        }

        return time.ReadWords(text, ref position);
    }

    /// <summary>Reads <c>YYYY-MM-DDTHH:MM:SS[.,FRACTION][Z|±HH[:]MM]</c>; the moment is null where the offset is missing.</summary>
    public static bool TryReadIso(ReadOnlySpan<byte> word, out long? moment, out long clock)
    {
        moment = null;
        clock = 0;
        if (word.Length < 19 || word[10] is not ((byte)'T' or (byte)'t') || !TryReadDate(word[..10], out DateTime date) || !TryReadClock(word[11..], out clock, out int used))
        {
            return false;
        }

        ReadOnlySpan<byte> zone = word[(11 + used)..];
        if (zone.IsEmpty)
        {
            return true;
        }

        if (!TryReadOffset(zone, out int minutes))
        {
            return false;
        }

        moment = MomentOf(date, clock, minutes);
        return true;
    }

    /// <summary>Skips blanks.</summary>
    public static int Behind(ReadOnlySpan<byte> text, int position)
    {
        while (position < text.Length && text[position] == (byte)' ')
        {
            position++;
        }

        return position;
    }

    /// <summary>What stands up to the next blank.</summary>
    public static ReadOnlySpan<byte> Word(ReadOnlySpan<byte> text, int position) =>
        text[position..] is var rest && rest.IndexOf((byte)' ') is >= 0 and var blank ? rest[..blank] : rest;

    /// <summary>Reads <c>YYYY-MM-DD</c>.</summary>
    public static bool TryReadDate(ReadOnlySpan<byte> text, out DateTime date)
    {
        date = default;
        return text.Length == 10 && text[4] == (byte)'-' && text[7] == (byte)'-'
            && TryDigits(text[..4], out int year) && TryDigits(text[5..7], out int month) && TryDigits(text[8..], out int day)
            && year is >= 1970 and <= 9998 && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month)
            && (date = new DateTime(year, month, day, 0, 0, 0, DateTimeKind.Utc)) != default;
    }

    /// <summary>Reads <c>HH:MM:SS[.,FRACTION]</c> as milliseconds; what may follow is left.</summary>
    public static bool TryReadClock(ReadOnlySpan<byte> text, out long milliseconds, out int used)
    {
        milliseconds = 0;
        used = 8;
        if (text.Length < 8 || text[2] != (byte)':' || text[5] != (byte)':'
            || !TryDigits(text[..2], out int hour) || !TryDigits(text[3..5], out int minute) || !TryDigits(text[6..8], out int second)
            || hour > 23 || minute > 59 || second > 60)
        {
            return false;
        }

        milliseconds = (((((long)hour * 60) + minute) * 60) + second) * 1000;
        if (text.Length > 8 && text[8] is (byte)'.' or (byte)',')
        {
            int scale = 100;
            for (used = 9; used < text.Length && text[used] is >= (byte)'0' and <= (byte)'9'; used++, scale /= 10)
            {
                milliseconds += (text[used] - '0') * scale;
            }
        }

        return true;
    }

    /// <summary>The moment of a date, a clock and its distance from UTC.</summary>
    public static long MomentOf(DateTime date, long clock, int minutes) => new DateTimeOffset(date).ToUnixTimeMilliseconds() + clock - (minutes * 60_000L);

    /// <summary>Reads <c>Z</c>, <c>UTC</c>, <c>GMT</c> or <c>±HH[[:]MM]</c>: of another zone's name nobody knows what it means.</summary>
    public static bool TryReadOffset(ReadOnlySpan<byte> text, out int minutes)
    {
        minutes = 0;
        if (text.SequenceEqual("Z"u8) || text.SequenceEqual("z"u8) || text.SequenceEqual("UTC"u8) || text.SequenceEqual("GMT"u8))
        {
            return true;
        }

        if (text.Length < 3 || text[0] is not ((byte)'+' or (byte)'-') || !TryDigits(text[1..3], out int hours) || hours > 23)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = text[3..];
        rest = rest.StartsWith(":"u8) ? rest[1..] : rest;
        int part = 0;
        if (!rest.IsEmpty && (rest.Length != 2 || !TryDigits(rest, out part) || part > 59))
        {
            return false;
        }

        minutes = ((hours * 60) + part) * (text[0] == (byte)'-' ? -1 : 1);
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, out int number)
    {
        number = 0;
        foreach (byte digit in text)
        {
            if (digit is < (byte)'0' or > (byte)'9')
            {
                return false;
            }

            number = (number * 10) + digit - '0';
        }

        return true;
    }

    private bool ReadBracket(ReadOnlySpan<byte> text, ref int position)
    {
        ReadOnlySpan<byte> rest = text[position..];
        int close = rest.IndexOf((byte)']');
        if (close is < 0 or > 48 || rest[1..close].ContainsAnyExcept(BracketBytes)
            || !Utf8Parser.TryParse(rest[1..close].TrimStart((byte)' '), out decimal seconds, out _) || seconds > 100_000_000_000)
        {
            return false;
        }

        Clock = (long)(seconds * 1000) % DayMilliseconds;
        position = Behind(text, position + close + 1);
        return true;
    }

    // Words of a date, in pastes none, and a clock behind them: what the months and days are called depends on the writer's locale.
    private bool ReadWords(ReadOnlySpan<byte> text, ref int position)
    {
        DateTime? date = null;
        int at = position;
        for (int count = 0; count < MostWords && at < text.Length; count++)
        {
            ReadOnlySpan<byte> word = Word(text, at);
            if (TryReadClock(word, out long clock, out int used) && used == word.Length)
            {
                Clock = clock;
                at = Behind(text, at + word.Length);
                if (date is DateTime day)
                {
                    ReadOnlySpan<byte> zone = Word(text, at);
                    Moment = TryReadOffset(zone, out int minutes) ? MomentOf(day, clock, minutes) : null;
                    at = IsZone(zone) ? Behind(text, at + zone.Length) : at;
                }

                position = at;
                return true;
            }

            if (word.IsEmpty || word.Length > LongestWord || !(char.IsAsciiLetterOrDigit((char)word[0]) || word[0] >= 0x80) || word.ContainsAny(NoDateBytes))
            {
                return false;
            }

            date = TryReadDate(word, out DateTime found) ? found : date;
            at = Behind(text, at + word.Length);
        }

        return false;
    }

    // 'UTC', 'CET', '+01', '-0330': journalctl always writes one behind a whole date.
    private static bool IsZone(ReadOnlySpan<byte> word) =>
        word.Length is >= 1 and <= 6 && (word[0] is (byte)'+' or (byte)'-' || !word.ContainsAnyExceptInRange((byte)'A', (byte)'Z'));
}
