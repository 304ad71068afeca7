namespace LibvirtAudit.Benchmarks.Generation;

/// <summary>An event of another program's, taken from a capture of a real host: one or more lines with one stamp and serial.</summary>
/// <param name="Lines">What stands before and behind the stamp in each line.</param>
public sealed record OtherEvent(IReadOnlyList<OtherEvent.Line> Lines)
{
    private const byte EnrichmentMark = 0x1D;

    /// <summary>The events of a capture that are neither libvirt's nor the audit daemon's own, in their order.</summary>
    /// <param name="capture">An enriched audit.log.</param>
    /// <param name="isEnriched">Whether the lines keep what auditd added.</param>
    public static IReadOnlyList<OtherEvent> Read(string capture, bool isEnriched)
    {
        var events = new List<List<Line>>();
        string last = "";
        foreach (string text in File.ReadLines(capture, System.Text.Encoding.Latin1))
        {
            if (text.StartsWith("type=VIRT_", StringComparison.Ordinal) || text.StartsWith("type=DAEMON_", StringComparison.Ordinal))
            {
                continue;
            }

            int stamp = text.IndexOf("audit(", StringComparison.Ordinal) + "audit(".Length, end = text.IndexOf(')', stamp), mark = text.IndexOf((char)EnrichmentMark);
            if (text[stamp..end] != last)
            {
                events.Add([]);
                last = text[stamp..end];
            }

            events[^1].Add(new Line(System.Text.Encoding.Latin1.GetBytes(text[..stamp]), System.Text.Encoding.Latin1.GetBytes(isEnriched || mark < 0 ? text[end..] : text[end..mark])));
        }

        return [.. events.Select(lines => new OtherEvent(lines))];
    }

    /// <summary>A line around its stamp and serial.</summary>
    /// <param name="Before">The bytes up to and with <c>audit(</c>.</param>
    /// <param name="Behind">The bytes from <c>)</c> to the line's end, without the line feed.</param>
    public sealed record Line(byte[] Before, byte[] Behind);
}
