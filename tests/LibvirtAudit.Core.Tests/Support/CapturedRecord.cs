using LibvirtAudit.Encoding;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Support;

/// <summary>A record that libvirt wrote.</summary>
/// <param name="Record">What the parser makes of it.</param>
/// <param name="Type">Its type by name.</param>
/// <param name="Body">The body as it stands in the file.</param>
/// <param name="Result">The result as it stands in the file.</param>
internal sealed record CapturedRecord(VirtAuditRecord Record, string Type, string Body, string Result)
{
    /// <summary>The two captures of real guests.</summary>
    public static IEnumerable<CapturedRecord> OfGuests() => Of("qemu-enriched.log").Concat(Of("lxc-enriched.log"));

    /// <summary>The records of a capture.</summary>
    public static IEnumerable<CapturedRecord> Of(string file)
    {
        foreach (byte[] line in TestData.Lines(file).Where(line => line.AsSpan().StartsWith("type=VIRT_"u8)))
        {
            string text = ByteText.GetString(line);
            (string body, string result) = Split(text);
            yield return new CapturedRecord(CollectingSink.Read([line]).Records[0], text[5..text.IndexOf(' ', StringComparison.Ordinal)], body, result);
        }
    }

    /// <summary>Body and result of a line of audit.log, cut out by hand: the trailer is what stands from the last <c> exe=</c> on.</summary>
    public static (string Body, string Result) Split(string line)
    {
        int start = line.IndexOf("msg='", StringComparison.Ordinal) + 5;
        int trailer = line.LastIndexOf(" exe=", StringComparison.Ordinal);
        int result = line.LastIndexOf(" res=", StringComparison.Ordinal) + 5;
        return (line[start..trailer], line[result..line.IndexOf('\'', result)]);
    }
}
