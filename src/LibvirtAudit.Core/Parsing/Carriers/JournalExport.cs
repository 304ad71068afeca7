using System.Buffers;
using System.Buffers.Binary;

namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// The export form of the journal (<c>journalctl -o export</c>): entries of <c>FIELD=value</c> lines, an empty line
/// between them; a value that is no plain text follows its field's name as a length of eight bytes, little end first, and
/// that many bytes. Fed line by line, since it is the one carrier whose records span lines.
/// </summary>
internal sealed class JournalExport
{
    private const int LongestValue = 1 << 20;
    private readonly JournalEntry _entry = new();
    private readonly ArrayBufferWriter<byte> _binary = new();
    private byte[]? _binaryName;

    /// <summary>Whether an entry has begun, so that the lines that follow belong to it whatever they look like.</summary>
    public bool IsOpen { get; private set; }

    /// <summary>Whether <paramref name="line"/> begins an entry, which its address always does.</summary>
    public static bool Begins(ReadOnlySpan<byte> line) => line.StartsWith("__CURSOR="u8);

    /// <summary>Takes a line, without its line feed; true where it ends the entry, which is then ready.</summary>
    public bool Feed(ReadOnlySpan<byte> line)
    {
        IsOpen = true;
        if (_binaryName is not null)
        {
            FeedBinary(line);
            return false;
        }

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
        _binary.ResetWrittenCount();
        _binaryName = null;
        IsOpen = false;
        return isRecord;
    }

    private void FeedBinary(ReadOnlySpan<byte> line)
    {
        _binary.Write(line);
        _binary.Write("\n"u8);
        ReadOnlySpan<byte> value = _binary.WrittenSpan;
        if (value.Length < sizeof(ulong))
        {
            return;
        }

        ulong length = BinaryPrimitives.ReadUInt64LittleEndian(value);
        bool isComplete = (ulong)value.Length >= length + sizeof(ulong) + 1;
        if (isComplete && length <= LongestValue)
        {
            _entry.Add(_binaryName, value.Slice(sizeof(ulong), (int)length));
        }

        if (isComplete || length > LongestValue)
        {
            _binary.ResetWrittenCount();
            _binaryName = null;
        }
    }
}
