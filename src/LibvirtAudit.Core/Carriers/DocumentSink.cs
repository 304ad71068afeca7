namespace LibvirtAudit.Carriers;

/// <summary>
/// Finds the messages in each document of a text, and hands them on with what the document says of host, time and origin.
/// </summary>
internal ref struct DocumentSink : IJsonSink
{
    private readonly Envelope _outer;
    private readonly IEnvelopeSink _sink;

    /// <summary>Makes one for documents within <paramref name="outer"/>.</summary>
    public DocumentSink(in Envelope outer, IEnvelopeSink sink)
    {
        _outer = outer;
        _sink = sink;
    }

    /// <inheritdoc/>
    public readonly void OnDocument(JsonFields fields)
    {
        Envelope envelope = _outer;
        envelope.Depth++;
        envelope.Start = 0;
        ReadOnlySpan<byte> host = Host(fields, isKnown: !_outer.Host.IsEmpty);
        envelope.Host = host.IsEmpty ? _outer.Host : host;
        envelope.Moment = Time(fields) ?? _outer.Moment;
        if (TryGiveEntry(fields, envelope))
        {
            return;
        }

        envelope.Speakers = DocumentOrigin.Of(fields, _outer.Speakers);
        var parsed = new ParsedSink(envelope, _sink);
        if (!ParsedDocuments.TryRead(fields, ref parsed))
        {
            GiveMessages(fields, envelope);
        }
    }

    // An entry of the journal, in JSON or passed on by a collector that keeps its fields.
    private readonly bool TryGiveEntry(JsonFields fields, in Envelope envelope)
    {
        var entry = new JournalEntry();
        int message = -1;
        bool hasMessage = false, isElastic = false;
        for (int i = fields.First; i < fields.Count && !isElastic; i++)
        {
            isElastic = fields.PathOf(i).SequenceEqual("systemd.transport"u8);
        }

        for (int i = fields.First; i < fields.Count; i++)
        {
            ReadOnlySpan<byte> name = isElastic ? JournalName(fields.PathOf(i)) : fields.PathOf(i);
            hasMessage |= name.SequenceEqual("MESSAGE"u8) && fields.KindOf(i) != JsonKind.Literal;
            message = name.SequenceEqual("message"u8) ? i : message;
            if (fields.KindOf(i) != JsonKind.Literal || !fields.ValueOf(i).SequenceEqual("null"u8))
            {
                entry.Add(name, fields.ValueOf(i));
            }
        }

        if (!entry.IsEntry)
        {
            return false;
        }

        if (!hasMessage && message >= 0)
        {
            entry.Add("MESSAGE"u8, fields.ValueOf(message));
        }

        entry.Give(envelope, _sink);
        return true;
    }

    // Elastic's names for the journal's fields, where its transport says that they are.
    private static ReadOnlySpan<byte> JournalName(ReadOnlySpan<byte> path) => path switch
    {
        _ when path.SequenceEqual("systemd.transport"u8) => "_TRANSPORT"u8,
        _ when path.SequenceEqual("host.hostname"u8) => "_HOSTNAME"u8,
        _ when path.SequenceEqual("process.name"u8) => "_COMM"u8,
        _ when path.SequenceEqual("process.pid"u8) => "_PID"u8,
        _ when path.SequenceEqual("host.boot.id"u8) => "_BOOT_ID"u8,
        _ => path,
    };

    private readonly void GiveMessages(JsonFields fields, Envelope envelope)
    {
        int component = Best(fields, DocumentName.Component);
        if (component >= fields.First && fields.ValueOf(component).StartsWith("virt-"u8))
        {
            // KubeVirt's other parts write documents of the same kind.
            bool isAllowed = fields.ValueOf(component).SequenceEqual("virt-launcher"u8) && envelope.Allows(Speaker.Pod | Speaker.Libvirt)
                && _outer.Allows(Speaker.Any | Speaker.Pod);
            envelope.Speakers = isAllowed ? Speaker.Libvirt : Speaker.None;
        }

        var counter = new CountingSink(_sink);
        int rank = -1;
        while (counter.Count == 0 && NextRank(fields, ref rank))
        {
            for (int i = fields.First; i < fields.Count; i++)
            {
                if (fields.KindOf(i) != JsonKind.Literal && DocumentNames.Find(fields.PathOf(i)) is (DocumentName.Message, var own)
                    && own == rank)
                {
                    GiveMessage(fields.ValueOf(i), fields.KindOf(i), envelope, counter);
                }
            }
        }
    }

    private static void GiveMessage(ReadOnlySpan<byte> value, JsonKind kind, Envelope envelope, CountingSink sink)
    {
        // A container's runtime keeps the line feed of the line that it wraps, syslog the blank behind its tag.
        envelope.Text = value.TrimEnd("\r\n"u8).TrimStart((byte)' ');
        if (kind == JsonKind.CutString && LibvirtLog.IsMessage(envelope.Text))
        {
            envelope.Defect = "the string of JSON was cut";
        }

        // Several lines, each a record's: what a collector joined. Of a message that does not begin as a record none is looked at.
        while (envelope.Text.StartsWith("type="u8) || envelope.Text.StartsWith("node="u8))
        {
            ReadOnlySpan<byte> text = envelope.Text;
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> behind = end < 0 ? default : text[(end + 1)..];
            if (!behind.StartsWith("type="u8) && !behind.StartsWith("node="u8))
            {
                break;
            }

            envelope.Text = text[..end].TrimEnd((byte)'\r');
            CarrierTable.Unwrap(envelope, sink);
            envelope.Text = behind;
        }

        CarrierTable.Unwrap(envelope, sink);
    }

    private static bool NextRank(JsonFields fields, ref int rank)
    {
        int next = int.MaxValue;
        for (int i = fields.First; i < fields.Count; i++)
        {
            if (DocumentNames.Find(fields.PathOf(i)) is (DocumentName.Message, var own) && own > rank && own < next)
            {
                next = own;
            }
        }

        rank = next;
        return next != int.MaxValue;
    }

    private static bool IsVirtLauncher(JsonFields fields) =>
        Best(fields, DocumentName.Component) is >= 0 and var component && component >= fields.First
            && fields.ValueOf(component).SequenceEqual("virt-launcher"u8);

    // What the document says goes before what those around it do, and of one document what is first in the table.
    private static int Best(JsonFields fields, DocumentName name)
    {
        int best = -1, bestRank = int.MaxValue;
        for (int i = fields.Count - 1; i >= 0; i--)
        {
            if (best >= fields.First && i < fields.First)
            {
                break;
            }

            if (DocumentNames.Find(fields.PathOf(i)) is var (found, rank) && found == name && rank <= bestRank
                && fields.KindOf(i) != JsonKind.CutString && !fields.ValueOf(i).IsEmpty
                && !fields.ValueOf(i).SequenceEqual("null"u8))
            {
                (best, bestRank) = (i, rank);
            }
        }

        return best;
    }

    private static long? Time(JsonFields fields) => Best(fields, DocumentName.Time) is >= 0 and var time
        ? DocumentTime.Read(fields.ValueOf(time)) : null;

    // A pod is no host: of what is in one only the name of its node counts.
    private static ReadOnlySpan<byte> Host(JsonFields fields, bool isKnown)
    {
        int node = Best(fields, DocumentName.Node);
        if (node >= 0)
        {
            return fields.ValueOf(node);
        }

        if (Best(fields, DocumentName.Pod) >= 0 || Best(fields, DocumentName.Stream) >= 0 || IsVirtLauncher(fields))
        {
            return default;
        }

        int host = Best(fields, DocumentName.Host);
        host = host >= 0 || isKnown ? host : Best(fields, DocumentName.Agent);
        return host >= 0 ? fields.ValueOf(host) : default;
    }
}

