using System.Globalization;

namespace LibvirtAudit.Benchmarks.Reports;

/// <summary>Numbers as people read them.</summary>
internal static class Figure
{
    /// <summary>What stands where there is nothing to say.</summary>
    public const string None = "–";

    /// <summary>Seconds, with as many digits as mean something.</summary>
    public static string Seconds(double seconds) => seconds.ToString(seconds < 0.1 ? "0.0000" : seconds < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    /// <summary>Milliseconds.</summary>
    public static string Milliseconds(double seconds) => (seconds * 1000).ToString(seconds < 0.01 ? "0.00" : "0", CultureInfo.InvariantCulture);

    /// <summary>Decimal megabytes.</summary>
    public static string Megabytes(long bytes) => (bytes / 1e6).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>How much of something in a second, or nothing where there is none of it.</summary>
    public static string Rate(double amount, double seconds) => amount == 0 ? None : (amount / seconds).ToString("#,0", CultureInfo.InvariantCulture);

    /// <summary>How many times as much one is.</summary>
    public static string Times(double value, double unit) => (value / unit).ToString(value / unit < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture);

    /// <summary>A count.</summary>
    public static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);
}
