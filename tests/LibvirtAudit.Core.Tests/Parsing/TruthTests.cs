using LibvirtAudit.Fuzz.Differential;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>Every record of the captures against what libauparse (3.0.9, of the newer captures 4.2.1) makes of the same lines.</summary>
public sealed class TruthTests
{
    // Where libauparse is known to be wrong (format.md §1–2), the values by the format's rules, read from the line by eye.
    private static readonly Dictionary<(string File, int Line, string Field), string?> Corrections = new()
    {
        // A bare path holds blanks: libauparse ends it at the first and takes 'res=failed' for a field.
        [("qemu-enriched", 196, "path")] = "/dev/shm/shm with space res=failed",
        [("qemu-enriched", 196, "res")] = "success",
        [("qemu-enriched", 1389, "path")] = "/dev/input/by-id/usb-Logitech kbd res=failed",
        [("qemu-enriched", 1389, "res")] = "success",
        [("qemu-enriched", 1580, "path")] = "/var/lib/guest/run/nosuch shm.sock",

        [("qemu12-enriched", 105, "path")] = "/dev/shm/a res=failed",
        [("qemu12-enriched", 105, "res")] = "success",
        [("qemu12-enriched", 154, "path")] = "/dev/shm/a res=failed",
        [("qemu12-enriched", 154, "res")] = "success",
        [("qemu12-enriched", 1615, "path")] = "/dev/shm/a res=failed",
        [("qemu12-enriched", 1615, "res")] = "success",
        [("qemu12-fakehw-raw", 39, "path")] = "/dev/input/by-id/usb-Lab kbd res=failed",
        [("qemu12-fakehw-raw", 39, "res")] = "success",
        [("qemu12-fakehw-raw", 77, "path")] = "/dev/input/by-id/usb-Lab kbd res=failed",
        [("qemu12-fakehw-raw", 77, "res")] = "success",

        // Numbers without a name, for which libauparse has none either: as auditd wrote them.
        [("umsg-enriched", 29, "type")] = "UNKNOWN[2508]",
        [("umsg-enriched", 30, "type")] = "UNKNOWN[2508]",
        [("umsg-enriched", 31, "type")] = "UNKNOWN[2599]",
        [("umsg-enriched", 32, "type")] = "UNKNOWN[2599]",

        // Bodies that a C program sent without the name-value rule: what stands in quotes is the value all the same.
        [("umsg-enriched", 41, "res")] = "success",
        [("umsg-enriched", 42, "vm")] = "new line",
        [("umsg-enriched", 45, "vm")] = "utf8 é bad \uEFFF\uEFFE",
        [("umsg-enriched", 46, "vm")] = "gs\u001dinside",
    };

    // Fields that libauparse leaves as they are in the log, though the name-value rule encodes them.
    private static readonly HashSet<string> NotInterpreted = ["old-smartcard", "new-smartcard", "disk", "chardev"];

    // Ids that it interprets as names, which are properties of their own.
    private static readonly HashSet<string> Ids = ["uid", "auid", "ses"];

    [Theory]
    [InlineData("qemu-enriched", 1274)]
    [InlineData("lxc-enriched", 98)]
    [InlineData("umsg-enriched", 33)]
    [InlineData("qemu-fakehw-enriched", 178)]
    [InlineData("qemu12-enriched", 1320)]
    [InlineData("lxc12-raw", 159)]
    [InlineData("qemu12-fakehw-raw", 137)]
    public void Every_record_agrees_with_libauparse(string file, int count)
    {
        List<TruthRecord> truth = TruthRecord.Load(TestData.PathOf(file + ".truth.jsonl"));
        Assert.Equal(count, truth.Count);
        Assert.Empty(Compare(file, TestData.Lines(file + ".log"), truth));
    }

    [Theory]
    [InlineData("qemu-enriched")]
    [InlineData("lxc-enriched")]
    [InlineData("umsg-enriched")]
    [InlineData("qemu-fakehw-enriched")]
    [InlineData("qemu12-enriched")]
    [InlineData("lxc12-raw")]
    [InlineData("qemu12-fakehw-raw")]
    public void The_comparison_notices_one_changed_byte_and_one_dropped_record(string file)
    {
        List<TruthRecord> truth = TruthRecord.Load(TestData.PathOf(file + ".truth.jsonl"));
        foreach (int index in new[] { 0, truth.Count / 2, truth.Count - 1 })
        {
            List<byte[]> lines = TestData.Lines(file + ".log");
            byte[] line = lines[truth[index].Line - 1];
            int uuid = line.AsSpan().IndexOf(" vm="u8) is >= 0 and var found ? found + 5 : line.AsSpan().IndexOf(" pid="u8) + 5;
            line[uuid] ^= 1;
            Assert.NotEmpty(Compare(file, lines, truth));

            lines.RemoveAt(truth[index].Line - 1);
            Assert.NotEmpty(Compare(file, lines, truth));
        }
    }

    [Fact]
    public void Names_of_the_enriched_part_are_read()
    {
        foreach (VirtAuditRecord record in CollectingSink.Read(TestData.Lines("qemu-enriched.log")).Records)
        {
            // Every line of the capture ends in UID="root" AUID="unset".
            Assert.Equal("root", record.UserName);
            Assert.Null(record.LoginUserName);
        }
    }

    private static List<string> Compare(string file, List<byte[]> lines, List<TruthRecord> truth)
    {
        var differences = new List<string>();
        var records = new List<VirtAuditRecord>();
        foreach (byte[] line in lines)
        {
            records.AddRange(CollectingSink.Read([line], new ReadOptions(RecordFilter.All) { IncludeMalformed = true }).Records);
        }

        if (records.Count != truth.Count)
        {
            differences.Add($"{records.Count} records, libauparse has {truth.Count}");
        }

        foreach ((VirtAuditRecord record, TruthRecord expected) in records.Zip(truth))
        {
            Check("event", expected.EventId, record.EventId, expected, differences);
            Check("node", expected.Node, record.Node, expected, differences);
            Check("type", Corrections.GetValueOrDefault((file, expected.Line, "type"), expected.Type), record.RecordType, expected, differences);
            string? resourceType = expected.Fields.FirstOrDefault(field => field.Name == "resrc")?.Raw;
            foreach (TruthField field in expected.Fields)
            {
                CompareField(file, record, expected, field, resourceType, differences);
            }
        }

        return differences;
    }

    private static void CompareField(string file, VirtAuditRecord record, TruthRecord expected, TruthField field, string? resourceType, List<string> differences)
    {
        if (file == "umsg-enriched" && field.Name == "x")
        {
            // A name that no record of libvirt's has: kept with the fields that the grammar doesn't know.
            Check(field.Name, true, record.AdditionalFields?.Contains("x='y", StringComparison.Ordinal), expected, differences);
            return;
        }

        if (Corrections.TryGetValue((file, expected.Line, field.Name), out string? corrected))
        {
            Check(field.Name, corrected, field.PropertyOf(record), expected, differences);
            return;
        }

        string? value = field.Value(resourceType);
        Check(field.Name, value, field.PropertyOf(record), expected, differences);
        if (value is not null && !Ids.Contains(field.Name) && !NotInterpreted.Contains(field.Name))
        {
            Check(field.Name + " (interpreted)", field.Reading(), value, expected, differences);
        }
    }

    private static void Check<T>(string what, T expected, T actual, TruthRecord record, List<string> differences)
    {
        if (!Equals(expected, actual))
        {
            differences.Add($"line {record.Line} {record.Type} {what}: '{expected}' expected, '{actual}' found");
        }
    }
}