/// <summary>Takes the lines that are made again of parsed records.</summary>
internal ref struct ParsedSink
{
    private readonly Envelope _envelope;
    private readonly IEnvelopeSink _sink;

    /// <summary>Makes one for the records of a document.</summary>
    public ParsedSink(in Envelope envelope, IEnvelopeSink sink)
    {
        _envelope = envelope;
        _sink = sink;
    }

    /// <summary>Takes the line of a record of the host <paramref name="node"/>; empty where the document names none.</summary>
    public readonly void TakeLine(ReadOnlySpan<byte> line, ReadOnlySpan<byte> node)
    {
        Envelope envelope = _envelope;
        envelope.Text = line;
        envelope.Host = node.IsEmpty ? envelope.Host : node;
        _sink.OnEnvelope(envelope);
    }
}

/// <summary>Counts what was a record or an event.</summary>
internal sealed class CountingSink(IEnvelopeSink sink) : IEnvelopeSink
{
    /// <summary>How many there were.</summary>
    public int Count { get; private set; }

    /// <inheritdoc/>
    public bool OnEnvelope(in Envelope envelope)
    {
        bool isRead = sink.OnEnvelope(envelope);
        Count += isRead ? 1 : 0;
        return isRead;
    }

    /// <inheritdoc/>
    public void OnEvent(Audit.AuditEvent record)
    {
        Count++;
        sink.OnEvent(record);
    }

    /// <inheritdoc/>
    public void OnBootMark() => sink.OnBootMark();
}
