using System.Globalization;

namespace LibvirtAudit.Audit;

/// <summary>
/// Reads the date that <c>ausearch -i</c> writes in the way of its locale (strftime's <c>%x</c>), which the log does not name: where the
/// digits can mean one day only. <c>11/22/26</c> can; <c>03/04/26</c> is one day in America and another in England.
/// </summary>
internal static class InterpretedDate
{
    private const int FirstYear = 1970;
    private const int LastYear = 2199;
    private const int ThisCentury = 2000;

    /// <summary>The day; null where the text is no date, or may be two.</summary>
    public static DateTime? Read(string text)
    {
        Span<int> parts = stackalloc int[3];
        Span<int> lengths = stackalloc int[3];
        if (!TrySplit(text, parts, lengths, out char separator))
        {
            return null;
        }

        (int first, int second, int third) = (parts[0], parts[1], parts[2]);
        return (lengths[0], lengths[2]) switch
        {
            (4, <= 2) => Day(first, second, third),
            (<= 2, 4) => DayOf(third, first, second, separator),
            (<= 2, 2) => DayOf(ThisCentury + third, first, second, separator),
            _ => null,
        };
    }

    // Of glibc's locales those write the month first that write slashes, and none two digits of the year first (localedata, d_fmt).
    private static DateTime? DayOf(int year, int first, int second, char separator)
    {
        DateTime? dayFirst = Day(year, second, first);
        DateTime? monthFirst = separator == '/' ? Day(year, first, second) : null;
        return dayFirst is null || monthFirst is null || dayFirst == monthFirst ? dayFirst ?? monthFirst : null;
    }

    private static DateTime? Day(int year, int month, int day) =>
        year is >= FirstYear and <= LastYear && month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month) ? new DateTime(year, month, day) : null;

    private static bool TrySplit(string text, Span<int> parts, Span<int> lengths, out char separator)
    {
        // '2026年11月22日', Japanese and Chinese.
        text = text.Replace('年', '-').Replace('月', '-').TrimEnd('.', '日');
        int at = text.AsSpan().IndexOfAny('/', '.', '-');
        separator = at < 0 ? default : text[at];
        int count = 0;
        foreach (Range range in text.AsSpan().Split(separator))
        {
            ReadOnlySpan<char> part = text.AsSpan()[range].Trim(' ');
            if (count == parts.Length || part.Length is 0 or > 4 || part.ContainsAnyExceptInRange('0', '9'))
            {
                return false;
            }

            parts[count] = int.Parse(part, NumberStyles.None, CultureInfo.InvariantCulture);
            lengths[count++] = part.Length;
        }

        return count == parts.Length && lengths[1] <= 2;
    }
}
