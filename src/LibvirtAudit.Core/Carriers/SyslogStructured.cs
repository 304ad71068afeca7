namespace LibvirtAudit.Carriers;

/// <summary>
/// Syslog of RFC 5424, <c>[&lt;PRI&gt;]1 TIME HOST WRITER PROCID MSGID SD MESSAGE</c>, with the length that RFC 6587 puts before it or without.
/// </summary>
internal sealed class SyslogStructured : Carrier
{
    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("syslog, RFC 5424", "<14>1 2026-11-22T14:53:07.123456+00:00 kvm1 audispd 1234 - - type=VIRT_CONTROL msg=audit(…): …", "its own; the line's for libvirt's messages", true, "node=, else the line's", true, "as with syslog's tags"),
    ];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        ReadOnlySpan<byte> text = outer.Text;
        int position = AfterVersion(text, outer.Start);
        ReadOnlySpan<byte> time = position < 0 ? default : LineTime.Word(text, position);
        if (!LineTime.TryReadIso(time, out long? moment, out long clock))
        {
            return false;
        }

        Envelope inner = outer;
        inner.Moment = moment;
        inner.Clock = clock;
        position += time.Length + 1;
        if (!TryNext(text, ref position, out ReadOnlySpan<byte> host) || !TryNext(text, ref position, out ReadOnlySpan<byte> writer)
            || !TryNext(text, ref position, out ReadOnlySpan<byte> process) || !TryNext(text, ref position, out _) || !TrySkipData(text, ref position))
        {
            return false;
        }

        inner.Host = host.SequenceEqual("-"u8) ? inner.Host : host;
        ReadOnlySpan<byte> message = text[position..];
        position += message.StartsWith("\uFEFF"u8) ? "\uFEFF"u8.Length : 0;
        position = LineTime.Behind(text, position);
        Speaker speakers = Speakers.Of(writer);
        bool isKernel = (speakers & Speaker.Kernel) != 0;
        inner.Speakers = Speakers.Within(inner.Speakers, speakers);
        inner.Side = (speakers & Speaker.Journal) != 0 ? TwinSide.Journal : isKernel ? TwinSide.Kernel : TwinSide.None;
        inner.Start = isKernel ? KernelLog.TextBehind(text, position) : position;
        inner.ProcessId = (speakers & Speaker.Libvirt) != 0 && System.Buffers.Text.Utf8Parser.TryParse(process, out int id, out int used) && used == process.Length ? id : null;
        inner.Depth++;
        if (!sink.OnEnvelope(inner) && ((speakers & Speaker.Libvirt) != 0 || inner.Message.StartsWith(DocumentPrefix.Cookie)))
        {
            CarrierTable.Unwrap(inner, sink);
        }

        return true;
    }

    // Behind '[LENGTH ][<PRI>]1 '; negative where it is not there.
    private static int AfterVersion(ReadOnlySpan<byte> text, int start)
    {
        ReadOnlySpan<byte> rest = text[start..];
        int open = rest.IndexOf((byte)'<');
        if (open is > 1 and < 8 && rest[open - 1] == (byte)' ' && !rest[..(open - 1)].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
        {
            start += open;
            rest = rest[open..];
        }

        if (rest.StartsWith("<"u8))
        {
            int close = rest.IndexOf((byte)'>');
            if (close is < 2 or > 4 || rest[1..close].ContainsAnyExceptInRange((byte)'0', (byte)'9'))
            {
                return -1;
            }

            start += close + 1;
            rest = rest[(close + 1)..];
        }

        return rest.StartsWith("1 "u8) ? start + 2 : -1;
    }

    private static bool TryNext(ReadOnlySpan<byte> text, scoped ref int position, out ReadOnlySpan<byte> word)
    {
        word = position >= text.Length ? default : LineTime.Word(text, position);
        position += word.Length + 1;
        return !word.IsEmpty && position <= text.Length;
    }

    // '-' or '[ID NAME="VALUE"…]…', in whose values '"', '\' and ']' are escaped.
    private static bool TrySkipData(ReadOnlySpan<byte> text, ref int position)
    {
        ReadOnlySpan<byte> rest = text[position..];
        if (rest.StartsWith("- "u8))
        {
            position += 2;
            return true;
        }

        int at = 0;
        while (at < rest.Length && rest[at] == (byte)'[')
        {
            bool isQuoted = false;
            for (at++; at < rest.Length && (isQuoted || rest[at] != (byte)']'); at++)
            {
                isQuoted ^= rest[at] == (byte)'"';
                at += isQuoted && rest[at] == (byte)'\\' ? 1 : 0;
            }

            at++;
        }

        bool isData = at > 0 && at < rest.Length && rest[at] == (byte)' ';
        position += isData ? at + 1 : 0;
        return isData;
    }
}
