using System.Buffers.Binary;

namespace LibvirtAudit.Logs.Journal;

/// <summary>
/// Where the entries of a journal's export form begin, as its bytes go by in pieces of any size (systemd's
/// <c>JOURNAL_EXPORT_FORMATS</c>). It goes by the lengths of binary values, since what is in one may look like an entry.
/// </summary>
internal sealed class JournalEntries
{
    /// <summary>A field's name has 64 characters at most, a cursor about 150: what is longer is some other value.</summary>
    private const int MostKept = 512;

    private readonly List<(long Offset, string Cursor)> _entries = [];
    private readonly byte[] _line = new byte[MostKept];
    private int _kept;
    private long _lineStart;
    private State _state;
    private ulong _left;
    private bool _isInEntry;

    private enum State
    {
        Line,
        Length,
        Value,
    }

    /// <summary>How many bytes have gone by.</summary>
    public long Position { get; private set; }

    /// <summary>The address of the first entry; null where none has begun.</summary>
    public string? First { get; private set; }

    /// <summary>Behind the first entry; null where it has not ended yet.</summary>
    public long? FirstEnd { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    public void Pass(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int taken = _state switch
            {
                State.Line => PassLine(bytes),
                State.Length => PassLength(bytes),
                _ => PassValue(bytes),
            };
            Position += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>The last entry that began before <paramref name="offset"/>; null where there is none.</summary>
    public string? Before(long offset)
    {
        int index = _entries.FindLastIndex(entry => entry.Offset < offset);
        return index < 0 ? null : _entries[index].Cursor;
    }

    /// <summary>Forgets the entries that <see cref="Before"/> does not give from <paramref name="offset"/> on.</summary>
    public void ForgetBefore(long offset)
    {
        int index = _entries.FindLastIndex(entry => entry.Offset < offset);
        if (index > 0)
        {
            _entries.RemoveRange(0, index);
        }
    }

    private int PassLine(ReadOnlySpan<byte> bytes)
    {
        int feed = bytes.IndexOf((byte)'\n');
        if (_kept == 0)
        {
            _lineStart = Position;
        }

        ReadOnlySpan<byte> part = feed < 0 ? bytes : bytes[..feed];
        ReadOnlySpan<byte> kept = part[..Math.Min(part.Length, MostKept - _kept)];
        kept.CopyTo(_line.AsSpan(_kept));
        _kept += kept.Length;
        if (feed < 0)
        {
            return bytes.Length;
        }

        EndLine(_line.AsSpan(0, _kept));
        _kept = 0;
        FirstEnd ??= First is not null && !_isInEntry ? Position + feed + 1 : null;
        return feed + 1;
    }

    private void EndLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            _isInEntry = false;
        }
        else if (line.StartsWith("__CURSOR="u8))
        {
            _isInEntry = true;
            string cursor = System.Text.Encoding.ASCII.GetString(line["__CURSOR=".Length..]);
            First ??= cursor;
            _entries.Add((_lineStart, cursor));
        }
        else if (_isInEntry && line.IndexOf((byte)'=') < 0)
        {
            _state = State.Length;
        }
    }

    private int PassLength(ReadOnlySpan<byte> bytes)
    {
        int taken = Math.Min(bytes.Length, sizeof(ulong) - _kept);
        bytes[..taken].CopyTo(_line.AsSpan(_kept));
        _kept += taken;
        if (_kept == sizeof(ulong))
        {
            // A line feed stands behind the value.
            ulong length = BinaryPrimitives.ReadUInt64LittleEndian(_line);
            _left = length == ulong.MaxValue ? length : length + 1;
            _kept = 0;
            _state = State.Value;
        }

        return taken;
    }

    private int PassValue(ReadOnlySpan<byte> bytes)
    {
        int taken = (int)Math.Min((ulong)bytes.Length, _left);
        _left -= (ulong)taken;
        _state = _left == 0 ? State.Line : State.Value;
        return taken;
    }
}
