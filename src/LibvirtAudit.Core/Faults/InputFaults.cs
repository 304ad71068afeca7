using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>The failures of what comes through the pipeline.</summary>
public static class InputFaults
{
    /// <summary>An object that is no record.</summary>
    public static Fault NotARecord(object? input) =>
        new(FaultId.InvalidInputObject, $"An object of the type {TypeName(input)} is no record: '{PrintableText.Escape(input?.ToString())}'.") { Target = input };

    /// <summary>A record or a line of a log where a path belongs.</summary>
    public static Fault TextForPath(string input) =>
        new(FaultId.InvalidInputObject, $"'{PrintableText.Escape(input)}' is a record, not the path of a log. ConvertFrom-VirtAuditText takes lines, Where-Object records.") { Target = input };

    /// <summary>A filter's wildcard pattern that is none.</summary>
    public static Fault InvalidPattern(string pattern, Exception cause) =>
        new(FaultId.InvalidPattern, $"'{PrintableText.Escape(pattern)}' is no wildcard pattern; a bracket that stands for itself is written `[.") { Target = pattern, Cause = cause };

    private static string TypeName(object? input) => input?.GetType().FullName ?? "null";
}
