using LibvirtAudit.Parsing;

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
            if (Read(text[(found + Opening.Length)..], out string? name) is not null)
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
            text = text[(found + Opening.Length)..];
            if (Read(text, out _) is long time)
            {
                return time;
            }
        }

        return null;
    }

    private static long? Read(ReadOnlySpan<byte> text, out string? name)
    {
        int end = text.IndexOf((byte)')');
        if (end > 0 && EventStamp.TryRead(text[..end], out long milliseconds, out _))
        {
            name = System.Text.Encoding.ASCII.GetString(text[..end]);
            return milliseconds;
        }

        name = null;
        return null;
    }
}
