using LibvirtAudit.Records;

namespace LibvirtAudit.Findings;

/// <summary>Makes findings: what the catalog says of their kind, and the guest of a record.</summary>
internal static class Found
{
    /// <summary>How many events a finding names.</summary>
    internal const int MostEvidence = 32;
    private const int LongestBrief = 160;

    internal static VirtAuditFinding Of(FindingKind kind, string message, string? node, long? stamp, params IEnumerable<string?> evidence)
    {
        (FindingSeverity severity, string advice) = FindingCatalog.Describe(kind);
        return new VirtAuditFinding
        {
            Severity = severity.ToString(),
            Kind = kind.ToString(),
            Message = message,
            Advice = advice,
            Node = node,
            UnixMilliseconds = stamp,
            Evidence = [.. evidence.OfType<string>().Distinct().Take(MostEvidence)],
        };
    }

    /// <summary>The same, less severe than its kind is as a rule.</summary>
    internal static VirtAuditFinding As(this VirtAuditFinding finding, FindingSeverity severity)
    {
        finding.Severity = severity.ToString();
        return finding;
    }

    /// <summary>The same, about the guest of a record.</summary>
    internal static VirtAuditFinding About(this VirtAuditFinding finding, VirtAuditRecord record)
    {
        finding.VMName = record.VMName;
        finding.Uuid = record.Uuid;
        finding.Driver = record.Driver;
        finding.Source ??= record.Source;
        return finding;
    }

    internal static VirtAuditFinding In(this VirtAuditFinding finding, string? source)
    {
        finding.Source = source;
        return finding;
    }

    internal static string Show(string? text) => PrintableText.Escape(text) ?? "?";

    /// <summary>A record in a line that fits into a sentence.</summary>
    internal static string Brief(VirtAuditRecord record)
    {
        string text = RecordText.Describe(record);
        return text.Length <= LongestBrief ? text : string.Concat(text.AsSpan(0, LongestBrief), "…");
    }

    /// <summary>A time that passed; null where it is not known.</summary>
    internal static string Seconds(long? milliseconds) => milliseconds is null ? "an unknown time" : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{milliseconds / 1000m:0.###} seconds");

    internal static string Plural(long count, string one) => count == 1 ? "1 " + one : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{count} {one}s");
}
