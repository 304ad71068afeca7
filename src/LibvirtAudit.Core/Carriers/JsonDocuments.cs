using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>
/// Documents of JSON: entries of the journal, what collectors and container runtimes make of a line, and records that Laurel or
/// Auditbeat have parsed; one on a line, in a list, or printed over several lines.
/// </summary>
internal sealed class JsonDocuments : Carrier
{
    [ThreadStatic]
    private static JsonScanner? _spare;

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("journalctl -o json, json-pretty, json-sse, json-seq", "{\"_TRANSPORT\":\"audit\",\"MESSAGE\":\"VIRT_CONTROL pid=…",
            "its own; the entry's for libvirt's messages", true, "_HOSTNAME", true,
            "what the journal states: _TRANSPORT audit or kernel, _COMM of libvirt's daemons and auditd's dispatchers"),
        new("collectors' JSON", "{\"@timestamp\":\"…\",\"message\":\"type=VIRT_CONTROL msg=audit(…): …\",\"host\":{\"name\":\"kvm1\"}}",
            "the line's own; else the document's, where it has a zone", true, "node=, the line's, the document's, the agent's", true,
            "who may write the file, or the program, that the document names; where it names none, whoever wrote the document")
        {
            Remark = "The line or the record is looked for in " + string.Join(", ", DocumentNames.MessageNames.Take(24).Select(name => "`"
                + name + "`")) + " and the like. A string that is cut is an error. "
                + "Documents that are printed over several lines are read in a file that begins with one, and in text that is piped.",
        },
        new("Docker's json-file, KubeVirt in any of these",
            "{\"log\":\"{\\\"component\\\":\\\"virt-launcher\\\",…}\\n\",\"stream\":\"stderr\",…}", "virt-launcher's", false,
            "the pod's node, where it is named: a pod is no host", false,
            "KubeVirt's virt-launcher, by its component, and by the pod where one is named"),
        new("Laurel", "{\"ID\":\"1795359187.123:2001\",\"NODE\":\"kvm1\",\"VIRT_CONTROL\":[{…}]}", "its own", true, "NODE", true, "Laurel"),
        new("Auditbeat", "{\"@timestamp\":\"…\",\"auditd\":{\"message_type\":\"virt_control\",\"sequence\":2001,\"data\":{…}},…}",
            "@timestamp, which is the event's", true, "the document's", true, "Auditbeat")
        {
            Remark = "Auditbeat keeps no difference between a value in quotes and one in hex: what libvirt wrote in hex stays so.",
        },
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<SearchWord> Marks { get; } = [new("_AUDIT_TYPE"u8, 0), new("u003d"u8, 2), new("\"virt_"u8, 0)];

    /// <inheritdoc/>
    public override IReadOnlyList<SearchWord> EventMarks { get; } = [new("\"ID\":"u8, 1), new("message_type"u8, 7)];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        Envelope envelope = outer;
        ReadOnlySpan<byte> json = DocumentPrefix.Skip(ref envelope);
        if (!Begins(json) && !json.StartsWith("\"type="u8) && !json.StartsWith("\"node="u8))
        {
            return false;
        }

        // A document within another needs a scanner of its own.
        JsonScanner scanner = _spare ?? new JsonScanner(new JsonFields());
        _spare = null;
        var documents = new DocumentSink(envelope, sink);
        try
        {
            if (scanner.Feed(json, ref documents) == JsonState.Open)
            {
                scanner.Break(ref documents);
            }
        }
        finally
        {
            scanner.Clear();
            _spare = scanner;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool BeginsEntry(ReadOnlySpan<byte> line) => JsonDocumentEntry.IsOpening(line);

    /// <inheritdoc/>
    public override SpanningEntry NewEntry() => new JsonDocumentEntry();

    /// <inheritdoc/>
    public override bool WantsEveryLine(ReadOnlySpan<byte> opening)
    {
        ReadOnlySpan<byte> rest = opening.TrimStart(" \t\r\n"u8);
        int end = rest.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = end < 0 ? default : rest[..end].TrimEnd(" \t\r"u8);
        return line.SequenceEqual("["u8) || JsonDocumentEntry.IsOpening(line);
    }

    /// <summary>
    /// Whether a text begins as an object or a list of objects or strings does: the kernel's log and kubectl begin lines with a bracket
    /// too.
    /// </summary>
    internal static bool Begins(ReadOnlySpan<byte> text)
    {
        while (text.StartsWith("["u8))
        {
            text = text[1..].TrimStart(" \t\r"u8);
            if (text.IsEmpty || text[0] == (byte)'"')
            {
                return true;
            }
        }

        text = text.StartsWith("{"u8) ? text[1..].TrimStart(" \t\r"u8) : "-"u8;
        return text.IsEmpty || text[0] is (byte)'"' or (byte)'}';
    }
}

/// <summary>
/// Reads a document that spans lines. Of a list each element is an entry of its own, so that it may be as long as it likes.
/// </summary>
internal sealed class JsonDocumentEntry : SpanningEntry
{
    private readonly JsonScanner _scanner = new(new JsonFields());
    private readonly List<byte> _text = [];
    private NoSink _none;

    /// <summary>Whether a line begins a document that it does not end.</summary>
    public static bool IsOpening(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line.Trim(" \t\r,"u8);
        return text.Length > 0 && text[^1] is not ((byte)'}' or (byte)']') && !text.SequenceEqual("["u8) && JsonDocuments.Begins(text);
    }

    /// <inheritdoc/>
    public override bool Begins(ReadOnlySpan<byte> line) => IsOpening(line);

    /// <inheritdoc/>
    public override bool Ends(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> text = line.TrimStart(" \t"u8);
        return text.Length > 0 && text[0] != (byte)'\r' && !_scanner.CanGoOn(text[0]);
    }

    /// <inheritdoc/>
    public override bool Feed(ReadOnlySpan<byte> line)
    {
        _text.AddRange(line);
        _text.Add((byte)'\n');
        return _scanner.Feed(line, ref _none) != JsonState.Open || _text.Count > TextRecordReader.LongestLine;
    }

    /// <inheritdoc/>
    public override void Take(IEnvelopeSink sink)
    {
        ReadOnlySpan<byte> rest = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_text);
        var documents = new DocumentSink(new Envelope(default), sink);
        _scanner.Clear();
        JsonState state = JsonState.Outside;
        while (state != JsonState.Broken && !rest.IsEmpty)
        {
            int end = rest.IndexOf((byte)'\n');
            state = _scanner.Feed(rest[..end], ref documents);
            rest = rest[(end + 1)..];
        }

        if (state == JsonState.Open)
        {
            _scanner.Break(ref documents);
        }

        _scanner.Clear();
        _text.Clear();
    }

    private struct NoSink : IJsonSink
    {
        public readonly void OnDocument(JsonFields fields)
        {
        }
    }
}
