namespace LibvirtAudit.Findings;

/// <summary>How much a finding takes from the trust in a trail.</summary>
public enum FindingSeverity
{
    /// <summary>What a reader of the trail should know; nothing is wrong by that alone.</summary>
    Information,

    /// <summary>Something is missing or odd, unless there is an explanation that the trail does not hold.</summary>
    Warning,

    /// <summary>The trail itself says that records are missing, or holds two that can't both be true.</summary>
    Error,
}
