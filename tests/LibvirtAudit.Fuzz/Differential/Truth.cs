using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Differential;

/// <summary>One record of a *.truth.jsonl: what libauparse 3.0.9 makes of a line.</summary>
internal sealed partial record TruthRecord(int Line, string EventId, string? Node, string? Type, IReadOnlyList<TruthField> Fields)
{
    public static List<TruthRecord> Load(string path) => [.. File.ReadLines(path).Select(line => Parse(line)!)];

    /// <summary>Reads one line of JSON; null where it says that there is no record.</summary>
    public static TruthRecord? Parse(string line)
    {
        using var json = JsonDocument.Parse(line);
        JsonElement root = json.RootElement;
        return root.ValueKind == JsonValueKind.Null ? null : new TruthRecord(
            root.GetProperty("line").GetInt32(),
            string.Create(CultureInfo.InvariantCulture, $"{root.GetProperty("sec").GetInt64()}.{root.GetProperty("milli").GetInt64():000}:{root.GetProperty("serial").GetInt64()}"),
            root.GetProperty("node").GetString(),
            root.GetProperty("type") is { ValueKind: JsonValueKind.String } type ? type.GetString() : null, // an error where it has no name for the number
            [.. root.GetProperty("fields").EnumerateArray().Select(field => new TruthField(field[0].GetString() ?? "", field[1].GetString() ?? "", field[2].GetString()))]);
    }
}

/// <summary>A field as libauparse splits and interprets it.</summary>
internal sealed partial record TruthField(string Name, string Raw, string? Interpreted)
{
    // format.md §2 and §3: the fields that the name-value rule encodes.
    private static readonly HashSet<string> Encoded =
    [
        "vm", "exe", "device", "disk", "chardev", "cgroup",
        .. new[] { "disk", "net", "fs", "rng", "chardev", "smartcard" }.SelectMany(type => new[] { "old-" + type, "new-" + type }),
    ];

    // path is encoded but for these three.
    private static readonly HashSet<string> BarePath = ["shmem", "ivshmem-socket", "evdev"];

    /// <summary>The value by format.md's rules, from the bytes as libauparse splits them.</summary>
    public string? Value(string? resourceType)
    {
        bool isEncoded = Encoded.Contains(Name) || (Name == "path" && !BarePath.Contains(resourceType ?? ""));
        if (Raw == "?" || (Raw == "\"?\"" && Name != "vm"))
        {
            return null;
        }

        if (Raw.StartsWith('"'))
        {
            return Raw.Trim('"');
        }

        return isEncoded && Hex().IsMatch(Raw) ? LibvirtAudit.Encoding.ByteText.GetString(Convert.FromHexString(Raw)) : Raw;
    }

    /// <summary>libauparse's own reading, its octal escapes of control characters undone.</summary>
    public string? Reading() => Interpreted is null ? null : Octal().Replace(Interpreted, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    /// <summary>The record's property of that field as text.</summary>
    public string? PropertyOf(VirtAuditRecord record) => Name switch
    {
        "pid" => Text(record.ProcessId),
        "uid" => Text(record.UserId),
        "auid" => Text(record.LoginUserId) ?? "4294967295",
        "ses" => Text(record.SessionId) ?? "4294967295",
        "virt" => record.Driver,
        "op" => record.Operation,
        "vm" => record.VMName,
        "uuid" => Text(record.Uuid),
        "reason" => record.Reason,
        "resrc" => record.ResourceType,
        "vm-pid" => Text(record.VMProcessId),
        "init-pid" => Text(record.InitProcessId),
        "pid-ns" => Text(record.PidNamespace),
        "vm-ctx" => record.VMContext,
        "img-ctx" => record.ImageContext,
        "model" => record.Model,
        "net" => record.MacAddress,
        "path" => record.DevicePath,
        "rdev" => record.DeviceNumber,
        "bus" => record.Bus,
        "device" => record.Device,
        "disk" => record.HostDisk,
        "chardev" => record.HostChardev,
        "cgroup" => record.Cgroup,
        "class" => record.CgroupClass,
        "category" => record.Category,
        "maj" => record.Major,
        "acl" => record.Access,
        "size" => Text(record.Size),
        "exe" => record.Executable,
        "hostname" => record.HostName,
        "addr" => record.Address,
        "terminal" => record.Terminal,
        "res" => record.Result,
        _ when Name.StartsWith("old-", StringComparison.Ordinal) => Text(record.OldValue),
        _ when Name.StartsWith("new-", StringComparison.Ordinal) => Text(record.NewValue),
        _ => throw new InvalidOperationException("no property for " + Name),
    };

    private static string? Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) is { Length: > 0 } text ? text : null;

    [GeneratedRegex(@"\A([0-9A-F]{2})+\z")]
    private static partial Regex Hex();

    [GeneratedRegex(@"\\([0-7]{3})")]
    private static partial Regex Octal();
}
