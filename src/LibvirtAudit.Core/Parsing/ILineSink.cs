using LibvirtAudit.Audit;
using LibvirtAudit.Carriers;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Takes what single lines hold, before it is their turn.</summary>
internal interface ILineSink
{
    /// <summary>A record that passed the filter.</summary>
    void OnRecord(VirtAuditRecord record, LinePlace place, in LineOrigin origin);

    /// <summary>A message of libvirt's own log, not filtered yet: a line that follows may say that it was refused.</summary>
    /// <param name="record">The record.</param>
    /// <param name="place">The line.</param>
    /// <param name="origin">What the carrier says of it.</param>
    /// <param name="thread">The thread that wrote the line; null where the carrier doesn't tell.</param>
    /// <param name="body">The body; valid during the call only.</param>
    void OnLibvirtMessage(VirtAuditRecord record, LinePlace place, in LineOrigin origin, ulong? thread, ReadOnlySpan<byte> body);

    /// <summary>A line that says it is a record, but is cut or damaged; valid during the call only.</summary>
    void OnMalformed(LinePlace place, string defect, ReadOnlySpan<byte> line);

    /// <summary>A line with the marks of a record, in a form that is not read; valid during the call only.</summary>
    void OnUnread(LinePlace place, ReadOnlySpan<byte> line);

    /// <summary>An event of a type that is subscribed to.</summary>
    void OnEvent(AuditEvent record, LinePlace place, in LineOrigin origin);

    /// <summary>When an event of any type was; called only where <see cref="ReadOptions.Moments"/> wants them, before what is made of the line.</summary>
    void OnMoment(in EventMoment moment);

    /// <summary>The kernel says that it lost records; called only where <see cref="ReadOptions.Moments"/> wants it.</summary>
    void OnLoss(in LossNotice notice);

    /// <summary>The carrier says that the host booted here.</summary>
    void OnBootMark(LinePlace place);
}

/// <summary>Where a line is, in bytes from the beginning of the text.</summary>
/// <param name="Offset">Where it begins.</param>
/// <param name="End">Where the next one begins.</param>
internal readonly record struct LinePlace(long Offset, long End);

/// <summary>What the carrier of a record says beside it.</summary>
/// <param name="Side">Which of the journal's two lines of an event it is.</param>
/// <param name="Text">What both lines of the event have; null where <paramref name="Side"/> is none.</param>
/// <param name="Clock">When the line was written, in milliseconds modulo a day; null where the carrier shows no time.</param>
/// <param name="BootId">The journal's id of the boot; null where the carrier has none.</param>
internal readonly record struct LineOrigin(TwinSide Side, byte[]? Text, long? Clock, string? BootId)
{
    /// <summary>Whether the carrier says nothing that matters.</summary>
    public bool IsNone => Side == TwinSide.None && BootId is null;
}
