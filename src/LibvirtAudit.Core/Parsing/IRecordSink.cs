using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Takes what a reader finds, in the order of the text.</summary>
public interface IRecordSink
{
    /// <summary>A record that passed the filter.</summary>
    void OnRecord(VirtAuditRecord record);

    /// <summary>A line that says it is a record, but is cut or damaged.</summary>
    /// <param name="offset">Where the line begins, in bytes from the beginning of the log.</param>
    /// <param name="defect">What is wrong with it.</param>
    /// <param name="line">The line; valid during the call only.</param>
    void OnMalformed(long offset, string defect, ReadOnlySpan<byte> line);
}

/// <summary>How a reader makes its records.</summary>
/// <param name="Filter">Which are wanted.</param>
public sealed record ReadOptions(RecordFilter Filter)
{
    /// <summary>Whether each record gets its line as <see cref="VirtAuditRecord.RawText"/>; a record that is in none of libvirt's shapes always does.</summary>
    public bool IncludeRawText { get; init; }

    /// <summary>Whether what could be read of a malformed line is given as a record, after the report of it.</summary>
    public bool IncludeMalformed { get; init; }

    /// <summary>Takes, among the records and in their order, what the analysis needs beside them: the types that <see cref="TrailTypes"/> lists. Null where they are not wanted.</summary>
    internal Action<AuditEvent>? Trail { get; init; }

    /// <summary>Takes every line that begins as an audit record of any type does, or tells of records that the kernel lost, before what is made of it. Null where they are not wanted.</summary>
    internal LineObserver? Lines { get; init; }
}

/// <summary>Takes a line.</summary>
/// <param name="line">The line, without its line feed; valid during the call only.</param>
internal delegate void LineObserver(ReadOnlySpan<byte> line);
