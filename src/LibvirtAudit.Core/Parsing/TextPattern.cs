namespace LibvirtAudit.Parsing;

/// <summary>One pattern that a value of a record is compared with.</summary>
/// <param name="IsMatch">Whether a text matches; a missing value is given as the empty text, as PowerShell's <c>-like</c> takes it.</param>
public sealed record TextPattern(Func<string, bool> IsMatch)
{
    /// <summary>A pattern that only <paramref name="text"/> itself matches, ignoring case.</summary>
    public static TextPattern Exactly(string text) => new(value => string.Equals(value, text, StringComparison.OrdinalIgnoreCase));
}
