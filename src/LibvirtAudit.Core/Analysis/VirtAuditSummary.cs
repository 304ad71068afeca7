using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>What a log holds, in numbers: of all of it, or of one guest, host, driver or period. Flat and serializable.</summary>
public sealed class VirtAuditSummary
{
    /// <summary>The guest, host, driver or period that the numbers are of; null where they are of everything, or of records that name none.</summary>
    public string? Group { get; set; }

    /// <summary>The guest's UUID, where the numbers are of one guest.</summary>
    public Guid? Uuid { get; set; }

    /// <summary>The earliest stamp of a record, in local time.</summary>
    public DateTime? StartTime
    {
        get => UnixTime.ToLocal(FirstMilliseconds);
        set => FirstMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>The latest stamp of a record, in local time.</summary>
    public DateTime? EndTime
    {
        get => UnixTime.ToLocal(LastMilliseconds);
        set => LastMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>How many records there are, each once.</summary>
    public int Records { get; set; }

    /// <summary>How many guests they are of.</summary>
    public int Guests { get; set; }

    /// <summary>How many times a guest was started.</summary>
    public int Starts { get; set; }

    /// <summary>How many times a guest was to be started and could not be.</summary>
    public int FailedStarts { get; set; }

    /// <summary>How many times a guest's end was logged.</summary>
    public int Stops { get; set; }

    /// <summary>How many records report a failure, failed starts among them.</summary>
    public int Failures { get; set; }

    /// <summary>How many resources guests were given; not those of starts that failed, nor attempts that failed.</summary>
    public int Assignments { get; set; }

    /// <summary>The same by type of resource, each as <c>TYPE=COUNT</c>.</summary>
    public string[] AssignmentsByType { get; set; } = [];

    /// <summary>How many accesses of guests SELinux or AppArmor blocked.</summary>
    public int Denials { get; set; }

    /// <summary>How many they would have blocked, had SELinux not been permissive or AppArmor's profile in complain mode.</summary>
    public int WouldBlock { get; set; }

    /// <summary>How many anomalies and seccomp violations were tied to guests.</summary>
    public int Anomalies { get; set; }

    /// <summary>How many lines say that they are records but are cut or damaged. Of everything only: such a line may not tell whose it is.</summary>
    public int Malformed { get; set; }

    /// <summary>How many records were given more than once, and counted once. Of everything only.</summary>
    public int Repeated { get; set; }

    /// <summary>
    /// How many of the records may have been given before: what came at their time is not remembered any more, or they equal
    /// one that was given and hold no serial or no stamp that would tell them apart. Of everything only.
    /// </summary>
    public long PossibleRepeats { get; set; }

    internal long? FirstMilliseconds { get; set; }

    internal long? LastMilliseconds { get; set; }

    internal Dictionary<string, int> Types { get; } = [];

    internal HashSet<GuestKey> SeenGuests { get; } = [];

    /// <summary>The numbers in one line for people, free of control characters.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PrintableText.Escape(Group) ?? "all"}: {Records} records, {Starts} starts, {Stops} stops, {Failures} failures, {Assignments} assignments, {Denials} denials, {Anomalies} anomalies");
}
