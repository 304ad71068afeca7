using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>The one table of the forms of log, in the order in which they are asked.</summary>
internal static class CarrierTable
{
    // A container's runtime wraps the JSON lines of a program that wraps libvirt's: each is a carrier within another.
    private const int Deepest = 4;

    // An array: the enumerator of an interface is an object, one for every line.
    private static readonly Carrier[] Rows =
    [
        new AuditLog(), new JsonDocuments(), new KernelLog(), new BootMark(), new SyslogStructured(), new SyslogText(), new LibvirtLog(),
        new JournalExport(), new JournalVerbose(), new ContainerLog(), new NetlinkText(), new GrepOutput(),
    ];

    // The carriers whose entries span lines.
    private static readonly Carrier[] Spanning = [.. Rows.Where(carrier => carrier.NewEntry() is not null)];

    /// <summary>The carriers.</summary>
    public static IReadOnlyList<Carrier> All => Rows;

    /// <summary>Unwraps a line, or a message that another carrier holds; false where no carrier knows it.</summary>
    public static bool Unwrap(in Envelope message, IEnvelopeSink sink)
    {
        if (message.Depth > Deepest || message.Start >= message.Text.Length)
        {
            return false;
        }

        foreach (Carrier carrier in Rows)
        {
            if (carrier.TryUnwrap(message, sink))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether an entry that spans lines begins with <paramref name="line"/>.</summary>
    public static bool BeginsEntry(ReadOnlySpan<byte> line)
    {
        foreach (Carrier carrier in Spanning)
        {
            if (carrier.BeginsEntry(line))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What reads the entries that span lines, for one reader.</summary>
    public static SpanningEntry[] NewEntries() => [.. Spanning.Select(carrier => carrier.NewEntry()!)];

    /// <summary>Whether a log that begins so must be read line by line, whatever the lines look like.</summary>
    public static bool WantsEveryLine(ReadOnlySpan<byte> opening)
    {
        foreach (Carrier carrier in Spanning)
        {
            if (carrier.WantsEveryLine(opening))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Whether a log that begins so can only be read from its beginning: in its middle nothing tells an entry's beginning from the bytes of a value.</summary>
    public static bool IsSequential(ReadOnlySpan<byte> opening) => WantsEveryLine(opening) || BeginsEntry(opening);

    /// <summary>The words by which the carriers' lines are found, beside those of the record types.</summary>
    public static IEnumerable<SearchWord> Marks(bool withEvents) => All.SelectMany(carrier => withEvents ? [.. carrier.Marks, .. carrier.EventMarks] : carrier.Marks);
}
