using System.Globalization;
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

    /// <summary>A log that is named where records are piped.</summary>
    public static Fault PathBesideInput() =>
        new(FaultId.InvalidInputObject, "Records or files come through the pipeline and -Path names a log: only one of both is read. Leave one out.");

    /// <summary>A filter's wildcard pattern that is none.</summary>
    public static Fault InvalidPattern(string pattern, Exception cause) =>
        new(FaultId.InvalidPattern, $"'{PrintableText.Escape(pattern)}' is no wildcard pattern; a bracket that stands for itself is written `[.") { Target = pattern, Cause = cause };

    /// <summary>Records of which it is not known whether they were given before; the rest of the analysis is what it would be.</summary>
    public static Fault RepeatsUnknown(long count) => new(FaultId.RepeatsUnknown, string.Create(CultureInfo.InvariantCulture,
        $"Whether {count} of the records were given before is not known: what came at their time is not remembered. They count as new."))
    {
        IsWarning = true,
    };

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
