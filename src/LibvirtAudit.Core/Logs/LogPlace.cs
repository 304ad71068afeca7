using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>Up to where a log was read.</summary>
/// <param name="Identity">Which file; null off Linux.</param>
/// <param name="Point">Where in its text.</param>
/// <param name="Fingerprint">What stands before that; null in a compressed log, which is known by its identity alone.</param>
/// <param name="LastEvent">The last event before it, <c>SEC.MMM:SERIAL</c>, of any type of record; null where none is near.</param>
internal sealed record LogPlace(FileIdentity? Identity, ResumePoint Point, Fingerprint? Fingerprint, string? LastEvent)
{
    /// <summary>Of a journal the last entry that was read, behind which the point counts; null in other logs.</summary>
    public string? Cursor { get; init; }
}
