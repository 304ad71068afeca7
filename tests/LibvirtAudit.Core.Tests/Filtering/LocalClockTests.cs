using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Filtering;

/// <summary>What a time on the clock means when the clocks change, by the rules of the tz database.</summary>
public sealed class LocalClockTests
{
    /// <summary>Zones with a fold and a gap in 2026 (São Paulo: 2018 and 2017, its last), and two without.</summary>
    public static readonly string[] Zones =
    [
        "Europe/Berlin", "America/Sao_Paulo", "Pacific/Chatham", "Europe/Dublin", "Africa/Casablanca",
        "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Etc/UTC",
    ];

    [Theory]
    [InlineData("Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z")]
    [InlineData("America/Sao_Paulo", "2018-02-17 23:30", "2018-02-18T01:30Z", "2018-02-18T02:30Z")]
    [InlineData("Pacific/Chatham", "2026-04-05 03:00", "2026-04-04T13:15Z", "2026-04-04T14:15Z")]
    [InlineData("Europe/Dublin", "2026-10-25 01:30", "2026-10-25T00:30Z", "2026-10-25T01:30Z")]
    [InlineData("Africa/Casablanca", "2026-02-15 02:30", "2026-02-15T01:30Z", "2026-02-15T02:30Z")]
    [InlineData("America/New_York", "2026-11-01 01:30", "2026-11-01T05:30Z", "2026-11-01T06:30Z")]
    [InlineData("Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04T14:45Z", "2026-04-04T15:15Z")]
    [InlineData("Asia/Kolkata", "2026-10-25 02:30", "2026-10-24T21:00Z", "2026-10-24T21:00Z")]
    [InlineData("Etc/UTC", "2026-10-25 02:30", "2026-10-25T02:30Z", "2026-10-25T02:30Z")]
    public void An_hour_that_comes_twice_is_two_moments(string zone, string clock, string earliest, string latest) =>
        Assert.Equal((Moment(earliest), Moment(latest)), LocalClock.MomentsOf(Clock(clock), Zone(zone)));

    [Theory]
    [InlineData("Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:00Z")]
    [InlineData("America/Sao_Paulo", "2017-10-15 00:30", "2017-10-15T03:00Z")]
    [InlineData("Pacific/Chatham", "2026-09-27 03:00", "2026-09-26T14:00Z")]
    [InlineData("Europe/Dublin", "2026-03-29 01:30", "2026-03-29T01:00Z")]
    [InlineData("Africa/Casablanca", "2026-03-22 02:30", "2026-03-22T02:00Z")]
    [InlineData("America/New_York", "2026-03-08 02:30", "2026-03-08T07:00Z")]
    [InlineData("Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30Z")]
    [InlineData("Pacific/Apia", "2011-12-30 12:00", "2011-12-30T10:00Z")]
    public void A_time_that_is_passed_over_is_the_change_of_the_clocks(string zone, string clock, string change) =>
        Assert.Equal((Moment(change), Moment(change).AddMilliseconds(-1)), LocalClock.MomentsOf(Clock(clock), Zone(zone)));

    [Fact]
    public void Every_moment_of_two_years_is_among_those_that_its_clock_means()
    {
        foreach (string name in Zones)
        {
            TimeZoneInfo zone = Zone(name);
            for (DateTimeOffset moment = Moment("2017-06-01T00:00Z"); moment < Moment("2019-01-01T00:00Z"); moment = moment.AddMinutes(30))
            {
                DateTimeOffset shown = LocalClock.At(moment.ToUnixTimeMilliseconds(), zone);
                (DateTimeOffset earliest, DateTimeOffset latest) = LocalClock.MomentsOf(shown.DateTime, zone);
                Assert.Equal(moment, shown);
                Assert.True(moment == earliest || moment == latest, $"{name} {moment:u}");
            }
        }
    }

    [Fact]
    public void At_the_ends_of_time_nothing_is_thrown()
    {
        foreach (string zone in Zones)
        {
            Assert.Equal(DateTimeOffset.MinValue, LocalClock.MomentsOf(DateTime.MinValue, Zone(zone)).Earliest);
            Assert.Equal(DateTime.MaxValue.Ticks, LocalClock.MomentsOf(DateTime.MaxValue, Zone(zone)).Latest.Ticks);
            Assert.Equal(TimeSpan.Zero, LocalClock.At(DateTimeOffset.MaxValue.ToUnixTimeMilliseconds(), Zone(zone)).Offset);
        }
    }

    internal static TimeZoneInfo Zone(string name)
    {
        Assert.SkipUnless(TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone), "this system does not know the time zone " + name);
        return zone!;
    }

    private static DateTime Clock(string text) => DateTime.ParseExact(text, "yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static DateTimeOffset Moment(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
