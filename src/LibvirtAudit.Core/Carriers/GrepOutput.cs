using System.Buffers;

namespace LibvirtAudit.Carriers;

/// <summary>What grep puts before a line of any other carrier: <c>FILE:</c>, <c>LINE:</c>, <c>FILE:LINE:</c>, with a dash where the line is context (<c>-A</c>, <c>-B</c>, <c>-C</c>).</summary>
internal sealed class GrepOutput : Carrier
{
    private const int MostParts = 32;

    // What no name of a file holds that somebody greps.
    private static readonly SearchValues<byte> Ends = SearchValues.Create(" =\"'{[\t"u8);

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("grep of any of these", "/var/log/audit/audit.log.2:123:type=VIRT_CONTROL msg=audit(…): …", "the form's", true, "the form's", true, "the form's")
        {
            Remark = "Where grep left lines out, what is missing can't be told.",
        },
    ];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        // Only at the line's own beginning: a message within another carrier was not grepped.
        if (outer.Depth > 0)
        {
            return false;
        }

        ReadOnlySpan<byte> text = outer.Text;
        int blank = text[outer.Start..].IndexOfAny(Ends);
        int limit = blank < 0 ? text.Length : outer.Start + blank + 1;
        int from = outer.Start;
        for (int part = 0; part < MostParts; part++)
        {
            int mark = text[from..limit].IndexOfAny((byte)':', (byte)'-');
            if (mark < 0)
            {
                return false;
            }

            from += mark + 1;
            Envelope inner = outer;
            inner.Depth++;
            inner.Start = from + (text[from..].StartsWith("\t"u8) ? 1 : 0);
            if (mark > 0 && CarrierTable.Unwrap(inner, sink))
            {
                return true;
            }
        }

        return false;
    }
}
