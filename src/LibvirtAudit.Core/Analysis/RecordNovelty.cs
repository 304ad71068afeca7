namespace LibvirtAudit.Analysis;

/// <summary>Whether a record was seen before.</summary>
internal enum RecordNovelty
{
    /// <summary>It was not.</summary>
    New,

    /// <summary>That can't be known. It counts as new.</summary>
    Unknown,

    /// <summary>It was.</summary>
    Repeated,
}
