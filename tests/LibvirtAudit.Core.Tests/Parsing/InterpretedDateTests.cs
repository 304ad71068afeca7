using System.Globalization;
using LibvirtAudit.Audit;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>Dates of <c>ausearch -i</c>, in the forms of glibc's locales (localedata, <c>d_fmt</c>).</summary>
[Collection(RunsAlone.Name)]
public sealed class InterpretedDateTests
{
    [Theory]
    [InlineData("11/22/26", "C: %m/%d/%y")]
    [InlineData("11/22/2026", "en_US: %m/%d/%Y")]
    [InlineData("22/11/2026", "fr_FR: %d/%m/%Y")]
    [InlineData("22/11/26", "en_GB: %d/%m/%y")]
    [InlineData("22.11.2026", "de_DE: %d.%m.%Y")]
    [InlineData("22.11.26", "%d.%m.%y")]
    [InlineData("22.11.2026.", "hr_HR: %d.%m.%Y.")]
    [InlineData("22. 11. 2026", "%d. %m. %Y")]
    [InlineData("2026.11.22", "%Y.%m.%d")]
    [InlineData("22-11-2026", "nl_NL: %d-%m-%Y")]
    [InlineData("22-11-26", "%d-%m-%y")]
    [InlineData("2026-11-22", "sv_SE: %Y-%m-%d")]
    public void A_date_that_can_mean_one_day_is_that_day(string text, string locale)
    {
        Assert.NotEmpty(locale);
        InEachCulture(() => Assert.Equal(new DateTime(2026, 11, 22), InterpretedDate.Read(text)));
    }

    [Theory]
    [InlineData("03/04/2026")]
    [InlineData("03/04/26")]
    [InlineData("22/11/2569")]
    [InlineData("1405/09/01")]
    [InlineData("31.02.2026")]
    [InlineData("13/13/2026")]
    [InlineData("22 Nov 2026")]
    [InlineData("22/11")]
    [InlineData("")]
    [InlineData("1/2/3/4")]
    public void A_date_that_may_be_two_days_or_none_is_not_read(string text) => InEachCulture(() => Assert.Null(InterpretedDate.Read(text)));

    [Theory]
    [InlineData("03/03/2026", 3, 3)]
    [InlineData("04.03.2026", 3, 4)]
    [InlineData("04-03-2026", 3, 4)]
    public void Where_both_are_the_same_day_or_no_locale_has_the_other_it_is_read(string text, int month, int day) =>
        Assert.Equal(new DateTime(2026, month, day), InterpretedDate.Read(text));

    [Fact]
    public void In_the_hour_that_comes_twice_there_is_no_stamp() => LocalTime.In("Europe/Berlin", () =>
    {
        Assert.Equal(1792882800000, StampOf("25/10/2026 01:00:00.000:7"));
        Assert.Null(StampOf("25/10/2026 02:30:00.000:7"));
        Assert.Equal(1792893600000, StampOf("25/10/2026 03:00:00.000:7"));
        Assert.Null(StampOf("29/03/2026 02:30:00.000:7"));
    });

    private static long? StampOf(string stamp)
    {
        Assert.True(EventStamp.TryReadInterpreted(System.Text.Encoding.ASCII.GetBytes(stamp), out long? milliseconds, out ulong? serial));
        Assert.Equal(7UL, serial);
        return milliseconds;
    }

    private static void InEachCulture(Action check)
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            foreach (string culture in new[] { "en-US", "de-DE", "en-GB", "fa-IR", "th-TH", "ar-SA" })
            {
                CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
                check();
            }
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
