using LibvirtAudit.Faults;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>The file of a bookmark, which somebody else may have written.</summary>
internal sealed class BookmarkTarget : FuzzTarget
{
    private const string Whole = """
        {"kind":"LibvirtAudit bookmark","version":1,"logs":[{"path":"/var/log/audit/audit.log","device":64768,"inode":12,"offset":100,"answered":[1,2],
        "fingerprintLength":16,"fingerprint":"00ff","lastEvent":"1795360115.435:5090"},{"path":"b","offset":0,"answered":[],"lastEvent":null}]}
        """;

    private readonly Allocation _allocation = new(perByte: 256);
    private readonly LinearTime _time = new(text => Read(text.ToArray()));

    public override IReadOnlyList<string> Words =>
    [
        "\"kind\":\"LibvirtAudit bookmark\",", "\"version\":1,", "\"logs\":[", "{\"path\":\"a\",", "\"device\":1,", "\"inode\":1,", "\"offset\":1,", "\"answered\":[],", "\"fingerprintLength\":1,",
        "\"fingerprint\":\"00\",", "\"lastEvent\":null}", "-1", "9223372036854775808", "1e9", "null", "\\ud800", "\\u0000", "\\u001b",
    ];

    public override IEnumerable<byte[]> Seeds() => new[] { Whole, "{}", "[]", "{\"kind\":\"LibvirtAudit bookmark\",\"version\":2}" }.Select(System.Text.Encoding.UTF8.GetBytes);

    public override void Run(ReadOnlySpan<byte> input)
    {
        var choice = new InputHash(input);
        byte[] text = input.ToArray();
        long before = Allocation.Now;
        Dictionary<string, LogPlace>? places = Read(text);
        _allocation.Check(before, text.Length);
        _time.Check(input, ref choice);
        if (places is null)
        {
            return;
        }

        Dictionary<string, LogPlace>? again = Read(Bookmark.Write(places));
        if (again is null || again.Count != places.Count || places.Any(place => !again.TryGetValue(place.Key, out LogPlace? other) || !AreSame(place.Value, other)))
        {
            throw new PropertyException("a bookmark written again is the same", System.Text.Encoding.UTF8.GetString(Bookmark.Write(places)));
        }
    }

    private static Dictionary<string, LogPlace>? Read(byte[] text)
    {
        try
        {
            return Bookmark.Read("/x", text);
        }
        catch (FaultException fault)
        {
            Shown.Check("the message of a fault", fault.Message);
            return null;
        }
    }

    private static bool AreSame(LogPlace left, LogPlace right) =>
        (left.Identity, left.Fingerprint, left.LastEvent, left.Point.Offset) == (right.Identity, right.Fingerprint, right.LastEvent, right.Point.Offset)
        && left.Point.Answered.SequenceEqual(right.Point.Answered);
}
