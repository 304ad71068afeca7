using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Records;

namespace LibvirtAudit.Filtering;

/// <summary>
/// Reads a time as people type it: one of the words, a date with the year first, which is the same in every culture
/// (<c>2026-11-22 14:54:00</c>, ISO 8601), or a date of a culture. A date of a culture whose calendar is not the Gregorian one is read
/// in whichever of both gives a year of our time.
/// </summary>
public static partial class TimeText
{
    private const int FirstYear = 1970;
    private const int LastYear = 2199;

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="culture">How dates are written where the year is not first.</param>
    /// <param name="now">The present moment.</param>
    /// <param name="zone">The zone of a time that states none.</param>
    /// <param name="boot">Asked for the word <c>boot</c>: when the host was started; null where that is not known.</param>
    /// <exception cref="FormatException">It is no time, or may be two; the message says which.</exception>
    public static TimeBounds Read(string text, CultureInfo culture, DateTimeOffset now, TimeZoneInfo zone, Func<DateTimeOffset?> boot)
    {
        if (TimeWord.IsKnown(text))
        {
            DateTimeOffset? started = text.Equals("boot", StringComparison.OrdinalIgnoreCase) ? boot() : null;
            return TimeWord.Resolve(text, asEnd: false, now, zone, started) is long start && TimeWord.Resolve(text, asEnd: true, now, zone, started) is long end
                ? new TimeBounds(DateTimeOffset.FromUnixTimeMilliseconds(start), DateTimeOffset.FromUnixTimeMilliseconds(end), DateTimeOffset.FromUnixTimeMilliseconds(start))
                : throw new FormatException($"The time '{text}' is not known on this system; give a date.");
        }

        TimeBounds[] readings = YearFirst().IsMatch(text) ? Readings(text, zone, CultureInfo.InvariantCulture) : Readings(text, zone, [culture, .. Gregorian(culture)]);
        readings = readings.Length > 0 ? readings : Readings(text, zone, CultureInfo.InvariantCulture);
        TimeBounds[] likely = [.. readings.Where(reading => reading.Start.Year is >= FirstYear and <= LastYear)];
        return likely.Length > 1
            ? throw new FormatException($"'{PrintableText.Escape(text)}' may be two dates, by the calendar; give it with the year first: {Iso(likely[0])} or {Iso(likely[1])}.")
            : likely is [TimeBounds only] ? only
            : readings is [TimeBounds first, ..] ? first
            : throw new FormatException($"'{PrintableText.Escape(text)}' is neither a time nor one of the words {string.Join(", ", TimeWord.Names)}.");
    }

    private static TimeBounds[] Readings(string text, TimeZoneInfo zone, params ReadOnlySpan<CultureInfo> cultures)
    {
        var readings = new List<TimeBounds>();
        foreach (CultureInfo culture in cultures)
        {
            if (TryRead(text, culture, zone, out TimeBounds bounds) && !readings.Contains(bounds))
            {
                readings.Add(bounds);
            }
        }

        return [.. readings];
    }

    private static bool TryRead(string text, CultureInfo culture, TimeZoneInfo zone, out TimeBounds bounds)
    {
        bounds = default;
        if (!DateTime.TryParse(text, culture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.RoundtripKind, out DateTime time))
        {
            return false;
        }

        // As a DateTime a time with its zone would be put on this clock, where it may come twice.
        bool isExact = time.Kind != DateTimeKind.Unspecified;
        bounds = isExact && DateTimeOffset.TryParse(text, culture, DateTimeStyles.AllowWhiteSpaces | DateTimeStyles.AssumeUniversal, out DateTimeOffset moment)
            ? TimeBounds.Of(moment)
            : TimeBounds.Of(time, zone);
        return true;
    }

    private static IEnumerable<CultureInfo> Gregorian(CultureInfo culture)
    {
        if (culture.Calendar is not GregorianCalendar && culture.OptionalCalendars.OfType<GregorianCalendar>().FirstOrDefault() is GregorianCalendar calendar)
        {
            var same = (CultureInfo)culture.Clone();
            same.DateTimeFormat.Calendar = calendar;
            yield return same;
        }
    }

    private static string Iso(TimeBounds bounds) => bounds.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\s*[0-9]{4}-[0-9]{1,2}(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex YearFirst();
}
