using System.Buffers.Text;
using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// What stands behind the header of a libvirt record: <c>pid=N uid=N auid=N ses=N[ subj=LABEL] msg='BODY TRAILER'[0x1D ENRICHED]</c>.
/// </summary>
internal static class PayloadReader
{
    private const uint Unset = uint.MaxValue;

    private static readonly byte[][] BodyOpenings = [" virt="u8.ToArray(), " resrc="u8.ToArray(), " op="u8.ToArray(), " vm="u8.ToArray()];

    /// <summary>Reads <c>pid=N uid=N auid=N ses=N[ subj=LABEL] msg='BODY TRAILER'[0x1D ENRICHED]</c> from <paramref name="start"/>.</summary>
    public static void Read(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        bool isKnown = !layout.IsInterpreted && layout.Frame.HasHead(line, start);
        int message = isKnown ? layout.Frame.HeadLength : MessageIn(line[start..]);
        if (message < 0)
        {
            ReadUnquoted(line, start, layout);
            return;
        }

        int body = start + message;
        bool isFramed = !layout.IsInterpreted && TryReadFramed(line, body, layout);
        if (!isFramed)
        {
            ReadMessage(line, body, layout);
        }

        if (isKnown)
        {
            layout.Frame.FillHead(start, layout);
            layout.IsFramed = isFramed && layout.Shape is not null;
        }
        else
        {
            ReadHead(line, start, body, layout);
        }
    }

    // audisp-syslog's interpret takes the quotes of the message away, and its 'msg=' with them.
    private static void ReadUnquoted(ReadOnlySpan<byte> line, int start, RecordLayout layout)
    {
        int body = layout.IsInterpreted ? FirstField(line[start..]) : -1;
        if (body < 0)
        {
            layout.Defect ??= "the record has no message 'msg=…'";
            ReadEnvelope(line, start, line.Length, layout);
            return;
        }

        ReadEnvelope(line, start, start + body, layout);
        BodyReader.ReadWithTrailer(line, start + body, line.TrimEnd((byte)' ').Length, isClosed: true, layout);
    }

    // Where a body's first field begins; negative where none does.
    private static int FirstField(ReadOnlySpan<byte> payload)
    {
        int first = -1;
        foreach (byte[] name in BodyOpenings)
        {
            int found = payload.IndexOf(name);
            first = found >= 0 && (first < 0 || found < first) ? found + 1 : first;
        }

        return first;
    }

    // Where the message's body begins; negative where there is no message.
    private static int MessageIn(ReadOnlySpan<byte> payload)
    {
        int blank = payload.StartsWith("msg='"u8) ? -1 : payload.IndexOf(" msg='"u8);
        return blank < 0 && !payload.StartsWith("msg='"u8) ? -1 : blank + 1 + "msg='".Length;
    }

    private static void ReadHead(ReadOnlySpan<byte> line, int start, int body, RecordLayout layout)
    {
        (int fields, Slot user, Slot loginUser) = (layout.Additional.Count, layout.UserName, layout.LoginUserName);
        ReadEnvelope(line, start, body - "msg='".Length, layout);
        if (layout.Additional.Count == fields && layout.UserName == user && layout.LoginUserName == loginUser)
        {
            layout.Frame.KeepHead(line, start, body, layout);
        }
    }

    private static bool TryReadFramed(ReadOnlySpan<byte> line, int body, RecordLayout layout)
    {
        if (!layout.Frame.TryTail(line, body, layout, out int bodyEnd, out int quote))
        {
            return false;
        }

        BodyReader.ReadWhole(line, body, bodyEnd, quote, layout);
        return true;
    }

