using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>
/// A form of log: what announces it, how it is unwrapped, who may speak for audit in it, and what it can't hold. One file each,
/// and one row in <see cref="CarrierTable"/>.
/// </summary>
internal abstract class Carrier
{
    /// <summary>The rows of the reference page that this carrier is, one for each form that differs in what it holds.</summary>
    public abstract IReadOnlyList<CarrierForm> Forms { get; }

    /// <summary>Words of which a line has one that the words of the record types don't find; empty where they do.</summary>
    public virtual IReadOnlyList<SearchWord> Marks => [];

    /// <summary>Words beside <see cref="Marks"/> of which a line has one that only matters where other events than libvirt's are wanted.</summary>
    public virtual IReadOnlyList<SearchWord> EventMarks => [];

    /// <summary>
    /// Unwraps a line, or a message that another carrier holds: hands each message to <paramref name="sink"/>, or to
    /// <see cref="CarrierTable.Unwrap"/> where it may be of any carrier itself. False where the text is not of this carrier, so that
    /// the next is asked; never throws, linear in the text's length.
    /// </summary>
    public abstract bool TryUnwrap(in Envelope outer, IEnvelopeSink sink);

    /// <summary>Whether an entry that spans lines begins with <paramref name="line"/>; then <see cref="NewEntry"/> reads it.</summary>
    public virtual bool BeginsEntry(ReadOnlySpan<byte> line) => false;

    /// <summary>What reads the entries that span lines; null where none do. It keeps its state, so each reader has its own.</summary>
    public virtual SpanningEntry? NewEntry() => null;

    /// <summary>Whether the first bytes of a log say that it is of this carrier and that its entries have no <see cref="Marks"/> where they begin: then every line is looked at, from the beginning.</summary>
    public virtual bool WantsEveryLine(ReadOnlySpan<byte> opening) => false;
}

/// <summary>Reads entries that span lines, one after the other, line by line.</summary>
internal abstract class SpanningEntry
{
    /// <summary>Where the open entry began, in bytes from the beginning of the text.</summary>
    public long Offset { get; private set; }

    /// <summary>Whether <paramref name="line"/>, without its line feed, begins an entry.</summary>
    public abstract bool Begins(ReadOnlySpan<byte> line);

    /// <summary>Whether <paramref name="line"/> can't be of the open entry, which therefore ended before it.</summary>
    public virtual bool Ends(ReadOnlySpan<byte> line) => false;

    /// <summary>Opens an entry; its first line is fed next.</summary>
    public void Begin(long offset) => Offset = offset;

    /// <summary>Takes a line of the open entry; true where that ends it.</summary>
    public abstract bool Feed(ReadOnlySpan<byte> line);

    /// <summary>Gives what the entry holds, whole or not, and forgets it.</summary>
    public abstract void Take(IEnvelopeSink sink);
}

/// <summary>What a form of log can and can't tell, as docs/carriers.md shows it.</summary>
/// <param name="Name">What it is called.</param>
/// <param name="Example">How a line begins.</param>
/// <param name="Stamp">What time a record has.</param>
/// <param name="Serial">Whether the serial is there, so that events have a name.</param>
/// <param name="Host">Where the host is from.</param>
/// <param name="Events">Whether other events than libvirt's are there.</param>
/// <param name="Writer">Who may write there, and what is checked of it.</param>
internal sealed record CarrierForm(string Name, string Example, string Stamp, bool Serial, string Host, bool Events, string Writer)
{
    /// <summary>What else is to be known; null where nothing is.</summary>
    public string? Remark { get; init; }
}
