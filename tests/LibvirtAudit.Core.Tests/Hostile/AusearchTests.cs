using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// Every hostile text in every open field of every body in a log, printed by the real ausearch: what is read of its output is
/// what was meant, or it is said that it can't be known.
/// </summary>
public sealed partial class AusearchTests : IDisposable
{
    private const char Separator = '\u001d';
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("--raw")]
    [InlineData("--format", "raw")]
    public void What_it_prints_raw_is_what_was_meant(params string[] form)
    {
        CollectingSink sink = CollectingSink.Read(Ausearch(form));
        Assert.Empty(sink.Malformed);
        Assert.Equal(HostileCase.All.Select(item => item.Stamp), sink.Records.Select(record => record.EventId));
        AssertNone(HostileCase.All.Zip(sink.Records, (item, record) => item.Problem(record, item.Read(item.AsAuditdWrites))));
    }

    [Fact]
    public void What_it_prints_by_itself_is_what_was_meant_where_it_is_whole()
    {
        List<byte[]> lines = Ausearch();
        Assert.Contains(lines, line => line.AsSpan().StartsWith("time->"u8));
        (Dictionary<int, VirtAuditRecord> records, Dictionary<int, string> malformed) = Read(lines);
        AssertNone(HostileCase.All.Where(item => !IsCut(item)).Select(item => item.Problem(records[item.Number], item.Read(item.IsEncoded ? item.Hostile.Text : Shown(item)))));

        // docs/security.md: a value that brings its own end of a record and 0x1D behind it is all that ausearch leaves of one. libvirt's XML can't hold that character.
        Assert.Equal(HostileCase.All.Where(item => IsCut(item) && !item.Hostile.Text.Contains('\'', StringComparison.Ordinal)), malformed.Keys.Order().Select(number => HostileCase.All[number - 1]));
        Assert.All(HostileCase.All.Where(item => IsCut(item) && !malformed.ContainsKey(item.Number)), item => Assert.Equal("failed", records[item.Number].Result));
    }

    [Fact]
    public void What_it_interprets_is_what_was_meant_or_said_to_be_unknown()
    {
        (Dictionary<int, VirtAuditRecord> records, Dictionary<int, string> malformed) = Read(Ausearch("-i"));
        Assert.Equal(HostileCase.All.Where(item => IsCut(item) || IsAmbiguous(item)), malformed.Keys.Order().Select(number => HostileCase.All[number - 1]));
        AssertNone(HostileCase.All.Where(item => !malformed.ContainsKey(item.Number)).Select(item => item.Problem(records[item.Number], Interpreted(item, records[item.Number]))));
        Assert.All(malformed.Where(line => IsAmbiguous(HostileCase.All[line.Key - 1])), line => Assert.Contains("ausearch --raw", line.Value, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_unknown_is_nothing_in_the_record_and_the_text_stays()
    {
        List<byte[]> lines = Ausearch("-i");
        CollectingSink sink = CollectingSink.Read(lines, new ReadOptions(RecordFilter.All) { IncludeMalformed = true });
        VirtAuditRecord[] unknown = [.. sink.Records.Where(record => HostileCase.All[(int)record.Serial!.Value - 1] is var item && (IsCut(item) || IsAmbiguous(item)))];
        Assert.Equal(HostileCase.All.Count(item => IsCut(item) || IsAmbiguous(item)), unknown.Length);
        Assert.All(unknown, record => Assert.Equal((null, null, null, null, null, null), (record.VMName, record.Uuid, record.OldValue, record.NewValue, record.DevicePath, record.VMProcessId)));
        Assert.All(unknown, record => Assert.Contains(" vm=", record.RawText, StringComparison.Ordinal));

        // What stands before the guest's name and behind the body is still known.
        Assert.All(unknown.Where(record => IsAmbiguous(HostileCase.All[(int)record.Serial!.Value - 1])), record => Assert.Equal(("success", Carrier.Executable), (record.Result, record.Executable)));
        Assert.All(unknown.Where(record => record.RecordTypeId == 2501), record => Assert.Equal((false, false), (record.ResourceType is null, record.Reason is null)));
    }

    private static void AssertNone(IEnumerable<string?> problems)
    {
        string[] wrong = [.. problems.OfType<string>()];
        Assert.True(wrong.Length == 0, $"{wrong.Length}:\n" + string.Join('\n', wrong.Take(10)));
    }

    private static (Dictionary<int, VirtAuditRecord> Records, Dictionary<int, string> Malformed) Read(List<byte[]> lines)
    {
        CollectingSink sink = CollectingSink.Read(lines);
        return (sink.Records.ToDictionary(record => (int)record.Serial!.Value), sink.Malformed.ToDictionary(line => int.Parse(Serial().Match(line.Line).Groups[1].Value, CultureInfo.InvariantCulture), line => line.Defect));
    }

    // In every form but the raw one ausearch takes 0x1D, where auditd's enriched part begins, for the end of the record.
    private static bool IsCut(HostileCase item) => !item.IsEncoded && item.Hostile.Text.Contains(Separator, StringComparison.Ordinal);

    // Where a value, as it is shown, has what follows it in its own shape or in one that begins alike, or is a record.
    private static bool IsAmbiguous(HostileCase item) => !IsLeftRaw(item) && item.Hostile.Name switch
    {
        "second record on the line" or "second record on the next line" => true,
        "key of the shape" => item.Property is "OldValue" or "NewValue" && IsOf(item, "disk"),
        "rest of a disk" => IsOf(item, "disk"),
        "rest of a grant" => IsOf(item, "cgroup"),
        _ => false,
    };

    // libauparse 3.0.9 doesn't know that these are encoded.
    private static bool IsLeftRaw(HostileCase item) => item.Property is "HostDisk" or "HostChardev" || (item.Property is "OldValue" or "NewValue" && IsOf(item, "smartcard"));

    private static bool IsOf(HostileCase item, string resource) => item.Body.Template.Contains($"resrc={resource} ", StringComparison.Ordinal);

    // What ausearch -i shows: a value up to its first NUL, control characters as octal escapes, and nothing that tells a control
    // group called "?" from none. In a value that libvirt doesn't encode it interprets what looks like a field or like an
    // encoded value; then only the rest of the record is looked at.
    private static string? Interpreted(HostileCase item, VirtAuditRecord record) =>
        IsLeftRaw(item) ? item.Read(item.Hostile.Text)
        : item.Property == "Cgroup" && item.Hostile.Text == "?" ? null
        : !item.IsEncoded && LooksInterpretable().IsMatch(item.Hostile.Text) ? (string?)typeof(VirtAuditRecord).GetProperty(item.Property)!.GetValue(record)
        : item.Read(Shown(item));

    // A value as it comes to a terminal.
    private static string Shown(HostileCase item) =>
        Control().Replace(item.AsAuditdWrites.Split('\0')[0], match => "\\" + Convert.ToString(match.Value[0], 8).PadLeft(3, '0'));

    private List<byte[]> Ausearch(params string[] form)
    {
        string log = _folder.Write("audit.log", [.. HostileCase.All.SelectMany(item => item.Line.Append((byte)'\n'))]);
        return TestData.SplitLines(Tool.Run("ausearch", ["-if", log, .. form], environment: new Dictionary<string, string> { ["LC_ALL"] = "C", ["TZ"] = "UTC" }));
    }

    [GeneratedRegex(@"^type=\S+ msg=audit\([^)]*:(\d+)\)")]
    private static partial Regex Serial();

    [GeneratedRegex(@"\s[\w-]+=|""|^([0-9A-F]{2})+$")]
    private static partial Regex LooksInterpretable();

    [GeneratedRegex(@"[\x00-\x1f]")]
    private static partial Regex Control();
}