    private static void ReadMessage(ReadOnlySpan<byte> line, int body, RecordLayout layout)
    {
        int end = EnrichedPart.FindClosingQuote(line, body);
        if (end < 0)
        {
            BodyReader.ReadWithTrailer(line, body, line.TrimEnd((byte)' ').Length, isClosed: false, layout);
            RequireWholeResult(line, layout);
            return;
        }

        int bodyEnd = BodyReader.ReadWithTrailer(line, body, end, isClosed: true, layout);
        EnrichedPart.Read(line, end + 1, layout);
        if (bodyEnd >= 0 && !layout.IsInterpreted)
        {
            layout.Frame.KeepTail(line, bodyEnd, end, layout);
        }
    }

    // Some writers forget the closing quote (Docker did), but a record that was cut in the middle of its last word has none either.
    private static void RequireWholeResult(ReadOnlySpan<byte> line, RecordLayout layout)
    {
        ref Slot result = ref layout[RecordField.Result];
        if (result.Kind != SlotKind.Absent && !result.Of(line).SequenceEqual("success"u8) && !result.Of(line).SequenceEqual("failed"u8))
        {
            result = default;
            layout.Defect ??= "the record was cut in its result";
        }
    }

    private static void ReadEnvelope(ReadOnlySpan<byte> line, int start, int end, RecordLayout layout)
    {
        int position = start;
        while (position < end)
        {
            ReadOnlySpan<byte> rest = line[position..end];
            int blank = rest.IndexOf((byte)' ');
            int length = blank < 0 ? rest.Length : blank;
            ReadOnlySpan<byte> token = rest[..length];
            if (token.StartsWith("subj="u8))
            {
                // AppArmor's labels hold a blank before their mode: '/usr/sbin/libvirtd (enforce)'.
                length = rest.TrimEnd((byte)' ').Length;
                var subject = new Slot(position + "subj=".Length, length - "subj=".Length);

                // '?' where several security modules have a label each, in a record of their own (type 1425).
                layout.Subject = subject.Of(line).SequenceEqual("?"u8) ? default : subject;
            }
            else if (token.Length > 0 && !TryReadId(token, position, layout))
            {
                layout.Additional.Add(new Slot(position, length));
            }

            position += length + 1;
        }
    }

    private static bool TryReadId(ReadOnlySpan<byte> token, int position, RecordLayout layout)
    {
        int equals = token.IndexOf((byte)'=');
        if (equals < 0)
        {
            return false;
        }

        ReadOnlySpan<byte> name = token[..equals], value = token[(equals + 1)..];
        if (name.SequenceEqual("pid"u8))
        {
            layout.ProcessId = Utf8Parser.TryParse(value, out int pid, out int used) && used == value.Length ? pid : null;
            return layout.ProcessId is not null || value is [(byte)'?'];
        }

        if (!TryReadId(value, out uint? id, out bool isName))
        {
            return false;
        }

        var slot = new Slot(position + equals + 1, value.Length);
        if (name.SequenceEqual("uid"u8))
        {
            layout.UserId = id;
            layout.UserName = isName ? slot : layout.UserName;
        }
        else if (name.SequenceEqual("auid"u8))
        {
            layout.LoginUserId = id;
            layout.LoginUserName = isName ? slot : layout.LoginUserName;
        }
        else if (name.SequenceEqual("ses"u8) && !isName)
        {
            layout.SessionId = id;
        }
        else
        {
            return false;
        }

        return true;
    }

    // A number, or as ausearch -i shows it: 'unset', a name, or 'unknown(1002)' where the number has no name.
    private static bool TryReadId(ReadOnlySpan<byte> value, out uint? id, out bool isName)
    {
        ReadOnlySpan<byte> digits = value.StartsWith("unknown("u8) && value[^1] == (byte)')' ? value["unknown(".Length..^1] : value;
        bool isNumber = Utf8Parser.TryParse(digits, out uint number, out int used) && used == digits.Length;
        id = isNumber && number != Unset ? number : null;
        isName = !isNumber && value.Length > 0 && value[0] is not ((>= (byte)'0' and <= (byte)'9') or (byte)'-') && !EnrichedPart.IsNoName(value);
        return isNumber || isName || EnrichedPart.IsNoName(value);
    }
}
