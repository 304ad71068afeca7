using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>Stamps of the analysis: milliseconds since 1970-01-01 UTC inside, local time where they are shown.</summary>
internal static class UnixTime
{
    internal static DateTime? ToLocal(long? milliseconds) => milliseconds is long stamp ? VirtAuditRecord.ToLocalTime(stamp) : null;

    /// <summary>A stamp with the offset of this system's clock at that moment, which tells an hour that comes twice apart.</summary>
    internal static DateTimeOffset? WithOffset(long? milliseconds) => milliseconds is long stamp ? LocalClock.At(stamp, TimeZoneInfo.Local) : null;

    internal static long? FromLocal(DateTime? time) => time is DateTime value ? VirtAuditRecord.ToUnixMilliseconds(value) : null;

    /// <summary>The time between two stamps; null where one is missing or the clock went back.</summary>
    internal static TimeSpan? Between(long? start, long? end) =>
        start is long from && end is long to && to >= from ? TimeSpan.FromMilliseconds(to - from) : null;

    internal static string Show(DateTime? time) => time?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? "-";
}
