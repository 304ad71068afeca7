using LibvirtAudit.Parsing.Carriers;

namespace LibvirtAudit.Parsing;

/// <summary>Finds the record in a line, whatever carries it. It never throws and is linear in the line's length, for any bytes at all.</summary>
internal sealed class LineParser
{
    private readonly JournalEntry _entry = new();
    private byte[] _unescaped = [];

    /// <summary>What was found in the line that was parsed last.</summary>
    public RecordLayout Layout { get; } = new();

    /// <summary>
    /// Parses a line without its line end. True where it is a record, or the remains of one (then the layout has a defect);
    /// the layout's slots are places in <paramref name="text"/>.
    /// </summary>
    public bool TryParse(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> text)
    {
        Layout.Clear();
        text = line;

        // A crash leaves NULs where the last blocks were never written, and the next record stands behind them.
        int start = line.IndexOfAnyExcept((byte)' ', (byte)'\t', (byte)0);
        if (start < 0 || EventHead.GoesOn(line))
        {
            return false;
        }

        // A json-seq line begins with a record separator, a json-sse line with 'data: '.
        ReadOnlySpan<byte> json = line[start..].TrimStart((byte)0x1E);
        json = json.StartsWith("data: {"u8) ? json["data: ".Length..] : json;
        if (json.StartsWith("{"u8))
        {
            _entry.Clear();
            return JsonLine.TryCollect(json, _entry) && _entry.TryRead(Layout, out text);
        }

        bool isRecord = TextCarrier.TryRead(text, start, Layout);
        if (Layout.Shape is null && !Layout.IsInterpreted && line.IndexOf(" vm=\\\""u8) >= 0)
        {
            // A message that was cut out of JSON without undoing its escapes; what has a shape as it is was not.
            Layout.Clear();
            text = Unescape(line);
            isRecord = TextCarrier.TryRead(text, start, Layout);
        }

        return isRecord;
    }

    private ReadOnlySpan<byte> Unescape(ReadOnlySpan<byte> line)
    {
        if (_unescaped.Length < line.Length)
        {
            _unescaped = new byte[line.Length];
        }

        int length = 0;
        for (int i = 0; i < line.Length; i++)
        {
            bool isEscape = line[i] == (byte)'\\' && i + 1 < line.Length && line[i + 1] is (byte)'"' or (byte)'\\';
            _unescaped[length++] = line[isEscape ? ++i : i];
        }

        return _unescaped.AsSpan(0, length);
    }
}
