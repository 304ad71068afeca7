using System.Buffers;
using System.Buffers.Binary;

namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// The export form of the journal (<c>journalctl -o export</c>): entries of <c>FIELD=value</c> lines that begin with
/// <c>__CURSOR=</c>, an empty line behind each; a value that is no plain text follows its field's name as a length of eight
/// bytes, little end first, and that many bytes. Fed line by line, since it is the one carrier whose records span lines.
/// </summary>
internal sealed class JournalExport
{
    private const ulong LongestValue = 1 << 20;
    private readonly JournalEntry _entry = new();
    private readonly ArrayBufferWriter<byte> _binary = new();
    private byte[]? _binaryName;
    private ulong? _skipped;

    /// <summary>Whether an entry has begun, so that the lines that follow belong to it whatever they look like.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Where the entry began, in bytes from the beginning of the text.</summary>
    public long Offset { get; private set; }

    private bool IsInBinary => _binaryName is not null;

    /// <summary>Whether <paramref name="line"/> begins an entry, which its address always does.</summary>
    public static bool Begins(ReadOnlySpan<byte> line) => line.StartsWith("__CURSOR="u8);

    /// <summary>Whether <paramref name="line"/> can't be of the open entry: the entry ended without its empty line.</summary>
    public bool Ends(ReadOnlySpan<byte> line) => !IsInBinary && (Begins(line) || !(line.IsEmpty || IsField(line)));

    /// <summary>Begins an entry.</summary>
    public void Begin(long offset)
    {
        IsOpen = true;
        Offset = offset;
    }

    /// <summary>Takes a line of the entry, without its line feed; true where it ends the entry, which is then ready.</summary>
    public bool Feed(ReadOnlySpan<byte> line)
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

    /// <summary>Reads the record of the entry and makes place for the next.</summary>
    public bool TryTake(RecordLayout layout, out ReadOnlySpan<byte> text)
    {
        bool isRecord = _entry.TryRead(layout, out text);
        _entry.Clear();
        EndBinary();
        IsOpen = false;
        return isRecord;
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
