using System.Buffers;

namespace LibvirtAudit.Carriers;

/// <summary>Takes the documents of a text as they end.</summary>
internal interface IJsonSink
{
    /// <summary>A document ended, or was cut: its values are those of the innermost document of <paramref name="fields"/>.</summary>
    void OnDocument(JsonFields fields);
}

/// <summary>Where a text of JSON stands.</summary>
internal enum JsonState
{
    /// <summary>Nothing is open.</summary>
    Outside,

    /// <summary>A document is open, and goes on in the next line.</summary>
    Open,

    /// <summary>The text was no JSON from some place on, or was cut; what was whole of the documents was given.</summary>
    Broken,
}

/// <summary>
/// Reads JSON (RFC 8259) line by line and gives the documents in it: objects that stand by themselves, in a list, or in one of the
/// lists in which exports hold them. It is more forgiving than the RFC where writers are careless (control characters in strings,
/// commas at the end) and bounded where an attacker is not: in depth, and by the lines that it is fed. It never throws, one pass.
/// </summary>
internal sealed class JsonScanner(JsonFields fields)
{
    private const int Deepest = 64;
    private const int LongestPath = 1024;
    private static readonly SearchValues<byte> Delimiters = SearchValues.Create(" \t\r\n,:{}[]\""u8);

    private readonly Level[] _levels = new Level[Deepest];
    private readonly byte[] _path = new byte[LongestPath];
    private int _depth;
    private int _pathLength;
    private int _elements;
    private bool _expectsName;
    private bool _expectsColon;

    /// <summary>Whether a document that is open can go on with a line that begins with <paramref name="first"/>.</summary>
    public bool CanGoOn(byte first) => _expectsColon ? first == (byte)':'
        : _expectsName ? first is (byte)'"' or (byte)'}' or (byte)','
        : first is (byte)'"' or (byte)'{' or (byte)'[' or (byte)']' or (byte)'}' or (byte)',' || BeginsLiteral(first);

    /// <summary>Forgets what is open.</summary>
    public void Clear()
    {
        _depth = 0;
        _pathLength = 0;
        _elements = 0;
        _expectsName = _expectsColon = false;
        fields.Clear();
    }

    /// <summary>Takes a line, without its line feed.</summary>
    public JsonState Feed<TSink>(ReadOnlySpan<byte> line, ref TSink sink)
        where TSink : IJsonSink, allows ref struct
    {
        int position = 0;
        while (true)
        {
            int token = line[position..].IndexOfAnyExcept(" \t\r,"u8);
            if (token < 0)
            {
                return _depth == 0 || (_depth == 1 && !_levels[0].IsObject) ? JsonState.Outside : JsonState.Open;
            }

            position += token;
            if (!TryTake(line, ref position, ref sink))
            {
                return Break(ref sink);
            }
        }
    }

    /// <summary>Gives what is open, as far as it is there.</summary>
    public JsonState Break<TSink>(ref TSink sink)
        where TSink : IJsonSink, allows ref struct
    {
        while (fields.IsInDocument)
        {
            sink.OnDocument(fields);
            fields.Close();
        }

        Clear();
        return JsonState.Broken;
    }

    private static bool BeginsLiteral(byte first) =>
        first is (byte)'-' or (>= (byte)'0' and <= (byte)'9') or (byte)'t' or (byte)'f' or (byte)'n';

    private bool TryTake<TSink>(ReadOnlySpan<byte> line, ref int position, ref TSink sink)
        where TSink : IJsonSink, allows ref struct
    {
        byte sign = line[position];
        if (_expectsColon)
        {
            _expectsColon = false;
            position++;
            return sign == (byte)':';
        }

        switch (sign)
        {
            case (byte)'"':
                return TryTakeString(line, ref position, ref sink);
            case (byte)'}' or (byte)']':
                position++;
                return TryClose(isObject: sign == (byte)'}', ref sink);
            case (byte)'{' or (byte)'[' when !_expectsName:
                position++;
                return TryOpen(isObject: sign == (byte)'{');
            default:
                return TryTakeLiteral(line, ref position, ref sink);
        }
    }

