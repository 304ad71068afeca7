using LibvirtAudit.Audit;

namespace LibvirtAudit.Logs;

/// <summary>Finds the events at the ends of a text by their stamps, whatever type of record they are of.</summary>
internal static class LastEvent
{
    private static ReadOnlySpan<byte> Opening => "audit("u8;

    /// <summary>The last event of a text, <c>SEC.MMM:SERIAL</c>; null where it names none.</summary>
    public static string? In(ReadOnlySpan<byte> text)
    {
        for (int found = text.LastIndexOf(Opening); found >= 0; found = text[..found].LastIndexOf(Opening))
        {
            if (Read(text[found..], out string? name) is not null)
            {
                return name;
            }
        }

        return null;
    }

    /// <summary>When the first event of a text was, in milliseconds since 1970-01-01 UTC; null where it names none.</summary>
    public static long? FirstTime(ReadOnlySpan<byte> text)
    {
        while (text.IndexOf(Opening) is >= 0 and var found)
        {
            if (Read(text[found..], out _) is long time)
            {
                return time;
            }

            text = text[(found + Opening.Length)..];
        }

        return null;
    }

    private static long? Read(ReadOnlySpan<byte> text, out string? name)
    {
        bool isEvent = EventHeader.TryReadStamped(text, 0, out EventHeader header) && header is { StampLength: > 0 };
        name = isEvent ? System.Text.Encoding.ASCII.GetString(text.Slice(header.StampStart, header.StampLength)) : null;
        return isEvent ? header.UnixMilliseconds : null;
    }
}
