using System.Globalization;
using System.Text;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>The failure of an assertion, with all that a reader of a test's report needs to see.</summary>
internal static class AssertionFaults
{
    /// <summary>Other records were found than were wanted.</summary>
    /// <param name="wanted">How many were wanted; null for at least one.</param>
    /// <param name="filter">What they were to be, in words; empty for any.</param>
    /// <param name="found">How many were found.</param>
    /// <param name="matching">The first of them.</param>
    /// <param name="read">How many records were read in all.</param>
    /// <param name="last">The last of all that were read.</param>
    public static Fault Failed(int? wanted, string filter, int found, IEnumerable<VirtAuditRecord> matching, int read, IEnumerable<VirtAuditRecord> last)
    {
        var message = new StringBuilder();
        message.Append(CultureInfo.InvariantCulture, $"Expected {(wanted is int count ? Count(count) : "at least 1 record")}{(filter.Length == 0 ? "" : " with ")}{Show(filter)}, but found {found}");
        if (found > 0)
        {
            message.Append(": ").Append(List(matching));
        }
        else
        {
            message.Append(CultureInfo.InvariantCulture, $" among {Count(read)}");
            message.Append(read == 0 ? "" : "; the last were: ").Append(List(last));
        }

        return new Fault(FaultId.AssertionFailed, message.Append('.').ToString());
    }

    /// <summary>That there is no such record can't be said of a log that was not read.</summary>
    public static Fault NotRead(string filter) =>
        new(FaultId.AssertionFailed, $"Expected no record{(filter.Length == 0 ? "" : " with ")}{Show(filter)}, but a log could not be read, so that nothing is known of it.");

    private static string Count(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} record{(count == 1 ? "" : "s")}");

    private static string List(IEnumerable<VirtAuditRecord> records) => string.Join("; ", records.Select(record => $"{Show(record.EventId)} {Show(record.ToString())}".TrimStart()));

    private static string? Show(string? text) => PrintableText.Escape(text);
}
