using System.Buffers.Text;

namespace LibvirtAudit.Carriers;

/// <summary>
/// libvirt's own log with <c>audit_logging</c> on: <c>2026-11-22 14:52:55.865+0000: 5436: info : virDomainAuditNetDevice:318 :
/// success=yes BODY</c>, and where the kernel refused it <c>… warning : virAuditSend:135 : Failed to send audit message BODY:
/// ERROR</c> (libvirt <c>src/util/viraudit.c</c>, <c>virlog.c</c>; before 0.9 without the date). Or such a message alone.
/// </summary>
internal sealed class LibvirtLog : Carrier
{
    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("libvirt's own log (audit_logging=1)", "2026-11-22 14:53:07.123+0000: 5436: info : virDomainAuditX:318 : success=yes virt=qemu …", "the line's", false, "none", false, "libvirt's daemon")
        {
            Remark = "The bodies have no trailer and say nothing of who the daemon was. A record that the kernel refused is given once, as not delivered.",
        },
    ];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        if (!outer.Allows(Speaker.Libvirt))
        {
            return false;
        }

        Envelope inner = outer;
        inner.Speakers = Speaker.Libvirt;
        ReadOnlySpan<byte> text = outer.Text;
        if (IsMessage(outer.Message))
        {
            return sink.OnEnvelope(inner);
        }

        // [DATE ]TIME[ZONE]: THREAD: LEVEL : [FUNCTION:LINE : ]MESSAGE
        int position = outer.Start;
        DateTime? day = null;
        if (text.Length > position + 10 && text[position + 10] == (byte)' ' && LineTime.TryReadDate(text.Slice(position, 10), out DateTime date))
        {
            day = date;
            position += 11;
        }

        if (!LineTime.TryReadClock(text[position..], out long clock, out int used))
        {
            return false;
        }

        position += used;
        int colon = text[position..].IndexOf(": "u8);
        if (colon is < 0 or > 6)
        {
            return false;
        }

        ReadOnlySpan<byte> zone = text.Slice(position, colon);
        position += colon + 2;
        int threadEnd = text[position..].IndexOf(": "u8);
        if (threadEnd < 0 || !Utf8Parser.TryParse(text.Slice(position, threadEnd), out ulong thread, out used) || used != threadEnd)
        {
            return false;
        }

        position += threadEnd + 2;
        int level = text[position..].IndexOf(" : "u8);
        if (level < 0 || !(text.Slice(position, level).SequenceEqual("info"u8) || text.Slice(position, level).SequenceEqual("warning"u8)))
        {
            return false;
        }

        position += level + 3;
        position = IsMessage(text[position..]) ? position : AfterFunction(text, position);
        inner.Start = position;
        inner.Clock = clock;
        inner.Moment = day is DateTime known && LineTime.TryReadOffset(zone, out int minutes) ? LineTime.MomentOf(known, clock, minutes) : null;
        inner.Thread = thread;
        return IsMessage(text[position..]) && sink.OnEnvelope(inner);
    }

    /// <summary>Whether a text begins as libvirt's message of a record does.</summary>
    internal static bool IsMessage(ReadOnlySpan<byte> text) =>
        text.StartsWith("success=yes "u8) || text.StartsWith("success=no "u8) || text.StartsWith("Failed to send audit message "u8);

    private static int AfterFunction(ReadOnlySpan<byte> text, int start)
    {
        int end = text[start..].IndexOf(" : "u8);
        return end < 0 || text.Slice(start, end).Contains((byte)' ') ? text.Length : start + end + 3;
    }
}
