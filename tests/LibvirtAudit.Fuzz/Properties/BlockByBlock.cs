using LibvirtAudit.Carriers;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>A reader of texts as of a file, which gives its bytes in the pieces that it is told to.</summary>
internal sealed unsafe class BlockByBlock
{
    private readonly (TextRecordReader Reader, BlockReader Blocks) _byWords;
    private readonly (TextRecordReader Reader, BlockReader Blocks) _byLines;
    private readonly BlockReader.ReadBytes _read;
    private byte* _next;
    private int _left;
    private Func<int> _nextLength = () => int.MaxValue;

    public BlockByBlock(ReadOptions options)
    {
        _byWords = Make(new TextRecordReader(options, null, Found));
        _byLines = Make(new TextRecordReader(options, null, Found) { IsLineByLine = true });
        _read = Read;
    }

    public Collector Found { get; } = new();

    /// <summary>Reads a text in pieces of the lengths that <paramref name="nextLength"/> gives.</summary>
    public Collector Read(ReadOnlySpan<byte> text, Func<int> nextLength)
    {
        (TextRecordReader reader, BlockReader blocks) = CarrierTable.WantsEveryLine(text) ? _byLines : _byWords;
        Found.Clear();
        Found.Base = blocks.Position;
        fixed (byte* start = text)
        {
            _next = start;
            _left = text.Length;
            _nextLength = nextLength;
            blocks.ReadOn(_read);
            blocks.Finish();
            reader.Complete();
        }

        return Found;
    }

    private static (TextRecordReader Reader, BlockReader Blocks) Make(TextRecordReader reader) => (reader, new BlockReader(reader, 0, CancellationToken.None));

    private int Read(Span<byte> buffer, long offset)
    {
        int length = Math.Min(Math.Min(buffer.Length, _left), _nextLength());
        new ReadOnlySpan<byte>(_next, length).CopyTo(buffer);
        _next += length;
        _left -= length;
        return length;
    }
}
