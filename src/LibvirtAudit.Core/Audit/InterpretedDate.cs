using System.Globalization;

namespace LibvirtAudit.Audit;

/// <summary>
/// The date that ausearch writes with <c>strftime</c>'s <c>%x</c>, in the locale of whoever ran it: ISO's and other forms that
/// are of one meaning, the current culture's, and else the C locale's <c>MM/DD/YY</c>.
/// </summary>
internal static class InterpretedDate
{
    private static readonly string[] Unmistakable =
        ["yyyy-M-d", "yyyy/M/d", "yyyy.M.d", "yyyy.M.d.", "yyyy. M. d.", "yyyy年M月d日", "d.M.yyyy", "d.M.yy", "d. M. yyyy"];

    private static readonly string[] MonthFirst = ["M/d/yy", "M/d/yyyy"];
    private static readonly string[] DayFirst = ["d/M/yy", "d/M/yyyy", "d-M-yy", "d-M-yyyy"];

    /// <summary>Reads a date; false where it is of no form that is known.</summary>
    public static bool TryRead(string text, out DateTime day)
    {
        CultureInfo culture = CultureInfo.CurrentCulture;
        return TryRead(text, Unmistakable, out day)
            || DateTime.TryParseExact(text, culture.DateTimeFormat.ShortDatePattern, culture, DateTimeStyles.None, out day)
            || TryRead(text, MonthFirst, out day)
            || TryRead(text, DayFirst, out day);
    }

    private static bool TryRead(string text, string[] forms, out DateTime day) =>
        DateTime.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.None, out day);
}
