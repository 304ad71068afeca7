using System.Text.Json;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Carriers;

/// <summary>
/// A line of JSON: an entry of <c>journalctl -o json</c>, or a message that another program wrapped (a container's log, a
/// forwarder). Only fields of the object itself that hold messages by their name are looked at, never any other text in it.
/// </summary>
internal sealed class JsonLine : Carrier
{
    private static readonly JsonReaderOptions Options = new() { AllowTrailingCommas = true, MaxDepth = 64 };

    /// <inheritdoc/>
    public override IReadOnlyList<CarrierForm> Forms { get; } =
    [
        new("journalctl -o json, json-sse, json-seq", "{\"_TRANSPORT\":\"audit\",\"MESSAGE\":\"VIRT_CONTROL pid=…", "its own; the entry's for libvirt's messages", true, "_HOSTNAME", true, "what the journal states: _TRANSPORT audit or kernel, _COMM of libvirt's daemons and auditd's dispatchers"),
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<SearchWord> Marks { get; } = [new("_AUDIT_TYPE"u8, 0), new("u003d"u8, 2)];

    /// <inheritdoc/>
    public override bool TryUnwrap(in Envelope outer, IEnvelopeSink sink)
    {
        // A json-seq line begins with a record separator, a json-sse line with 'data: '.
        ReadOnlySpan<byte> json = outer.Message.TrimStart((byte)0x1E);
        json = json.StartsWith("data: {"u8) ? json["data: ".Length..] : json;
        if (!json.StartsWith("{"u8))
        {
            return false;
        }

        var entry = new JournalEntry();
        var messages = new List<byte[]>();
        long? moment = outer.Moment;
        if (!TryCollect(json, entry, messages, ref moment))
        {
            return true;
        }

        if (entry.IsEntry)
        {
            entry.Give(outer, sink);
        }
        else
        {
            messages.AddRange(entry.Messages);
        }

        foreach (byte[] message in messages)
        {
            // A container's runtime keeps the line feed of the line that it wraps.
            Envelope inner = outer;
            inner.Text = message.AsSpan().TrimEnd((byte)'\n');
            inner.Start = 0;
            inner.Moment = moment;
            inner.Depth++;
            CarrierTable.Unwrap(inner, sink);
        }

        return true;
    }

    private static bool IsMessage(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("message"u8) || name.SequenceEqual("msg"u8) || name.SequenceEqual("log"u8)
        || name.SequenceEqual("original"u8) || name.SequenceEqual("_raw"u8) || name.SequenceEqual("raw"u8) || name.SequenceEqual("text"u8) || name.SequenceEqual("line"u8);

    private static bool TryCollect(ReadOnlySpan<byte> line, JournalEntry entry, List<byte[]> messages, ref long? moment)
    {
        var reader = new Utf8JsonReader(line, Options);
        byte[] name = [];
        bool isTop = true;
        try
        {
            while (reader.Read())
            {
                switch (reader.TokenType)
                {
                    case JsonTokenType.PropertyName:
                        name = Unescape(ref reader);

                        // Elastic's schema keeps the text as it came in event.original.
                        isTop = reader.CurrentDepth == 1 || (reader.CurrentDepth == 2 && name.AsSpan().SequenceEqual("original"u8));
                        break;
                    case JsonTokenType.String when isTop && IsMessage(name):
                        messages.Add(Unescape(ref reader));
                        break;
                    case JsonTokenType.String when isTop && (name.AsSpan().SequenceEqual("timestamp"u8) || name.AsSpan().SequenceEqual("@timestamp"u8)
                        || name.AsSpan().SequenceEqual("time"u8) || name.AsSpan().SequenceEqual("ts"u8)):
                        moment = LineTime.TryReadIso(Unescape(ref reader), out long? time, out _) ? time : moment;
                        break;
                    case JsonTokenType.String when isTop:
                        entry.Add(name, Unescape(ref reader));
                        break;
                    case JsonTokenType.Number when isTop:
                        entry.Add(name, reader.ValueSpan);
                        break;
                    case JsonTokenType.StartArray when isTop && name.AsSpan().SequenceEqual("MESSAGE"u8):
                        entry.Add(name, ReadBytes(ref reader));
                        break;
                }
            }

            return true;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // Not JSON after all, or a string that is not text: a lone surrogate has no bytes.
            return false;
        }
    }

    private static byte[] Unescape(ref Utf8JsonReader reader)
    {
        byte[] text = new byte[reader.ValueSpan.Length];
        return text[..reader.CopyString(text)];
    }

    // The journal writes what is not valid UTF-8 as an array of numbers, one a byte.
    private static byte[] ReadBytes(ref Utf8JsonReader reader)
    {
        var bytes = new List<byte>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number && reader.TryGetByte(out byte value))
            {
                bytes.Add(value);
            }
        }

        return [.. bytes];
    }
}
