using System.Globalization;
using LibvirtAudit.Filtering;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Filtering;

/// <summary>Times as people type them, in nine cultures and nine zones.</summary>
public sealed class TimeTextTests
{
    private static readonly string[] Cultures = ["en-US", "de-DE", "fr-FR", "fa-IR", "th-TH", "ar-SA", "tr-TR", "ja-JP", "he-IL"];
    private static readonly DateTimeOffset Now = new(2026, 11, 22, 14, 54, 0, TimeSpan.Zero);

    // Around the changes of the clocks, and far from them.
    private static readonly string[] Days =
        ["2026-10-24T20:00Z", "2026-04-04T10:00Z", "2018-02-17T22:00Z", "2026-02-15T00:00Z", "2026-11-01T03:00Z", "2026-03-29T00:00Z", "2026-03-22T00:00Z", "2026-07-01T00:00Z"];

    [Fact]
    public void What_a_table_prints_is_read_back_as_what_it_means_in_every_culture_and_zone()
    {
        foreach (string name in LocalClockTests.Zones)
        {
            TimeZoneInfo zone = LocalClockTests.Zone(name);
            foreach (CultureInfo culture in Cultures.Select(CultureInfo.GetCultureInfo))
            {
                foreach (DateTimeOffset moment in Days.SelectMany(Hours))
                {
                    DateTimeOffset shown = LocalClock.At(moment.ToUnixTimeMilliseconds(), zone);
                    TimeBounds local = Read(shown.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture), culture, zone);
                    TimeBounds exact = Read(shown.ToString("yyyy-MM-ddTHH:mm:ss.fffzzz", CultureInfo.InvariantCulture), culture, zone);
                    Assert.True(local.Start <= moment && moment <= local.End && (moment == local.Start || moment == local.End), $"{name} {culture} {moment:u}");
                    Assert.Equal(TimeBounds.Of(moment), exact);
                }
            }
        }
    }

    [Theory]
    [InlineData("en-US", "11/22/2026 2:54 PM")]
    [InlineData("de-DE", "22.11.2026 14:54")]
    [InlineData("fr-FR", "22/11/2026 14:54")]
    [InlineData("fa-IR", "1405/9/1 14:54")]
    [InlineData("fa-IR", "2026/11/22 14:54")]
    [InlineData("th-TH", "22/11/2569 14:54")]
    [InlineData("th-TH", "22/11/2026 14:54")]
    [InlineData("ar-SA", "22/11/2026 14:54")]
    [InlineData("tr-TR", "22.11.2026 14:54")]
    [InlineData("ja-JP", "2026/11/22 14:54")]
    [InlineData("he-IL", "22.11.2026 14:54")]
    [InlineData("he-IL", " 2026-11-22T14:54 ")]
    [InlineData("th-TH", "2026-11-22 14:54:00")]
    [InlineData("fa-IR", "2026-11-22T14:54:00Z")]
    [InlineData("ar-SA", "2026-11-22T15:54+01:00")]
    public void A_date_of_a_culture_is_read_in_the_calendar_that_it_is_in(string culture, string text) =>
        Assert.Equal(TimeBounds.Of(Now), Read(text, CultureInfo.GetCultureInfo(culture), TimeZoneInfo.Utc));

    [Fact]
    public void A_date_that_two_calendars_read_as_different_days_of_our_time_is_refused()
    {
        // The year 26 is 2026 to some in Thailand, and 2526, which is 1983, to others.
        string message = Assert.Throws<FormatException>(() => Read("22/11/26", CultureInfo.GetCultureInfo("th-TH"), TimeZoneInfo.Utc)).Message;
        Assert.Contains("2026-11-22", message, StringComparison.Ordinal);
        Assert.Contains("1983-11-22", message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("zzz")]
    [InlineData("2026-13-01")]
    [InlineData("2026-02-30")]
    [InlineData("1795360115435123")]
    public void What_is_no_time_is_refused(string text)
    {
        foreach (string culture in Cultures)
        {
            Assert.Throws<FormatException>(() => Read(text, CultureInfo.GetCultureInfo(culture), TimeZoneInfo.Utc));
        }
    }

    [Fact]
    public void A_word_begins_a_span_ends_one_and_is_a_moment()
    {
        var day = new DateTimeOffset(2026, 11, 22, 0, 0, 0, TimeSpan.Zero);
        Assert.Equal(new TimeBounds(day, Now, day), Read("today", CultureInfo.InvariantCulture, TimeZoneInfo.Utc));
        Assert.Throws<FormatException>(() => Read("boot", CultureInfo.InvariantCulture, TimeZoneInfo.Utc));
    }

    private static TimeBounds Read(string text, CultureInfo culture, TimeZoneInfo zone) => TimeText.Read(text, culture, Now, zone, () => null);

    private static IEnumerable<DateTimeOffset> Hours(string day) =>
        Enumerable.Range(0, 24).Select(half => DateTimeOffset.Parse(day, CultureInfo.InvariantCulture).AddMinutes(half * 30).AddMilliseconds(7));
}
