using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// libvirt's own message of a record, as its log and the journal have it: <c>success=yes BODY</c>, <c>success=no BODY</c>, and
/// <c>Failed to send audit message BODY: ERROR</c> where the kernel refused it. Bodies have no trailer (libvirt <c>src/util/viraudit.c</c>).
/// </summary>
internal static class LibvirtMessage
{
    private static ReadOnlySpan<byte> Success => "success=yes "u8;

    private static ReadOnlySpan<byte> Failure => "success=no "u8;

    private static ReadOnlySpan<byte> Refusal => "Failed to send audit message "u8;

    /// <summary>Reads the message that begins at <paramref name="start"/>; false where it is none.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, int start, RecordLayout layout)
    {
        ReadOnlySpan<byte> rest = text[start..];
        ReadOnlySpan<byte> opening = rest.StartsWith(Success) ? Success : rest.StartsWith(Failure) ? Failure : rest.StartsWith(Refusal) ? Refusal : [];
        if (opening.IsEmpty)
        {
            return false;
        }

        int body = start + opening.Length, end = text.Length;
        bool isCut = false;
        if (opening.SequenceEqual(Refusal))
        {
            layout.Delivered = false;
            int error = text[body..].LastIndexOf(": "u8);
            isCut = error < 0;
            end = isCut ? text.Length : body + error;
        }
        else
        {
            layout.Outcome = opening.SequenceEqual(Success) ? "success" : "failed";
        }

        layout.IsLibvirtMessage = true;
        BodyReader.ReadAlone(text, body, end, layout);
        if (layout.Shape is null && (isCut || IsCut(text[body..end])) && IsBody(text[body..end]))
        {
            BodyReader.ReadCut(text, body, end, layout);
            return true;
        }

        return layout.Shape is not null || layout[RecordField.VMName].HasValue;
    }

    // Every body of libvirt's has a driver or a guest in it.
    private static bool IsBody(ReadOnlySpan<byte> body) => body.StartsWith("virt="u8) || body.IndexOf(" vm="u8) >= 0 || body.StartsWith("vm="u8);

    // A quote that is not closed, half a UUID or half a name at the end.
    private static bool IsCut(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> last = body[(body.LastIndexOf((byte)' ') + 1)..];
        int equals = last.IndexOf((byte)'=');
        ReadOnlySpan<byte> value = equals < 0 ? default : last[(equals + 1)..];
        return (body.Count((byte)'"') & 1) != 0 || equals < 0 || value.IsEmpty || (last.StartsWith("uuid="u8) && value.Length < "00000000-0000-0000-0000-000000000000".Length);
    }
}
