using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>Tells records from paths, where a text could be either.</summary>
internal static class PathText
{
    /// <summary>The text that stands for a record where a path belongs.</summary>
    public static string OfRecord(VirtAuditRecord record) => $"type={record.RecordType} msg=audit({record.EventId})";

    /// <summary>Whether a text is the line of a log, not a path.</summary>
    public static bool IsRecord(string text) => text.Contains("audit(", StringComparison.Ordinal) || text.Contains(" msg='", StringComparison.Ordinal);
}
