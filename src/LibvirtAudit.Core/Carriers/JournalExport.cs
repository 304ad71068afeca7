using System.Buffers;
using System.Buffers.Binary;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>
/// The export form of the journal (<c>journalctl -o export</c>): entries of <c>FIELD=value</c> lines that begin with
/// <c>__CURSOR=</c>, an empty line behind each; a value that is no plain text follows its field's name as a length of eight
/// bytes, little end first, and that many bytes.
/// </summary>
internal sealed class JournalExport : Carrier
{
    private static ReadOnlySpan<byte> Opening => "__CURSOR="u8;

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("journalctl -o export", "__CURSOR=…", "its own; the entry's for libvirt's messages", true, "_HOSTNAME", true, "what the journal states: _TRANSPORT audit or kernel, _COMM of libvirt's daemons and auditd's dispatchers"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<SearchWord> Marks { get; } = [new(Opening, 0)];

    /// <inheritdoc/>
    public override bool BeginsEntry(ReadOnlySpan<byte> line) => line.StartsWith(Opening);

    /// <inheritdoc/>
    public override SpanningEntry NewEntry() => new JournalExportEntry();

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink) => false;
}

/// <summary>Reads the entries of the journal's export form.</summary>
internal sealed class JournalExportEntry : SpanningEntry
{
    private const ulong LongestValue = 1 << 20;
    private readonly JournalEntry _entry = new();
    private readonly ArrayBufferWriter<byte> _binary = new();
    private byte[]? _binaryName;
    private ulong? _skipped;

    private bool IsInBinary => _binaryName is not null;

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> line) => line.StartsWith("__CURSOR="u8);

    /// <inheritdoc/>
    public override bool Ends(ReadOnlySpan<byte> line) => !IsInBinary && (Begins(line) || !(line.IsEmpty || IsField(line)));

    /// <inheritdoc/>
    public override bool Feed(ReadOnlySpan<byte> line)
    {
        if (IsInBinary)
        {
            FeedBinary(line);
            return false;
        }

        line = WithoutReturn(line);
        if (line.IsEmpty)
        {
            return true;
        }

        int equals = line.IndexOf((byte)'=');
        if (equals >= 0)
        {
            _entry.Add(line[..equals], line[(equals + 1)..]);
        }
        else
        {
            _binaryName = line.ToArray();
        }

        return false;
    }

    /// <inheritdoc/>
    public override void Take(IEnvelopeSink sink)
    {
        _entry.Give(new Envelope([]), sink);
        _entry.Clear();
        EndBinary();
    }

    // FIELD=value, or FIELD alone before a binary value: capitals, digits and underscores (systemd.journal-fields(7)).
    private static bool IsField(ReadOnlySpan<byte> line)
    {
        line = WithoutReturn(line);
        int equals = line.IndexOf((byte)'=');
        ReadOnlySpan<byte> name = equals < 0 ? line : line[..equals];
        foreach (byte value in name)
        {
            if (value is not ((>= (byte)'A' and <= (byte)'Z') or (>= (byte)'0' and <= (byte)'9') or (byte)'_'))
            {
                return false;
            }
        }

        return equals != 0;
    }

    private static ReadOnlySpan<byte> WithoutReturn(ReadOnlySpan<byte> line) => line is [.. var text, (byte)'\r'] ? text : line;

    private void FeedBinary(ReadOnlySpan<byte> line)
    {
        ulong length = (ulong)line.Length + 1;
        if (_skipped is ulong left)
        {
            _skipped = left > length ? left - length : 0;
            if (_skipped == 0)
            {
                EndBinary();
            }

            return;
        }

        _binary.Write(line);
        _binary.Write("\n"u8);
        ReadOnlySpan<byte> value = _binary.WrittenSpan;
        if (value.Length < sizeof(ulong))
        {
            return;
        }

        ulong announced = BinaryPrimitives.ReadUInt64LittleEndian(value);
        ulong have = (ulong)value.Length - sizeof(ulong);
        if (announced > LongestValue)
        {
            // Too long for a record, but its lines are still its own and no one else's.
            _skipped = announced == ulong.MaxValue ? announced : announced + 1 - Math.Min(have, announced);
            _binary.ResetWrittenCount();
        }
        else if (have > announced)
        {
            _entry.Add(_binaryName, value.Slice(sizeof(ulong), (int)announced));
            EndBinary();
        }
    }

    private void EndBinary()
    {
        _binary.ResetWrittenCount();
        _binaryName = null;
        _skipped = null;
    }
}
