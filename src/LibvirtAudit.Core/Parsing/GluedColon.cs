using LibvirtAudit.Format;

namespace LibvirtAudit.Parsing;

/// <summary>
/// The colon that libaudit before 2.1.4 (December 2011) put between a body and its trailer, <c>vm-pid=4711: exe=…</c>
/// (<c>lib/audit_logging.c</c>): it is no part of the body's last value.
/// </summary>
internal static class GluedColon
{
    /// <summary>
    /// Where the body ends without the colon, if there is one. It stays where it can be the value's own: behind a bare path,
    /// which libvirt writes only since 2.4, years after that libaudit, and behind the open value of an interpreted body.
    /// </summary>
    public static int Strip(ReadOnlySpan<byte> text, int start, int end, RecordLayout layout)
    {
        ReadOnlySpan<byte> body = text[start..end];
        return body is [.., (byte)':'] && !(layout.IsInterpreted ? EndsOpen(body) : EndsInBarePath(body, layout.Type)) ? end - 1 : end;
    }

    private static bool EndsInBarePath(ReadOnlySpan<byte> body, int type)
    {
        foreach (RecordShape shape in ShapeIndex.Candidates(type, body))
        {
            if (shape.FieldSpan[^1] is { Form: FieldForm.Verbatim, Property: RecordField.DevicePath } && body[^2] != (byte)'"')
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsOpen(ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> last = body[(body.LastIndexOf((byte)' ') + 1)..];
        int equals = last.IndexOf((byte)'=');
        return equals < 0 || FieldNames.Find(last[..equals]) is not FieldDefinition field || InterpretedShape.IsOpen(field);
    }
}
