namespace LibvirtAudit.Records;

/// <summary>
/// What a time on the clock of a zone means. An hour that comes twice in autumn means two moments, one that spring passes over the
/// change of the clocks itself. .NET's own conversions of a <see cref="DateTime"/> know one moment only, and in zones whose
/// winter time is the exception (Dublin, Casablanca) the wrong one; its offsets of a moment are right in all.
/// </summary>
public static class LocalClock
{
    /// <summary>Longer than any change of the clocks: Samoa passed over a day.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromHours(26);

    /// <summary>
    /// The first and the last moment at which the clock shows a time. Of a time that is passed over the first is the change of the
    /// clocks, and the last the millisecond before it, so that a span that begins or ends there holds what lies behind or before.
    /// </summary>
    /// <param name="time">The time on the clock; its kind does not count.</param>
    /// <param name="zone">The clock's zone.</param>
    public static (DateTimeOffset Earliest, DateTimeOffset Latest) MomentsOf(DateTime time, TimeZoneInfo zone)
    {
        var clock = new DateTimeOffset(time.Ticks, TimeSpan.Zero);
        if (clock - DateTimeOffset.MinValue < 2 * Around || DateTimeOffset.MaxValue - clock < 2 * Around)
        {
            return (clock, clock);
        }

        TimeSpan before = zone.GetUtcOffset(clock - Around), after = zone.GetUtcOffset(clock + Around);
        DateTimeOffset first = clock - (before > after ? before : after), second = clock - (before > after ? after : before);
        bool isFirst = Shown(first, zone) == time.Ticks, isSecond = Shown(second, zone) == time.Ticks;
        return (isFirst, isSecond) switch
        {
            (true, true) => (first, second),
            (true, false) => (first, first),
            (false, true) => (second, second),
            _ => Change(first, second, time.Ticks, zone),
        };
    }

    /// <summary>A moment with the offset that the clock of a zone has then. At both ends of what can be told it is that of UTC.</summary>
    /// <param name="unixMilliseconds">The moment, in milliseconds since 1970-01-01 UTC.</param>
    /// <param name="zone">The zone.</param>
    public static DateTimeOffset At(long unixMilliseconds, TimeZoneInfo zone)
    {
        var moment = DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds);
        return moment - DateTimeOffset.MinValue < Around || DateTimeOffset.MaxValue - moment < Around ? moment : moment.ToOffset(zone.GetUtcOffset(moment));
    }

    private static long Shown(DateTimeOffset moment, TimeZoneInfo zone) => moment.UtcTicks + zone.GetUtcOffset(moment).Ticks;

    // Between the two the clock goes from before the time to behind it.
    private static (DateTimeOffset Earliest, DateTimeOffset Latest) Change(DateTimeOffset before, DateTimeOffset behind, long time, TimeZoneInfo zone)
    {
        long low = before.ToUnixTimeMilliseconds(), high = behind.ToUnixTimeMilliseconds();
        while (high - low > 1)
        {
            long middle = low + ((high - low) / 2);
            (low, high) = Shown(DateTimeOffset.FromUnixTimeMilliseconds(middle), zone) < time ? (middle, high) : (low, middle);
        }

        return (DateTimeOffset.FromUnixTimeMilliseconds(high), DateTimeOffset.FromUnixTimeMilliseconds(low));
    }
}
