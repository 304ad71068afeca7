using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>
/// The verbose form of the journal (<c>journalctl -o verbose</c>): a line with the time and the cursor in brackets, then
/// <c>FIELD=value</c> four blanks in; the lines of a value that has several stand below where it began.
/// </summary>
internal sealed class JournalVerbose : Carrier
{
    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("journalctl -o verbose", "Sun 2026-11-22 14:53:07.123456 UTC [s=…;i=…;b=…;m=…;t=…;x=…]", "its own; none for libvirt's messages without _SOURCE_REALTIME_TIMESTAMP", true, "_HOSTNAME", true, "what the journal states, as with the export form"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<SearchWord> Marks { get; } = [new(" [s="u8, 1)];

    /// <inheritdoc/>
    public override bool BeginsEntry(ReadOnlySpan<byte> line) => JournalVerboseEntry.IsHead(line);

    /// <inheritdoc/>
    public override SpanningEntry NewEntry() => new JournalVerboseEntry();

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink) => false;
}

/// <summary>Reads the entries of the journal's verbose form.</summary>
internal sealed class JournalVerboseEntry : SpanningEntry
{
    private const int Indent = 4;
    private const int LongestValue = 1 << 20;
    private readonly JournalEntry _entry = new();
    private readonly List<byte> _value = [];
    private byte[]? _name;
    private bool _hasHead;

    /// <summary>Whether a line is an entry's first.</summary>
    public static bool IsHead(ReadOnlySpan<byte> line)
    {
        line = line.TrimEnd((byte)'\r');
        int cursor = line.IndexOf(" [s="u8);
        int position = 0;
        return cursor > 0 && line[0] != (byte)' ' && line[^1] == (byte)']' && !line[(cursor + 2)..^1].Contains((byte)' ')
            && LineTime.TryRead(line, ref position, out _) && position == cursor + 1;
    }

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> line) => IsHead(line);

    /// <inheritdoc/>
    public override bool Ends(ReadOnlySpan<byte> line) => _hasHead && (line.Length <= Indent || line[..Indent].ContainsAnyExcept((byte)' '));

    /// <inheritdoc/>
    public override bool Feed(ReadOnlySpan<byte> line)
    {
        if (!_hasHead)
        {
            _hasHead = true;
            return false;
        }

        ReadOnlySpan<byte> text = line.TrimEnd((byte)'\r')[Indent..];
        int equals = text.IndexOf((byte)'=');
        if (text.StartsWith(" "u8) || equals < 0)
        {
            // A value goes on: below its beginning, behind the name and the sign.
            if (_name is not null && _value.Count < LongestValue)
            {
                _value.Add((byte)'\n');
                _value.AddRange(text[Math.Min(_name.Length + 1, text.Length)..]);
            }

            return false;
        }

        EndField();
        _name = text[..equals].ToArray();
        _value.AddRange(text[(equals + 1)..]);
        return false;
    }

    /// <inheritdoc/>
    public override void Take(IEnvelopeSink sink)
    {
        EndField();
        _entry.Give(new Envelope([]), sink);
        _entry.Clear();
        _hasHead = false;
    }

    private void EndField()
    {
        if (_name is not null)
        {
            _entry.Add(_name, _value.ToArray());
        }

        _name = null;
        _value.Clear();
    }
}
