namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>What a reader must find in a generated log, counted while it was written.</summary>
public sealed record LogFacts
{
    /// <summary>The log's length in bytes.</summary>
    public long Bytes { get; set; }

    /// <summary>Its lines.</summary>
    public long Lines { get; set; }

    /// <summary>Its records of the types 2500 to 2599.</summary>
    public long Records { get; set; }

    /// <summary>Those of them whose type auditd has no name for: <c>type=UNKNOWN[25nn]</c>.</summary>
    public long Unnamed { get; set; }

    /// <summary>Those of them that say of a guest that it was started, and was.</summary>
    public long Starts { get; set; }

    /// <summary>Those of them that say of a guest that it stopped.</summary>
    public long Stops { get; set; }

    /// <summary>The name of one guest.</summary>
    public string GuestName { get; set; } = "";

    /// <summary>Its UUID, with dashes.</summary>
    public string GuestUuid { get; set; } = "";

    /// <summary>The records of that guest.</summary>
    public long GuestRecords { get; set; }

    /// <summary>The first moment of one hour, in milliseconds since 1970-01-01 UTC.</summary>
    public long HourFrom { get; set; }

    /// <summary>The last moment of that hour.</summary>
    public long HourTo { get; set; }

    /// <summary>The records of that hour.</summary>
    public long HourRecords { get; set; }
}
