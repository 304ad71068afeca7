using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Takes what single lines hold. Offsets count from the beginning of the text, <c>end</c> is where the next line begins.</summary>
internal interface ILineSink
{
    /// <summary>A record that passed the filter.</summary>
    void OnRecord(VirtAuditRecord record, long offset, long end);

    /// <summary>A message of libvirt's own log, not filtered yet: a line that follows may say that it was refused.</summary>
    /// <param name="record">The record.</param>
    /// <param name="offset">Where its line begins.</param>
    /// <param name="end">Where the next line begins.</param>
    /// <param name="thread">The thread that wrote the line; null where the carrier doesn't tell.</param>
    /// <param name="body">The body; valid during the call only.</param>
    void OnLibvirtMessage(VirtAuditRecord record, long offset, long end, ulong? thread, ReadOnlySpan<byte> body);

    /// <summary>A line that says it is a record, but is cut or damaged; valid during the call only.</summary>
    void OnMalformed(long offset, long end, string defect, ReadOnlySpan<byte> line);

    /// <summary>What the analysis needs beside the records.</summary>
    void OnTrail(AuditEvent other);
}
