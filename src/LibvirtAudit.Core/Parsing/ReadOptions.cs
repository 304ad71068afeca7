using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>How a reader makes its records.</summary>
/// <param name="Filter">Which are wanted.</param>
public sealed record ReadOptions(RecordFilter Filter)
{
    /// <summary>Whether each record gets its line as <see cref="VirtAuditRecord.RawText"/>; a record that is in none of libvirt's shapes always does.</summary>
    public bool IncludeRawText { get; init; }

    /// <summary>Whether what could be read of a malformed line is given as a record, after the report of it.</summary>
    public bool IncludeMalformed { get; init; }

    /// <summary>The types of events that are wanted beside libvirt's records.</summary>
    internal EventTypes Events { get; init; } = EventTypes.None;

    /// <summary>Whether the moments of all events and the kernel's notices of loss are wanted, whatever their type.</summary>
    internal bool Moments { get; init; }
}
