using LibvirtAudit.Carriers;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>
/// Where a file may give less than its lines one by one: a reader of files looks only at lines that hold one of a few
/// words, and a text can be a record without any. No writer of records writes such text. And a document that is printed over
/// several lines is read where the file begins with one.
/// </summary>
internal static class CandidateLimits
{
    private static readonly WordSearch Words = new(CandidateScanner.VirtWords);

    /// <summary>Whether a line of <paramref name="text"/> that is a record by itself holds none of the words.</summary>
    public static bool Explain(ReadOnlySpan<byte> text)
    {
        var parser = new LineParser();
        while (!text.IsEmpty)
        {
            int length = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? text : text[..length];
            if (Words.IndexIn(line, 0) < 0 && (CarrierTable.BeginsEntry(line) || parser.TryParse(line, out _)))
            {
                return true;
            }

            text = length < 0 ? [] : text[(length + 1)..];
        }

        return false;
    }
}
