namespace LibvirtAudit.Tests.Support;

/// <summary>Runs code as if the machine stood elsewhere; the process has one local time, so such tests run alone.</summary>
internal static class LocalTime
{
    public static void In(string zone, Action action)
    {
        string? before = Environment.GetEnvironmentVariable("TZ");
        try
        {
            Set(zone);
            if (TimeZoneInfo.Local.Id != zone && !(zone == "UTC" && TimeZoneInfo.Local.BaseUtcOffset == TimeSpan.Zero))
            {
                Assert.Skip("this system does not know the time zone " + zone);
            }

            action();
        }
        finally
        {
            Set(before);
        }

        static void Set(string? zone)
        {
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
        }
    }
}
