using System.Globalization;
using LibvirtAudit.Filtering;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Binding;

/// <summary>
/// A time as a parameter takes it: a date, a text or one of the words. It keeps what a <see cref="DateTime"/> would lose: which moments
/// a word or an hour that comes twice means. Being a type of its own it converts in functions that wrap a cmdlet, too.
/// </summary>
public sealed class AuditTime
{
    private readonly TimeBounds _bounds;

    /// <summary>A time on this system's clock, or one of UTC.</summary>
    public AuditTime(DateTime time)
        : this(TimeBounds.Of(time, TimeZoneInfo.Local))
    {
    }

    /// <summary>A moment.</summary>
    public AuditTime(DateTimeOffset time)
        : this(TimeBounds.Of(time))
    {
    }

    private AuditTime(TimeBounds bounds) => _bounds = bounds;

    /// <summary>The moment where a span of time begins with it.</summary>
    public DateTimeOffset Start => _bounds.Start;

    /// <summary>The moment where a span of time ends with it.</summary>
    public DateTimeOffset End => _bounds.End;

    /// <summary>The moment that it means by itself.</summary>
    public DateTimeOffset Point => _bounds.Point;

    /// <summary>Reads a text: a word, a date with the year first, or a date of the culture.</summary>
    /// <exception cref="FormatException">It is no time, or may be two.</exception>
    public static AuditTime Parse(string text, IFormatProvider? provider) =>
        new(TimeText.Read(text, provider as CultureInfo ?? CultureInfo.CurrentCulture, DateTimeOffset.Now, TimeZoneInfo.Local, () => BootTime.Read()));

    /// <summary>Its moment on this system's clock, to the second, as it can be typed.</summary>
    public override string ToString() => Start.ToLocalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
