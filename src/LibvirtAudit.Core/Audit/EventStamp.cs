using System.Buffers.Text;
using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Audit;

/// <summary>What stands between the parentheses of <c>audit(…)</c>.</summary>
internal static class EventStamp
{
    private const long LastUnixSecond = 253_402_300_799; // 9999-12-31T23:59:59Z, the last that a DateTime holds

    /// <summary>Writes <c>SEC.MMM:SERIAL</c>.</summary>
    public static string Write(long unixMilliseconds, ulong serial) =>
        string.Create(CultureInfo.InvariantCulture, $"{unixMilliseconds / 1000}.{unixMilliseconds % 1000:000}:{serial}");

    /// <summary>Whether a stamp that could be read is written as <see cref="Write"/> does it: without leading zeros.</summary>
    public static bool IsCanonical(ReadOnlySpan<byte> stamp) => stamp[0] != (byte)'0' && stamp[stamp.IndexOf((byte)':') + 1] != (byte)'0';

    /// <summary>Reads <c>SEC.MMM:SERIAL</c>.</summary>
    public static bool TryRead(ReadOnlySpan<byte> stamp, out long unixMilliseconds, out ulong serial)
    {
        unixMilliseconds = 0;
        serial = 0;
        return Utf8Parser.TryParse(stamp, out ulong seconds, out int used)
            && seconds <= LastUnixSecond
            && stamp[used..] is [(byte)'.', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', >= (byte)'0' and <= (byte)'9', (byte)':', ..]
            && Utf8Parser.TryParse(stamp.Slice(used + 1, 3), out int milliseconds, out _)
            && TryReadSerial(stamp[(used + 5)..], out serial)
            && Assign(out unixMilliseconds, ((long)seconds * 1000) + milliseconds);
    }

    /// <summary>
    /// Reads <c>DATE HH:MM:SS[.mmm[:SERIAL]]</c>, the local time that <c>ausearch -i</c> writes, and audisp-syslog's
    /// <c>interpret</c> without milliseconds and serial. The stamp is null where it can't be told: where the date may mean two days
    /// (<see cref="InterpretedDate"/>), and in the hour that comes twice or never when the clocks change.
    /// </summary>
    public static bool TryReadInterpreted(ReadOnlySpan<byte> stamp, out long? unixMilliseconds, out ulong? serial)
    {
        unixMilliseconds = null;
        serial = null;
        int blank = stamp.LastIndexOf((byte)' ');
        if (blank < 1)
        {
            return false;
        }

        ReadOnlySpan<byte> clock = stamp[(blank + 1)..];
        int point = clock.IndexOf((byte)'.');
        if (point >= 0)
        {
            int colon = clock[point..].IndexOf((byte)':');
            if (colon < 0 || !TryReadSerial(clock[(point + colon + 1)..], out ulong number))
            {
                return false;
            }

            serial = number;
            clock = clock[..(point + colon)];
        }

        string date = System.Text.Encoding.UTF8.GetString(stamp[..blank]);
        string time = System.Text.Encoding.UTF8.GetString(clock);
        if (!TimeSpan.TryParseExact(time, [@"hh\:mm\:ss\.fff", @"hh\:mm\:ss"], CultureInfo.InvariantCulture, out TimeSpan ofDay))
        {
            return false;
        }

        if (InterpretedDate.Read(date) is DateTime day)
        {
            (DateTimeOffset earliest, DateTimeOffset latest) = LocalClock.MomentsOf(day + ofDay, TimeZoneInfo.Local);
            unixMilliseconds = earliest == latest ? earliest.ToUnixTimeMilliseconds() : null;
        }

        return true;
    }

    private static bool TryReadSerial(ReadOnlySpan<byte> digits, out ulong serial) =>
        Utf8Parser.TryParse(digits, out serial, out int used) && used == digits.Length;

    private static bool Assign(out long target, long value)
    {
        target = value;
        return true;
    }
}
