namespace LibvirtAudit.Logs;

/// <summary>
/// How old a log of a rotation is. Dated logs come before numbered ones, since where both stand together a script moves the
/// numbered ones on under a date; the current log is the last.
/// </summary>
internal readonly record struct LogAge : IComparable<LogAge>
{
    private readonly string? _date;
    private readonly int _number;

    private LogAge(string? date, int number) => (_date, _number) = (date, number);

    /// <summary>Its number; below 0 for the log that is being written and for dated ones.</summary>
    public int Number => _date is null ? _number : -1;

    /// <summary>The log that is being written.</summary>
    public static LogAge Current => new(null, -1);

    /// <summary>A log moved aside under a date: its digits, whose order is that of time.</summary>
    public static LogAge Dated(string digits) => new(digits, 0);

    /// <summary>A log moved aside under a number: the greater the older.</summary>
    public static LogAge Numbered(int number) => new(null, number);

    /// <inheritdoc/>
    public int CompareTo(LogAge other) => (_date, other._date) switch
    {
        (null, null) => other._number.CompareTo(_number),
        (null, _) => 1,
        (_, null) => -1,
        _ => string.CompareOrdinal(_date, other._date),
    };
}
