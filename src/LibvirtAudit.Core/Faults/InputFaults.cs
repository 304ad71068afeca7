using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>The failures of what comes through the pipeline.</summary>
public static class InputFaults
{
    /// <summary>How much of an object's text a message quotes, in characters.</summary>
    private const int Excerpt = 160;

    /// <summary>An object that is no record.</summary>
    public static Fault NotARecord(object? input) =>
        new(FaultId.InvalidInputObject, $"An object of the type {TypeName(input)} is no record: '{Describe(input)}'.") { Target = Describe(input) };

    /// <summary>A record or a line of a log where a path belongs.</summary>
    public static Fault TextForPath(string input) =>
        new(FaultId.InvalidInputObject, $"'{PrintableText.Escape(input)}' is a record, not the path of a log. ConvertFrom-VirtAuditText takes lines, Where-Object records.") { Target = input };

    /// <summary>A filter's wildcard pattern that is none.</summary>
    public static Fault InvalidPattern(string pattern, Exception cause) =>
        new(FaultId.InvalidPattern, $"'{PrintableText.Escape(pattern)}' is no wildcard pattern; a bracket that stands for itself is written `[.") { Target = pattern, Cause = cause };

    private static string TypeName(object? input) => PrintableText.Escape(input?.GetType().FullName) ?? "null";

    // The object is anybody's: its text may be endless, and making it may fail.
    private static string Describe(object? input)
    {
        string text;
        try
        {
            text = input?.ToString() ?? "";
        }
        catch (Exception exception)
        {
            text = exception.GetType().Name;
        }

        return PrintableText.Escape(text.Length <= Excerpt ? text : string.Concat(text.AsSpan(0, Excerpt), "…"))!;
    }
}