    private bool TryTakeString<TSink>(ReadOnlySpan<byte> line, ref int position, ref TSink sink)
        where TSink : IJsonSink, allows ref struct
    {
        ReadOnlySpan<byte> rest = line[(position + 1)..];
        int end = 0;
        while (true)
        {
            int found = rest[end..].IndexOfAny((byte)'"', (byte)'\\');
            if (found < 0 || (rest[end + found] == (byte)'\\' && end + found + 2 > rest.Length))
            {
                // A string can't hold a line feed: it was cut.
                if (!_expectsName)
                {
                    AddValue(rest, JsonKind.CutString, ref sink);
                }

                return false;
            }

            end += found;
            if (rest[end] == (byte)'"')
            {
                break;
            }

            end += 2;
        }

        position += end + 2;
        if (!_expectsName)
        {
            AddValue(rest[..end], JsonKind.String, ref sink);
            return true;
        }

        _expectsName = false;
        _expectsColon = true;
        return TryPush(rest[..end]);
    }

    private bool TryTakeLiteral<TSink>(ReadOnlySpan<byte> line, ref int position, ref TSink sink)
        where TSink : IJsonSink, allows ref struct
    {
        int length = line[position..].IndexOfAny(Delimiters);
        length = length < 0 ? line.Length - position : length;
        ReadOnlySpan<byte> literal = line.Slice(position, length);
        position += length;
        if (_depth == 0 || _expectsName || length == 0 || !BeginsLiteral(literal[0]))
        {
            return false;
        }

        AddValue(literal, JsonKind.Literal, ref sink);
        return true;
    }

    // A name of the open object: what follows belongs to it, up to the value's end.
    private bool TryPush(ReadOnlySpan<byte> name)
    {
        _pathLength = _levels[_depth - 1].PathLength;
        if (_pathLength + name.Length + 1 > LongestPath)
        {
            return false;
        }

        if (_pathLength > 0)
        {
            _path[_pathLength++] = (byte)'.';
        }

        _pathLength += JsonText.Unescape(name, _path.AsSpan(_pathLength));
        return true;
    }

    private bool TryOpen(bool isObject)
    {
        if (_depth == Deepest)
        {
            return false;
        }

        bool isElement = _depth > 0 && !_levels[_depth - 1].IsObject;
        bool isDocument = isObject && (_depth == 0 || (isElement && DocumentNames.IsListOfDocuments(_path.AsSpan(0, _pathLength))));
        int element = _depth == 0 ? 0 : isObject && isElement ? ++_elements : _levels[_depth - 1].Element;
        if (isDocument)
        {
            fields.Open(_pathLength);
        }

        _levels[_depth++] = new Level(isObject, isDocument, isElement, _pathLength, fields.Count, element);
        _expectsName = isObject;
        return true;
    }

    private bool TryClose<TSink>(bool isObject, ref TSink sink)
        where TSink : IJsonSink, allows ref struct
    {
        // A list's end may stand alone, behind elements that were read each by itself.
        if (_depth == 0 || _levels[_depth - 1].IsObject != isObject || (isObject && !_expectsName))
        {
            return _depth == 0 && !isObject;
        }

        Level level = _levels[--_depth];
        if (level.IsDocument)
        {
            sink.OnDocument(fields);
            fields.Close();
        }
        else if (isObject && level.IsElement)
        {
            fields.NameByKey(level.FirstField, _path.AsSpan(0, level.PathLength));
        }
        else if (!isObject && DocumentNames.MayBeBytes(_path.AsSpan(0, level.PathLength)))
        {
            fields.TryJoinBytes(level.FirstField);
        }

        _pathLength = level.PathLength;
        _expectsName = _depth > 0 && _levels[_depth - 1].IsObject;
        return true;
    }

    private void AddValue<TSink>(ReadOnlySpan<byte> raw, JsonKind kind, ref TSink sink)
        where TSink : IJsonSink, allows ref struct
    {
        if (_depth == 0 || !fields.IsInDocument)
        {
            // A list of lines: each is a document that names nothing.
            fields.Open(0);
            fields.Add("message"u8, raw, kind, 0);
            sink.OnDocument(fields);
            fields.Close();
            return;
        }

        fields.Add(_path.AsSpan(0, _pathLength), raw, kind, _levels[_depth - 1].Element);
        _expectsName = _levels[_depth - 1].IsObject;
    }

    private readonly record struct Level(bool IsObject, bool IsDocument, bool IsElement, int PathLength, int FirstField, int Element);
}
