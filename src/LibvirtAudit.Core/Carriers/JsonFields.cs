namespace LibvirtAudit.Carriers;

/// <summary>What a value of a document is.</summary>
internal enum JsonKind : byte
{
    /// <summary>A string, its escapes undone.</summary>
    String,

    /// <summary>A string of which the end is missing.</summary>
    CutString,

    /// <summary>A number, or a word (<c>true</c>, <c>null</c>), as it stands.</summary>
    Literal,
}

/// <summary>One value of a document.</summary>
/// <param name="Path">Where its path stands: the names around it, with dots between them; elements of a list have the list's.</param>
/// <param name="Value">Where its value stands.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Element">Tells the objects of one list apart; 0 outside of lists.</param>
internal readonly record struct JsonField(Range Path, Range Value, JsonKind Kind, int Element);

/// <summary>
/// The values of a document and of those around it, in their order. A document is an object that stands by itself or in a list of
/// documents; what it lacks itself (a host, a time) those around it may have.
/// </summary>
internal sealed class JsonFields
{
    private const int MostFields = 1 << 14;
    private const int FirstLength = 4096;
    private const int MostKept = 1 << 17;
    private readonly List<JsonField> _fields = [];
    private readonly List<(int First, int BaseLength)> _documents = [];
    private byte[] _bytes = new byte[FirstLength];
    private int _length;

    /// <summary>How many values there are.</summary>
    public int Count => _fields.Count;

    /// <summary>Whether a document is open.</summary>
    public bool IsInDocument => _documents.Count > 0;

    /// <summary>The number of the first value of the innermost document.</summary>
    public int First => _documents.Count == 0 ? 0 : _documents[^1].First;

    /// <summary>The value's path within its document, without the names that only wrap.</summary>
    public ReadOnlySpan<byte> PathOf(int index)
    {
        int document = _documents.Count - 1;
        while (document > 0 && _documents[document].First > index)
        {
            document--;
        }

        ReadOnlySpan<byte> path = Bytes(_fields[index].Path);
        int length = document < 0 ? 0 : _documents[document].BaseLength;
        path = path[Math.Min(length, path.Length)..];
        return DocumentNames.WithoutWrappers(path.StartsWith("."u8) ? path[1..] : path);
    }

    /// <summary>A value.</summary>
    public ReadOnlySpan<byte> ValueOf(int index) => Bytes(_fields[index].Value);

    /// <summary>What a value is.</summary>
    public JsonKind KindOf(int index) => _fields[index].Kind;

    /// <summary>The list's object that a value is of.</summary>
    public int ElementOf(int index) => _fields[index].Element;

    /// <summary>Opens a document whose path is <paramref name="baseLength"/> bytes long.</summary>
    public void Open(int baseLength) => _documents.Add((_fields.Count, baseLength));

    /// <summary>Closes the innermost document and forgets its values.</summary>
    public void Close()
    {
        int first = First;
        _documents.RemoveAt(_documents.Count - 1);
        Truncate(first);
    }

    /// <summary>Adds a value; of a document with too many the rest is passed over.</summary>
    public void Add(ReadOnlySpan<byte> path, ReadOnlySpan<byte> raw, JsonKind kind, int element)
    {
        if (_fields.Count >= MostFields)
        {
            return;
        }

        Ensure(path.Length + raw.Length);
        int start = _length;
        path.CopyTo(_bytes.AsSpan(start));
        int value = start + path.Length;
        int length = kind == JsonKind.Literal ? raw.Length : JsonText.Unescape(raw, _bytes.AsSpan(value));
        if (kind == JsonKind.Literal)
        {
            raw.CopyTo(_bytes.AsSpan(value));
        }

        _length = value + length;
        _fields.Add(new JsonField(start..value, value.._length, kind, element));
    }

    /// <summary>
    /// Makes one string of the numbers that begin at <paramref name="first"/>, one a byte, as the journal writes what is no text; false
    /// where they are none.
    /// </summary>
    public bool TryJoinBytes(int first)
    {
        if (first >= _fields.Count)
        {
            return false;
        }

        byte[] bytes = new byte[_fields.Count - first];
        for (int i = first; i < _fields.Count; i++)
        {
            if (_fields[i].Kind != JsonKind.Literal || !System.Buffers.Text.Utf8Parser.TryParse(ValueOf(i), out bytes[i - first],
                out int used) || used != ValueOf(i).Length)
            {
                return false;
            }
        }

        (Range path, int element) = (_fields[first].Path, _fields[first].Element);
        Truncate(first + 1);
        _fields.RemoveAt(first);
        Ensure(bytes.Length);
        bytes.CopyTo(_bytes, _length);
        _fields.Add(new JsonField(path, _length..(_length + bytes.Length), JsonKind.String, element));
        _length += bytes.Length;
        return true;
    }

    /// <summary>
    /// Makes <c>{"key": NAME, "value": {"stringValue": VALUE}}</c>, OpenTelemetry's way to write attributes, a value of that name; else
    /// leaves it.
    /// </summary>
    public void NameByKey(int first, ReadOnlySpan<byte> path)
    {
        if (_fields.Count - first != 2)
        {
            return;
        }

        ReadOnlySpan<byte> key = Bytes(_fields[first].Path)[path.Length..], value = Bytes(_fields[first + 1].Path)[path.Length..];
        if (key.SequenceEqual(".key"u8) && (value.SequenceEqual(".value"u8) || value.StartsWith(".value."u8)))
        {
            byte[] name = [.. path, (byte)'.', .. ValueOf(first)];
            byte[] text = ValueOf(first + 1).ToArray();
            (JsonKind kind, int element) = (_fields[first + 1].Kind, _fields[first + 1].Element);
            Truncate(first);
            Ensure(name.Length + text.Length);
            name.CopyTo(_bytes, _length);
            text.CopyTo(_bytes, _length + name.Length);
            _fields.Add(new JsonField(_length..(_length + name.Length), (_length + name.Length)..(_length + name.Length + text.Length),
                kind, element));
            _length += name.Length + text.Length;
        }
    }

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        _fields.Clear();
        _documents.Clear();
        _length = 0;
        if (_bytes.Length > MostKept)
        {
            _bytes = new byte[FirstLength];
        }
    }

    private void Truncate(int count)
    {
        if (count < _fields.Count)
        {
            _length = _fields[count].Path.Start.Value;
            _fields.RemoveRange(count, _fields.Count - count);
        }
    }

    private ReadOnlySpan<byte> Bytes(Range range) => _bytes.AsSpan(range);

    private void Ensure(int more)
    {
        if (_length + more > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + more));
        }
    }
}
