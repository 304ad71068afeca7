namespace LibvirtAudit.Filtering;

/// <summary>The moments that a stated time means, by what it is stated for.</summary>
/// <param name="Start">Where a span begins with it.</param>
/// <param name="End">Where a span ends with it.</param>
/// <param name="Point">Where it is a moment by itself.</param>
public readonly record struct TimeBounds(DateTimeOffset Start, DateTimeOffset End, DateTimeOffset Point)
{
    /// <summary>A time that means one moment.</summary>
    public static TimeBounds Of(DateTimeOffset moment) => new(moment, moment, moment);

    /// <summary>A time on the clock of a zone: an hour that comes twice begins at its first moment, and ends and is meant at its last.</summary>
    public static TimeBounds Of(DateTime time, TimeZoneInfo zone)
    {
        if (time.Kind == DateTimeKind.Utc)
        {
            return Of(new DateTimeOffset(time));
        }

        (DateTimeOffset earliest, DateTimeOffset latest) = Records.LocalClock.MomentsOf(time, zone);
        return new TimeBounds(earliest, latest, latest);
    }
}
