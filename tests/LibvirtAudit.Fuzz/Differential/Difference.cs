namespace LibvirtAudit.Fuzz.Differential;

/// <summary>What this project and libauparse make differently of one line.</summary>
/// <param name="Field">The field by its name in the log; <c>record</c>, <c>event</c>, <c>type</c> and <c>node</c> for what stands around the fields.</param>
/// <param name="Ours">What this project reads; null for none.</param>
/// <param name="Theirs">What libauparse reads, several where the line has several fields of the name; empty for none.</param>
internal sealed record Difference(string Field, string? Ours, IReadOnlyList<string?> Theirs)
{
    public override string ToString() => $"{Field}: '{Ours ?? "(none)"}' and '{string.Join("', '", Theirs.Select(value => value ?? "(none)"))}'";
}
