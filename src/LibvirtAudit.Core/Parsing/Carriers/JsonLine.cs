using System.Text.Json;

namespace LibvirtAudit.Parsing.Carriers;

/// <summary>
/// A line of JSON: an entry of <c>journalctl -o json</c>, or a message that another program wrapped (a container's log, a
/// forwarder). Only fields of the object itself that hold messages by their name are looked at, never any other text in it.
/// </summary>
internal static class JsonLine
{
    private static readonly JsonReaderOptions Options = new() { AllowTrailingCommas = true, MaxDepth = 64 };

    /// <summary>Collects the fields of the object that <paramref name="line"/> is; false where it is none.</summary>
    public static bool TryCollect(ReadOnlySpan<byte> line, JournalEntry entry)
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
                    case JsonTokenType.String when isTop:
                        entry.Add(name, Unescape(ref reader));
                        break;
                    case JsonTokenType.Number when isTop:
                        entry.Add(name, reader.ValueSpan);
                        break;
                    case JsonTokenType.StartArray when isTop && JournalEntry.IsMessage(name):
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
