namespace LibvirtAudit.Parsing;

/// <summary>
/// The marks of a record in a line of which nothing was read: a type of the virtualization range by name or number with a stamp,
/// or with <c>pid=</c> and a guest, behind it; or libvirt's own message.
/// </summary>
internal static class UnreadMark
{
    /// <summary>Whether <paramref name="line"/> has them. Linear in its length.</summary>
    public static bool In(ReadOnlySpan<byte> line) => HasMessage(line) || HasType(line, "VIRT_"u8) || HasType(line, "type=25"u8) || HasType(line, "AUDIT25"u8) || HasType(line, "UNKNOWN[25"u8);

    private static bool HasMessage(ReadOnlySpan<byte> line)
    {
        int refusal = line.IndexOf("Failed to send audit message "u8);
        int success = line.IndexOf("success="u8);
        return (refusal >= 0 && IsBody(line[refusal..]))
            || (success >= 0 && (line[success..].StartsWith("success=yes "u8) || line[success..].StartsWith("success=no "u8)) && IsBody(line[success..]));
    }

    private static bool IsBody(ReadOnlySpan<byte> text) => text.IndexOf(" vm="u8) >= 0;

    private static bool HasType(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name)
    {
        while (line.IndexOf(name) is >= 0 and var found)
        {
            line = line[(found + name.Length)..];
            int end = line.IndexOfAnyExceptInRange((byte)'0', (byte)'_');
            ReadOnlySpan<byte> behind = end < 0 ? default : line[end..].TrimStart("]\", :\\"u8);
            if (behind.StartsWith("msg=audit("u8) || behind.StartsWith("audit("u8) || (behind.StartsWith("pid="u8) && IsBody(behind)) || IsDate(behind))
            {
                return true;
            }
        }

        return false;
    }

    // ausearch --format csv: '…,"VIRT_CONTROL","11/14/2023","22:13:20",…'.
    private static bool IsDate(ReadOnlySpan<byte> text) =>
        text.Length > 10 && text[0] is >= (byte)'0' and <= (byte)'9' && text[..10].IndexOfAny("/-."u8) is >= 1 and <= 4 && text[..11].Count((byte)'"') <= 1 && text[..Math.Min(text.Length, 40)].Contains((byte)':');
}
