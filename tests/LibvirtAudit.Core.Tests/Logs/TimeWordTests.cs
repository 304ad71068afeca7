using System.Globalization;
using LibvirtAudit.Filtering;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Tests.Logs;

public sealed class TimeWordTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    // A Wednesday. Berlin is 1 h ahead of UTC in winter and 2 h in summer, Kolkata 5:30 h, New York 5 h or 4 h behind,
    // Kiritimati 14 h ahead: there it is Thursday already.
    [Theory]
    [InlineData("now", "UTC", "2026-07-15T12:34:56.789Z")]
    [InlineData("recent", "UTC", "2026-07-15T12:24:56.789Z")]
    [InlineData("boot", "UTC", "2026-07-01T01:02:03Z")]
    [InlineData("today", "UTC", "2026-07-15T00:00:00Z")]
    [InlineData("yesterday", "UTC", "2026-07-14T00:00:00Z")]
    [InlineData("this-week", "UTC", "2026-07-12T00:00:00Z")]
    [InlineData("week-ago", "UTC", "2026-07-08T00:00:00Z")]
    [InlineData("this-month", "UTC", "2026-07-01T00:00:00Z")]
    [InlineData("this-year", "UTC", "2026-01-01T00:00:00Z")]
    [InlineData("now", "Europe/Berlin", "2026-07-15T12:34:56.789Z")]
    [InlineData("recent", "Europe/Berlin", "2026-07-15T12:24:56.789Z")]
    [InlineData("boot", "Europe/Berlin", "2026-07-01T01:02:03Z")]
    [InlineData("today", "Europe/Berlin", "2026-07-14T22:00:00Z")]
    [InlineData("yesterday", "Europe/Berlin", "2026-07-13T22:00:00Z")]
    [InlineData("this-week", "Europe/Berlin", "2026-07-11T22:00:00Z")]
    [InlineData("week-ago", "Europe/Berlin", "2026-07-07T22:00:00Z")]
    [InlineData("this-month", "Europe/Berlin", "2026-06-30T22:00:00Z")]
    [InlineData("this-year", "Europe/Berlin", "2025-12-31T23:00:00Z")]
    [InlineData("today", "America/New_York", "2026-07-15T04:00:00Z")]
    [InlineData("this-week", "America/New_York", "2026-07-12T04:00:00Z")]
    [InlineData("this-year", "America/New_York", "2026-01-01T05:00:00Z")]
    [InlineData("today", "Asia/Kolkata", "2026-07-14T18:30:00Z")]
    [InlineData("this-year", "Asia/Kolkata", "2025-12-31T18:30:00Z")]
    [InlineData("today", "Pacific/Kiritimati", "2026-07-15T10:00:00Z")]
    [InlineData("yesterday", "Pacific/Kiritimati", "2026-07-14T10:00:00Z")]
    [InlineData("this-week", "Pacific/Kiritimati", "2026-07-11T10:00:00Z")]
    [InlineData("TODAY", "UTC", "2026-07-15T00:00:00Z")]
    [InlineData("This-Week", "UTC", "2026-07-12T00:00:00Z")]
    public void A_word_means_a_moment(string word, string zone, string expected) =>
        AssertMeans(expected, word, "2026-07-15T12:34:56.789Z", zone);

    [Theory]
    [InlineData("2026-07-12T00:00:00Z", "2026-07-12T00:00:00Z")] // a Sunday is its week's first day
    [InlineData("2026-07-18T23:59:59Z", "2026-07-12T00:00:00Z")] // and Saturday the last
    [InlineData("2026-01-02T00:00:00Z", "2025-12-28T00:00:00Z")]
    public void A_week_begins_with_Sunday(string now, string expected) => AssertMeans(expected, "this-week", now, "UTC");

    // Clocks in Berlin go from 2:00 to 3:00 on 29 March and from 3:00 back to 2:00 on 25 October 2026.
    [Theory]
    [InlineData("today", "2026-03-29T10:00:00Z", "2026-03-28T23:00:00Z")]
    [InlineData("today", "2026-10-25T10:00:00Z", "2026-10-24T22:00:00Z")]
    [InlineData("yesterday", "2026-03-30T10:00:00Z", "2026-03-28T23:00:00Z")]
    [InlineData("yesterday", "2026-10-26T10:00:00Z", "2026-10-24T22:00:00Z")]
    [InlineData("yesterday", "2026-10-25T22:45:00Z", "2026-10-23T22:00:00Z")] // 24 hours earlier it was the same day
    [InlineData("week-ago", "2026-03-31T10:00:00Z", "2026-03-23T23:00:00Z")]
    [InlineData("this-week", "2026-03-31T10:00:00Z", "2026-03-28T23:00:00Z")]
    [InlineData("this-month", "2026-03-31T10:00:00Z", "2026-02-28T23:00:00Z")]
    [InlineData("this-month", "2026-10-31T10:00:00Z", "2026-09-30T22:00:00Z")]
    [InlineData("recent", "2026-03-29T01:05:00Z", "2026-03-29T00:55:00Z")]
    [InlineData("recent", "2026-10-25T01:05:00Z", "2026-10-25T00:55:00Z")]
    public void A_change_of_the_clocks_moves_no_midnight(string word, string now, string expected) => AssertMeans(expected, word, now, "Europe/Berlin");

    // Cairo's clocks go from midnight to 1:00 on 24 April 2026, Havana's from 1:00 back to midnight on 1 November 2026.
    [Theory]
    [InlineData("today", "Africa/Cairo", "2026-04-24T10:00:00Z", "2026-04-23T22:00:00Z")]
    [InlineData("today", "America/Havana", "2026-11-01T15:00:00Z", "2026-11-01T04:00:00Z")]
    [InlineData("today", "America/Havana", "2026-11-01T04:30:00Z", "2026-11-01T04:00:00Z")]
    public void A_day_whose_midnight_is_skipped_or_comes_twice_begins_with_its_first_moment(string word, string zone, string now, string expected) =>
        AssertMeans(expected, word, now, zone);

    [Fact]
    public void A_span_that_ends_today_ends_now_and_the_other_words_end_where_they_begin()
    {
        DateTimeOffset now = Parse("2026-07-15T12:34:56.789Z");
        foreach (string word in TimeWord.Names)
        {
            long? begin = TimeWord.Resolve(word, false, now, TimeZoneInfo.Utc, now.AddDays(-1));
            long? end = TimeWord.Resolve(word, true, now, TimeZoneInfo.Utc, now.AddDays(-1));

            Assert.Equal(word == "today" ? now.ToUnixTimeMilliseconds() : begin, end);
        }
    }

    [Fact]
    public void Other_words_mean_nothing()
    {
        foreach (string word in new[] { "", "tomorrow", "this week", "yesterday ", "2026-07-15", "nöw" })
        {
            Assert.False(TimeWord.IsKnown(word));
            Assert.Null(TimeWord.Resolve(word, false, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc, null));
        }

        Assert.All(TimeWord.Names, name => Assert.True(TimeWord.IsKnown(name.ToUpperInvariant())));
    }

    [Fact]
    public void The_start_of_a_host_that_does_not_tell_is_not_known()
    {
        Assert.Null(TimeWord.Resolve("boot", false, DateTimeOffset.UnixEpoch, TimeZoneInfo.Utc, null));
        Assert.Null(BootTime.Read(_folder.PathOf("none")));
        Assert.Null(BootTime.Read(_folder.Write("stat", "cpu 1 2 3\nctxt 99\n"u8)));
        Assert.Null(BootTime.Read(_folder.Write("stat", "btime soon\n"u8)));
        Assert.Equal(Parse("2026-07-15T12:34:56Z"), BootTime.Read(_folder.Write("stat", "cpu 1 2 3\nbtime 1784118896\nctxt 99\n"u8)));
    }

    [Fact]
    public void The_start_of_this_host_is_as_long_ago_as_it_says_to_be_up()
    {
        Assert.SkipUnless(File.Exists("/proc/uptime"), "needs /proc/uptime");
        double uptime = double.Parse(File.ReadAllText("/proc/uptime").Split(' ')[0], CultureInfo.InvariantCulture);

        double sinceBoot = (DateTimeOffset.UtcNow - BootTime.Read()!.Value).TotalSeconds;

        Assert.InRange(sinceBoot, uptime - 5, uptime + 60);
    }

    /// <summary>ausearch must find the record at the word's moment and not the one a second before; in zones whose clocks never change, where it is right.</summary>
    [Theory]
    [InlineData("UTC")]
    [InlineData("Asia/Kathmandu")]
    [InlineData("America/Phoenix")]
    [InlineData("Pacific/Kiritimati")]
    public void Words_mean_to_the_second_what_they_mean_to_ausearch(string zoneName)
    {
        Tool.Find("ausearch");
        TimeZoneInfo zone = TimeZoneInfo.FindSystemTimeZoneById(zoneName);
        foreach (string word in new[] { "today", "yesterday", "this-week", "week-ago", "this-month", "this-year" })
        {
            long begin, beginAfterwards;
            string found;
            do
            {
                begin = Resolve();
                found = FoundSince(word, zoneName, begin / 1000);
                beginAfterwards = Resolve();
            }
            while (begin != beginAfterwards);

            Assert.Equal("2", found);

            long Resolve() => TimeWord.Resolve(word, false, DateTimeOffset.UtcNow, zone, null)!.Value;
        }
    }

    /// <summary>The serials of those records that ausearch finds from a word on: 1 lies a second before the moment, 2 at it.</summary>
    private string FoundSince(string word, string zone, long moment)
    {
        string log = string.Concat(new[] { (moment - 1, 1), (moment, 2) }.Select(stamp =>
            $"type=VIRT_CONTROL msg=audit({stamp.Item1}.000:{stamp.Item2}): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"a\" uuid=12345678-1234-1234-1234-123456789012 vm-pid=7 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'\n"));
        byte[] output = Tool.Run("ausearch", ["-if", _folder.Write("audit.log", System.Text.Encoding.ASCII.GetBytes(log)), "-ts", word, "--raw"], default,
            new Dictionary<string, string> { ["TZ"] = zone, ["LC_ALL"] = "C" });
        return string.Join(',', System.Text.Encoding.ASCII.GetString(output).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split([':', ')'])[1]));
    }

    private static void AssertMeans(string expected, string word, string now, string zone)
    {
        long? moment = TimeWord.Resolve(word, false, Parse(now), TimeZoneInfo.FindSystemTimeZoneById(zone), Parse("2026-07-01T01:02:03Z"));

        Assert.Equal(Parse(expected), DateTimeOffset.FromUnixTimeMilliseconds(Assert.NotNull(moment)));
    }

    private static DateTimeOffset Parse(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
