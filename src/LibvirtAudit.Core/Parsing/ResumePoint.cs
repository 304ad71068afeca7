namespace LibvirtAudit.Parsing;

/// <summary>Where in a text to go on so that no record is lost and none comes twice.</summary>
/// <param name="Offset">The beginning of the first line that is to be read.</param>
/// <param name="Answered">The lines behind it that are not: they tell of the refusal of records that have left with that knowledge.</param>
internal sealed record ResumePoint(long Offset, IReadOnlyList<long> Answered);
