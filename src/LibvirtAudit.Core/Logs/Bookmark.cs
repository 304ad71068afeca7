using System.Text.Json;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs.Journal;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Logs;

/// <summary>Up to where logs were read, each under its path: what a bookmark file holds.</summary>
internal static class Bookmark
{
    /// <summary>The form of the file; one that another version can't read has another number.</summary>
    private const int Version = 1;

    private const string Kind = "LibvirtAudit bookmark";
    private static readonly JsonWriterOptions Options = new() { Indented = true };

    /// <summary>The text of a bookmark.</summary>
    public static byte[] Write(IReadOnlyDictionary<string, LogPlace> places)
    {
        var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, Options))
        {
            json.WriteStartObject();
            json.WriteString("kind", Kind);
            json.WriteNumber("version", Version);
            json.WriteStartArray("logs");
            foreach ((string path, LogPlace place) in places)
            {
                Write(json, path, place);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return text.ToArray();
    }

    /// <summary>Reads a bookmark.</summary>
    /// <param name="path">The path of the file, for messages.</param>
    /// <param name="text">The text.</param>
    /// <exception cref="FaultException">BookmarkDamaged, BookmarkForeign.</exception>
    public static Dictionary<string, LogPlace> Read(string path, ReadOnlyMemory<byte> text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            JsonElement root = json.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("kind", out JsonElement kind) || kind.GetString() != Kind)
            {
                throw new FaultException(BookmarkFaults.Damaged(path, "it says nothing of being one"));
            }

            int version = root.GetProperty("version").GetInt32();
            return version == Version
                ? root.GetProperty("logs").EnumerateArray().ToDictionary(log => log.GetProperty("path").GetString()!, ReadPlace)
                : throw new FaultException(BookmarkFaults.Newer(path, version));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or ArgumentException)
        {
            throw new FaultException(BookmarkFaults.Damaged(path, e.Message));
        }
    }

    private static void Write(Utf8JsonWriter json, string path, LogPlace place)
    {
        json.WriteStartObject();
        json.WriteString("path", path);
        if (place.Identity is FileIdentity identity)
        {
            json.WriteNumber("device", identity.Device);
            json.WriteNumber("inode", identity.Inode);
        }

        if (place.Cursor is string cursor)
        {
            json.WriteString("cursor", cursor);
        }

        json.WriteNumber("offset", place.Point.Offset);
        json.WriteStartArray("answered");
        foreach (long refusal in place.Point.Answered)
        {
            json.WriteNumberValue(refusal);
        }

        json.WriteEndArray();
        if (place.Fingerprint is Fingerprint fingerprint)
        {
            json.WriteNumber("fingerprintLength", fingerprint.Length);
            json.WriteString("fingerprint", fingerprint.Sha256);
        }

        json.WriteString("lastEvent", place.LastEvent);
        json.WriteEndObject();
    }

    private static LogPlace ReadPlace(JsonElement log)
    {
        FileIdentity? identity = log.TryGetProperty("inode", out JsonElement inode) ? new FileIdentity(log.GetProperty("device").GetUInt64(), inode.GetUInt64()) : null;
        Fingerprint? fingerprint = log.TryGetProperty("fingerprint", out JsonElement digits)
            ? new Fingerprint(Within(log.GetProperty("fingerprintLength").GetInt64(), Fingerprint.LongestText), digits.GetString()!)
            : null;
        string? cursor = log.TryGetProperty("cursor", out JsonElement address) ? Cursor(address.GetString()!) : null;
        long offset = log.GetProperty("offset").GetInt64();
        return offset < 0
            ? throw new FormatException("an offset below 0")
            : new LogPlace(identity, new ResumePoint(offset, Refusals(log)), fingerprint, log.GetProperty("lastEvent").GetString())
            {
                Cursor = cursor,
            };
    }

    private static long[] Refusals(JsonElement log) =>
        [.. log.GetProperty("answered").EnumerateArray().Select(refusal => refusal.GetInt64())];

    private static string Cursor(string text) => JournalCursor.IsValid(text) ? text : throw new FormatException("no cursor of a journal");

    private static int Within(long length, int longest) => length >= 0 && length <= longest ? (int)length : throw new FormatException("a length out of range");
}
