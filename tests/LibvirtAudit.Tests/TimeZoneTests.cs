using LibvirtAudit.Tests.Shell;

namespace LibvirtAudit.Tests;

/// <summary>What is shown is local time; what is compared is the stamp.</summary>
public sealed class TimeZoneTests : IDisposable
{
    // 2026-10-25: Berlin's clocks go from 03:00 back to 02:00 at 01:00 UTC.
    private static readonly string[] Moments = ["2026-10-25T00:15:00Z", "2026-10-25T00:45:00Z", "2026-10-25T01:15:00Z", "2026-10-25T01:45:00Z"];
    private readonly string _log = Path.Combine(Directory.CreateTempSubdirectory("libvirtaudit-").FullName, "audit.log");

    public TimeZoneTests() => File.WriteAllLines(_log, Moments.Select((moment, i) =>
        $"type=VIRT_CONTROL msg=audit({DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds()}.000:{i + 1}): pid=1 uid=0 auid=4294967295 ses=4294967295 "
        + $"msg='virt=kvm op=start reason=booted vm=\"g{i + 1}\" uuid=00000000-0000-0000-0000-00000000000{i + 1} vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'"));

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_log)!, recursive: true);

    [Theory]
    [InlineData("Europe/Berlin", "02:15:00 02:45:00 02:15:00 02:45:00")]
    [InlineData("America/New_York", "20:15:00 20:45:00 21:15:00 21:45:00")]
    [InlineData("Asia/Kolkata", "05:45:00 06:15:00 06:45:00 07:15:00")]
    public void An_hour_that_comes_twice_neither_moves_nor_hides_a_record(string zone, string clocks)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no TZ variable");
        Assert.SkipUnless(File.Exists("/usr/share/zoneinfo/" + zone), "this machine has no time zone data");
        Assert.Equal(clocks, Run(zone, "-ForEach { $_.Timestamp.ToString('HH:mm:ss') }", ""));
        Assert.Equal("g1 g2 g3 g4", Run(zone, "VMName", ""));
        Assert.Equal("g3", Run(zone, "VMName", "-StartTime '2026-10-25T01:00:00Z' -EndTime '2026-10-25T01:30:00Z'"));
        Assert.Equal("g2", Run(zone, "VMName", "-StartTime '2026-10-25T00:45:00Z' -EndTime '2026-10-25T00:45:00Z'"));
    }

    [Theory]
    [InlineData("Europe/Berlin", "g1 g2 g3 g4")]
    [InlineData("America/New_York", "")]
    [InlineData("Asia/Kolkata", "g1 g2 g3 g4")]
    public void A_bare_date_in_a_filter_is_local(string zone, string guests)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no TZ variable");
        Assert.SkipUnless(File.Exists("/usr/share/zoneinfo/" + zone), "this machine has no time zone data");

        // In New York it is still the evening of the 24th.
        Assert.Equal(guests, Run(zone, "VMName", "-StartTime 2026-10-25"));
    }

    [Theory]
    [InlineData("Europe/Berlin", "2026-10-25T00:00:00Z", "02:00:00", "02:29:59")]
    [InlineData("Pacific/Chatham", "2026-04-04T13:00:00Z", "02:45:00", "03:14:59")]
    [InlineData("America/Sao_Paulo", "2018-02-18T01:00:00Z", "23:00:00", "23:29:59")]
    [InlineData("Europe/Dublin", "2026-10-25T00:00:00Z", "01:00:00", "01:29:59")]
    [InlineData("Africa/Casablanca", "2026-02-15T01:00:00Z", "02:00:00", "02:29:59")]
    [InlineData("America/New_York", "2026-11-01T05:00:00Z", "01:00:00", "01:29:59")]
    public void A_span_in_the_hour_that_comes_twice_holds_both_passes(string zone, string first, string start, string end)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no TZ variable");
        Assert.SkipUnless(File.Exists("/usr/share/zoneinfo/" + zone), "this machine has no time zone data");

        // A record every five minutes of the two hours; of each half an hour six are within the span, and six between the passes.
        DateTimeOffset begin = DateTimeOffset.Parse(first, System.Globalization.CultureInfo.InvariantCulture);
        File.WriteAllLines(_log, Enumerable.Range(-6, 36).Select(i =>
            $"type=VIRT_CONTROL msg=audit({begin.AddMinutes(5 * i).ToUnixTimeSeconds()}.000:{i + 100}): pid=1 uid=0 auid=4294967295 ses=4294967295 "
            + "msg='virt=kvm op=start reason=booted vm=\"g\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'"));
        string day = TimeZoneInfo.ConvertTime(begin, TimeZoneInfo.FindSystemTimeZoneById(zone)).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
        string serials = string.Join(' ', Enumerable.Range(100, 18));
        foreach (string cast in new[] { "", "[datetime]" })
        {
            Assert.Equal(serials, Run(zone, "Serial", $"-StartTime ({cast}'{day} {start}') -EndTime ({cast}'{day} {end}')"));
        }

        // With an offset it is one of both, also in the records' own.
        string exact = begin.AddMinutes(75).ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal("115", Run(zone, "Serial", $"-StartTime '{exact}' -EndTime '{exact}'"));
        Assert.Equal("115", Run(zone, "Serial", $"| Where-Object {{ $_.TimestampOffset -eq [DateTimeOffset]::Parse('{exact}') }}"));
    }

    /// <summary>The offsets are those of <c>zdump -v</c>; of Timestamp .NET tells the second pass only where summer is the exception.</summary>
    [Theory]
    [InlineData("Europe/Berlin", "2026-10-25T01:30:00Z", "2026-10-25T02:30:00.123", "+01:00", true)]
    [InlineData("America/New_York", "2026-11-01T06:30:00Z", "2026-11-01T01:30:00.123", "-05:00", true)]
    [InlineData("Europe/Dublin", "2026-10-25T01:30:00Z", "2026-10-25T01:30:00.123", "+00:00", false)]
    [InlineData("Africa/Casablanca", "2026-02-15T02:30:00Z", "2026-02-15T02:30:00.123", "+00:00", false)]
    public void What_other_programs_get_has_the_moment(string zone, string moment, string clock, string offset, bool isTimestampExact)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no TZ variable");
        Assert.SkipUnless(File.Exists("/usr/share/zoneinfo/" + zone), "this machine has no time zone data");
        long seconds = DateTimeOffset.Parse(moment, System.Globalization.CultureInfo.InvariantCulture).ToUnixTimeSeconds();
        string line = File.ReadLines(_log).First();
        File.WriteAllText(_log, string.Concat($"type=VIRT_CONTROL msg=audit({seconds}.123:7)", line.AsSpan(line.IndexOf(": pid", StringComparison.Ordinal)), "\n"));
        const string Recipe = "Select-Object @{ n = 'Time'; e = { '{0:o}' -f $_.TimestampOffset } }, *";
        string quoted = $"\"{clock}{offset}\"", exact = clock + "0000" + offset;
        string output = Run(zone, "{ $_ | ConvertTo-Json -Compress; $_ | Select-Object TimestampOffset | ConvertTo-Json -Compress; $_ | " + Recipe + " | ConvertTo-Csv; "
            + "($_ | ConvertTo-Json | ConvertFrom-Json | Get-VirtAuditSession).StartTimeOffset.ToString('o'); "
            + "($_ | ConvertTo-Csv | ConvertFrom-Csv | Get-VirtAuditSession).StartTimeOffset.ToString('o') }", "");
        if (isTimestampExact)
        {
            Assert.Contains($"\"Timestamp\":{quoted}", output, StringComparison.Ordinal);
        }

        Assert.Contains($"\"TimestampOffset\":{quoted}", output, StringComparison.Ordinal);
        Assert.Contains($"\"{exact}\"", output, StringComparison.Ordinal);
        Assert.EndsWith($"{exact} {exact}", output, StringComparison.Ordinal);
    }

    private string Run(string zone, string what, string filter)
    {
        string each = what.StartsWith("-ForEach ", StringComparison.Ordinal) ? what["-ForEach ".Length..] : what;
        ShellRun run = ShellProcess.Run(new ShellStart($"Get-VirtAuditRecord '{_log}' {filter} | ForEach-Object {each}") { Environment = new Dictionary<string, string> { ["TZ"] = zone } });
        Assert.Equal("", run.Error);
        return string.Join(' ', run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
    }
}
