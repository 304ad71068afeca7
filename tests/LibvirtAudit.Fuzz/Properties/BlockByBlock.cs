using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>A reader of texts as of a file, which gives its bytes in the pieces that it is told to.</summary>
internal sealed unsafe class BlockByBlock
{
    private readonly BlockReader _blocks;
    private readonly TextRecordReader _reader;
    private readonly BlockReader.ReadBytes _read;
    private byte* _next;
    private int _left;
    private Func<int> _nextLength = () => int.MaxValue;

    public BlockByBlock(ReadOptions options)
    {
        _reader = new TextRecordReader(options, null, Found);
        _blocks = new BlockReader(_reader, 0, CancellationToken.None);
        _read = Read;
    }

    public Collector Found { get; } = new();

    /// <summary>Reads a text in pieces of the lengths that <paramref name="nextLength"/> gives.</summary>
    public Collector Read(ReadOnlySpan<byte> text, Func<int> nextLength)
    {
        Found.Clear();
        Found.Base = _blocks.Position;
        fixed (byte* start = text)
        {
            _next = start;
            _left = text.Length;
            _nextLength = nextLength;
            _blocks.ReadOn(_read);
            _blocks.Finish();
            _reader.Complete();
        }

        return Found;
    }

    private int Read(Span<byte> buffer, long offset)
    {
        int length = Math.Min(Math.Min(buffer.Length, _left), _nextLength());
        new ReadOnlySpan<byte>(_next, length).CopyTo(buffer);
        _next += length;
        _left -= length;
        return length;
    }
}
