using LibvirtAudit.Parsing;

namespace LibvirtAudit.Fuzz.Properties;

/// <summary>A reader of texts that is given line after line; one for many texts, as of one long log.</summary>
internal sealed class LineByLine
{
    private readonly TextRecordReader _reader;
    private long _offset;

    public LineByLine(ReadOptions options, bool makesMessages = false)
    {
        Found = new Collector { MakesMessages = makesMessages };
        _reader = new TextRecordReader(options, null, Found);
    }

    /// <summary>What was found in the text that was read last.</summary>
    public Collector Found { get; }

    public Collector Read(ReadOnlySpan<byte> text)
    {
        Found.Clear();
        Found.Base = _offset;
        while (!text.IsEmpty)
        {
            int length = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> line = length < 0 ? text : text[..length];
            _reader.Feed(line, _offset);
            _offset += line.Length + 1;
            text = length < 0 ? [] : text[(length + 1)..];
        }

        _reader.Complete();
        return Found;
    }
}
