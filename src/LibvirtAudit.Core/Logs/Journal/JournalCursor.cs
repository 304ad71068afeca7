using System.Globalization;

namespace LibvirtAudit.Logs.Journal;

/// <summary>
/// The address of an entry, <c>s=…;i=…;b=…;m=…;t=…;x=…</c>: the sequence that numbered it and its number in it, boot, time
/// since the boot, time, and a hash of its fields (<c>sd_journal_get_cursor(3)</c>, systemd's <c>sd-journal.c</c>).
/// </summary>
internal static class JournalCursor
{
    /// <summary>The end of what .NET knows as time, in microseconds.</summary>
    private const ulong YearTenThousand = 253_402_300_800_000_000;

    private static readonly string[] OfEntry = ["b", "m", "t", "x"];

    /// <summary>Whether a text can be one: what comes from a file is not handed to a program as it is.</summary>
    public static bool IsValid(string text) =>
        text.Length is > 0 and < 512
        && text.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '=' or ';')
        && Time(text) is not null;

    /// <summary>
    /// Whether two name the same entry. An entry keeps its boot, times and hash where it is copied to another file, as from
    /// memory to the disk, and gets another sequence and number there.
    /// </summary>
    public static bool IsSame(string one, string other) => OfEntry.All(key => Item(one, key) is string value && value == Item(other, key));

    /// <summary>When the journal got the entry, in milliseconds since 1970-01-01 UTC; null where the text is no cursor.</summary>
    public static long? Time(string cursor) =>
        ulong.TryParse(Item(cursor, "t"), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong microseconds) && microseconds < YearTenThousand
            ? (long)(microseconds / 1000)
            : null;

    private static string? Item(string cursor, string key)
    {
        foreach (string item in cursor.Split(';'))
        {
            if (item.StartsWith(key, StringComparison.Ordinal) && item.Length > key.Length && item[key.Length] == '=')
            {
                return item[(key.Length + 1)..];
            }
        }

        return null;
    }
}
