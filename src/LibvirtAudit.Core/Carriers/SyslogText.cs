using System.Buffers;
using System.Buffers.Text;

namespace LibvirtAudit.Carriers;

/// <summary>
/// The short forms of <c>journalctl</c> and what syslog writes to files: <c>[&lt;PRI&gt;][TIME ][HOST ]WRITER[[PID]]: MESSAGE</c>, where a
/// message forwarded without a tag begins behind the host.
/// </summary>
internal sealed class SyslogText : Carrier
{
    private const int MostRepeats = 64;
    private static readonly SearchValues<byte> WriterBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/@"u8);
    private static readonly SearchValues<byte> HostBytes = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-/@:[]%"u8);

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("journalctl -o short, short-precise, short-monotonic, short-delta", "Nov 22 14:53:07 kvm1 audit[5405]: VIRT_CONTROL pid=…", "none", false, "the line's", true, "who calls itself audit, kernel or a daemon of libvirt")
        {
            Remark = "The kernel: lines of the same events have stamp and serial. Where a log has both lines of an event it is given once, as the line that comes first has it. "
                + "journalctl prints '[203B blob data]' for a message that is no plain text.",
        },
        new("journalctl -o short-iso, short-iso-precise, short-full, short-unix", "2026-11-22T14:53:07+0000 kvm1 audit[5405]: VIRT_CONTROL pid=…", "the line's, where it has a zone", false, "the line's", true, "as above")
        {
            Remark = "Of the names of zones only UTC and GMT are known.",
        },
        new("journalctl -o with-unit", "Sun 2026-11-22 14:53:07 UTC kvm1 libvirtd.service[5405]: VIRT_CONTROL pid=…", "the line's, where it has a zone", false, "the line's", false, "the units of libvirt's daemons, kernel")
        {
            Remark = "The unit stands in place of the writer, and whoever runs in a guest's scope can write there: of other events only the kernel's lines are read.",
        },
        new("syslog, with a tag of auditd, its dispatchers or rsyslog's imfile", "Nov 22 14:53:07 kvm1 audisp-syslog[985]: type=VIRT_CONTROL msg=audit(…): …", "its own", true, "node=, else the line's", true, "who calls itself one of: " + string.Join(", ", Speakers.DispatcherNames))
        {
            Remark = "Other tags are no record's, and are told as unread. With audisp-syslog's interpret the stamp is of a whole second of local time, and there is no serial.",
        },
        new("syslog without a tag", "Nov 22 14:53:07 kvm1 type=VIRT_CONTROL msg=audit(…): …", "its own", true, "node=, else the line's", true, "anybody who may write to syslog"),
        new("syslog of the kernel", "Nov 22 14:53:07 kvm1 kernel: [ 3029.9] audit: type=2500 audit(…): …", "its own", true, "the line's", true, "who calls itself kernel"),
        new("libvirt's messages in syslog and the journal's short forms", "Nov 22 14:53:07 kvm1 libvirtd[812]: success=yes virt=qemu …", "the line's, where it is whole", false, "the line's", false, "who calls itself a daemon of libvirt"),
    ];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        ReadOnlySpan<byte> text = outer.Text;
        Envelope inner = outer;
        int position = AfterPriority(text, outer.Start);
        int first = position;
        bool hasTime = LineTime.TryRead(text, ref position, out LineTime time);
        if (hasTime)
        {
            inner.Moment = time.Moment;
            inner.Clock = time.Clock;
        }

        ReadOnlySpan<byte> word = LineTime.Word(text, position);
        if (!TryReadWriter(word, out ReadOnlySpan<byte> writer, out int? processId))
        {
            if (!hasTime || word.IsEmpty || word.ContainsAnyExcept(HostBytes))
            {
                return false;
            }

            inner.Host = word;
            position = LineTime.Behind(text, position + word.Length);
            word = LineTime.Word(text, position);
            if (IsRecord(word))
            {
                inner.Start = position;
                inner.Speakers &= Speaker.Audit;
                sink.OnEnvelope(inner);
                return true;
            }

            if (!TryReadWriter(word, out writer, out processId))
            {
                return false;
            }
        }
        else if (!hasTime && position != first)
        {
            return false;
        }

        // The kernel's log has such times too, and there anybody's device may be called 'audit': the journal shows whose record it is.
        if (text[first..].StartsWith("["u8) && processId is null && writer.SequenceEqual("audit"u8))
        {
            return false;
        }

        // A message that begins with blanks is not the writer's own beginning: only one blank is the form's.
        int message = position + word.Length;
        Unwrap(inner, text, Math.Min(message + 1, text.Length), writer, processId, sink);
        return true;
    }

    private static void Unwrap(Envelope inner, ReadOnlySpan<byte> text, int message, ReadOnlySpan<byte> writer, int? processId, IEnvelopeSink sink)
    {
        Speaker speakers = Speakers.Of(writer);
        inner.Speakers = Speakers.Within(inner.Speakers, speakers);
        inner.Side = (speakers & Speaker.Journal) != 0 ? TwinSide.Journal : (speakers & Speaker.Kernel) != 0 ? TwinSide.Kernel : TwinSide.None;
        inner.Depth++;
        inner.ProcessId = (speakers & Speaker.Libvirt) != 0 ? processId : null;
        int repeats = TryUnrepeat(ref text, ref message);
        inner.Text = text;
        inner.Start = (speakers & Speaker.Kernel) != 0 ? KernelLog.TextBehind(text, message) : message;
        for (int i = 0; i < repeats; i++)
        {
            if (!sink.OnEnvelope(inner) && ((speakers & Speaker.Libvirt) != 0 || inner.Message.StartsWith(DocumentPrefix.Cookie)))
            {
                // A whole line of libvirt's own log, sent on by a forwarder under the daemon's name, or a document.
                CarrierTable.Unwrap(inner, sink);
            }
        }
    }

    // rsyslog's 'message repeated 2 times: [ MESSAGE]': so many more of the message before.
    private static int TryUnrepeat(ref ReadOnlySpan<byte> text, ref int message)
    {
        ReadOnlySpan<byte> opening = "message repeated "u8;
        ReadOnlySpan<byte> rest = text[message..];
        if (!rest.StartsWith(opening) || !Utf8Parser.TryParse(rest[opening.Length..], out int count, out int used) || count < 1
            || !rest[(opening.Length + used)..].StartsWith(" times: ["u8) || rest[^1] != (byte)']')
        {
            return 1;
        }

        message = LineTime.Behind(text, message + opening.Length + used + " times: [".Length);
        text = text[..^1];
        message = Math.Min(message, text.Length);
        return text[message..].IndexOf("audit("u8) >= 0 ? 1 : Math.Min(count, MostRepeats);
    }

    private static bool IsRecord(ReadOnlySpan<byte> word) => word.StartsWith("type="u8) || word.StartsWith("node="u8);

    private static int AfterPriority(ReadOnlySpan<byte> text, int start)
    {
        ReadOnlySpan<byte> rest = text[start..];
        int close = rest.StartsWith("<"u8) ? rest.IndexOf((byte)'>') : -1;
        return close is > 1 and < 5 && !rest[1..close].ContainsAnyExceptInRange((byte)'0', (byte)'9') ? start + close + 1 : start;
    }

    private static bool TryReadWriter(ReadOnlySpan<byte> word, out ReadOnlySpan<byte> writer, out int? processId)
    {
        processId = null;
        writer = default;
        if (word is not [.. var token, (byte)':'])
        {
            return false;
        }

        writer = token;
        if (token is [.., (byte)']'] && token.IndexOf((byte)'[') is > 0 and var open
            && Utf8Parser.TryParse(token[(open + 1)..^1], out int number, out int used) && used == token.Length - open - 2)
        {
            processId = number;
            writer = token[..open];
        }

        return writer.Length > 0 && !writer.ContainsAnyExcept(WriterBytes);
    }
}
