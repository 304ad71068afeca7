using LibvirtAudit.Records;

namespace LibvirtAudit.Filtering;

/// <summary>
/// The words that ausearch and auvirt take for a time. Where the manual and the programs differ the programs are followed:
/// days begin at 00:00:00 and not a second later, and a week with Sunday whatever the locale. Where the programs are wrong
/// about the hour because the clocks changed since, the words keep their meaning: a day begins when it began there.
/// </summary>
public static class TimeWord
{
    private static readonly TimeSpan Recently = TimeSpan.FromMinutes(10);

    /// <summary>The words, the nearest time first.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["now", "recent", "boot", "today", "yesterday", "this-week", "week-ago", "this-month", "this-year"];

    /// <summary>Whether <paramref name="text"/> is one of the words, in any case of letters.</summary>
    public static bool IsKnown(string text) => Names.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The moment that a word means, in milliseconds of Unix time; null where it is no such word, and for <c>boot</c> where
    /// that is not known.
    /// </summary>
    /// <param name="word">The word, in any case of letters.</param>
    /// <param name="asEnd">Whether a span of time ends there: one that ends <c>today</c> ends now.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="zone">Where days begin and end.</param>
    /// <param name="boot">When the host was started; null where that is not known.</param>
    public static long? Resolve(string word, bool asEnd, DateTimeOffset now, TimeZoneInfo zone, DateTimeOffset? boot)
    {
        DateTime today = TimeZoneInfo.ConvertTime(now, zone).Date;
        DateTimeOffset? moment = word.ToLowerInvariant() switch
        {
            "now" => now,
            "recent" => now - Recently,
            "boot" => boot,
            "today" => asEnd ? now : Begin(today, zone),
            "yesterday" => Begin(today.AddDays(-1), zone),
            "this-week" => Begin(today.AddDays(-(int)today.DayOfWeek), zone),
            "week-ago" => Begin(today.AddDays(-7), zone),
            "this-month" => Begin(new DateTime(today.Year, today.Month, 1), zone),
            "this-year" => Begin(new DateTime(today.Year, 1, 1), zone),
            _ => null,
        };
        return moment?.ToUnixTimeMilliseconds();
    }

    // Some changes of the clocks skip midnight, others let it come twice.
    private static DateTimeOffset Begin(DateTime day, TimeZoneInfo zone) => LocalClock.MomentsOf(day, zone).Earliest;
}
