using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>
/// The same records whatever carries them. carriers.log are lines of the captures; carriers.journal-*.txt is what journalctl
/// 252 prints of them, carriers.ausearch-i.txt what ausearch 3.0.9 does (see tests/data/README.md).
/// </summary>
public sealed partial class CarrierTests
{
    // The journal has them of its own, or not at all.
    private static readonly string[] NotInJournal = ["Node", "UserName", "RawText"];
    private static readonly string[] NotInShortForm = [.. NotInJournal, "EventId", "Timestamp", "Serial"];

    [Fact]
    public void The_json_form_of_the_journal_gives_the_same_records()
    {
        List<VirtAuditRecord> records = CollectingSink.Read(TestData.Lines("carriers.journal-json.txt")).Records;
        AssertSame(Original(), Audit(records), NotInJournal);
        Assert.All(Audit(records), record => Assert.Equal("kvm1", record.Node));
    }

    [Fact]
    public void The_export_form_of_the_journal_gives_the_same_records()
    {
        List<VirtAuditRecord> records = CollectingSink.Read(TestData.Lines("carriers.journal-export.txt")).Records;
        AssertSame(Original(), Audit(records), NotInJournal);
        Assert.All(Audit(records), record => Assert.Equal("kvm1", record.Node));
    }

    [Theory]
    [InlineData("carriers.journal-short.txt")]
    [InlineData("carriers.journal-short-iso.txt")]
    public void The_short_forms_of_the_journal_give_the_same_records_without_stamp_and_serial(string file)
    {
        List<VirtAuditRecord> records = CollectingSink.Read(TestData.Lines(file)).Records;

        // In these forms journalctl takes escape sequences out, widens tabs and prints '[203B blob data]' for what is no
        // plain text.
        HashSet<ulong?> garbled = [5340, 5341, 5342, 5343];
        HashSet<int?> writers = [.. Original().Where(record => garbled.Contains(record.Serial)).Select(record => record.ProcessId)];
        AssertSame(Original().Where(record => !garbled.Contains(record.Serial)), Audit(records).Where(record => !writers.Contains(record.ProcessId)), NotInShortForm);
        Assert.All(Audit(records), record => Assert.Equal((null, null, "kvm1"), (record.EventId, record.Serial, record.Node)));

        // short-iso has the journal's second, short no year.
        Assert.All(Audit(records), record => Assert.Equal(file.Contains("iso", StringComparison.Ordinal), record.UnixMilliseconds is long stamp && stamp % 1000 == 0));
    }

    [Theory]
    [InlineData("carriers.journal-json.txt", true)]
    [InlineData("carriers.journal-export.txt", true)]
    [InlineData("carriers.journal-short.txt", false)]
    public void Messages_of_libvirts_own_are_read_from_the_journal(string file, bool hasTime)
    {
        List<VirtAuditRecord> records = [.. CollectingSink.Read(TestData.Lines(file)).Records.Where(record => record.Executable is null)];

        // 17 messages: two bodies twice, since the kernel refused them.
        Assert.Equal(15, records.Count);
        Assert.Equal(["lab-fail-longpath", "lab-fail-longpath2"], records.Where(record => record.Delivered == false).Select(record => record.VMName));
        Assert.All(records, record => Assert.Equal((5431, "kvm1", null, hasTime), (record.ProcessId, record.Node, record.EventId, record.Timestamp is not null)));
        Assert.All(records, record => Assert.Equal(record.Operation == "start" ? "failed" : "success", record.Result));
    }

    [Fact]
    public void What_ausearch_interprets_gives_the_same_records_without_the_events_name()
    {
        CollectingSink sink = CollectingSink.Read(TestData.Lines("carriers.ausearch-i.txt"));

        // Bodies of a C program, not of libvirt's making: ausearch cuts a name at 0x1D and keeps the quotes of an odd line,
        // and without its quotes nothing tells where a name with blanks ends in a body that has no shape.
        HashSet<ulong?> garbled = [5338, 5343, 5339, 5342];
        IEnumerable<VirtAuditRecord> expected = Original().Where(record => !garbled.Contains(record.Serial)).Select(Interpreted);
        AssertSame(expected, sink.Records.Where(record => !garbled.Contains(record.Serial)), "EventId", "UserId", "RawText", "Timestamp");

        foreach (VirtAuditRecord read in sink.Records)
        {
            VirtAuditRecord original = Assert.Single(Original(), record => record.Serial == read.Serial);

            // ausearch ran in UTC, and the reader takes its clock for local time.
            Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(original.UnixMilliseconds!.Value).UtcDateTime, DateTime.SpecifyKind(read.Timestamp!.Value, DateTimeKind.Utc));
            Assert.Equal((null, null, "root"), (read.EventId, read.UserId, read.UserName));
        }
    }

    [Fact]
    public void A_message_that_journalctl_left_out_for_its_length_is_reported()
    {
        MalformedLine malformed = Assert.Single(CollectingSink.Read("""{"_TRANSPORT":"audit","_AUDIT_TYPE":"2501","_AUDIT_TYPE_NAME":"VIRT_RESOURCE","_AUDIT_ID":"7","_SOURCE_REALTIME_TIMESTAMP":"1795359175823000","MESSAGE":null}""").Malformed);
        Assert.Contains("journalctl --all", malformed.Defect, StringComparison.Ordinal);
    }

    [Fact]
    public void The_comparison_notices_a_changed_value()
    {
        List<VirtAuditRecord> records = CollectingSink.Read(TestData.Lines("carriers.journal-json.txt")).Records;
        records[3].VMName += "x";
        Assert.ThrowsAny<Xunit.Sdk.XunitException>(() => AssertSame(Original(), Audit(records), NotInJournal));
    }

    [Fact]
    public void Libvirts_own_log_gives_the_main_daemons_records_and_tells_the_refused()
    {
        List<VirtAuditRecord> records = CollectingSink.Read(TestData.Lines("libvirtd-audit-logging.log")).Records;
        Assert.Equal(1229, records.Count);
        Assert.Equal(
            [("lab-fail-longpath", "disk"), ("lab-fail-longpath2", "disk")],
            records.Where(record => record.Delivered == false).Select(record => (record.VMName!, record.ResourceType!)));

        // The delivered bodies are those of the main daemon in audit.log, in the same order.
        string[] notInLog = ["EventId", "Timestamp", "Serial", "ProcessId", "UserId", "UserName", "Executable", "RawText"];
        AssertSame(
            CollectingSink.Read(TestData.Lines("qemu-enriched.log")).Records.Where(record => record.ProcessId != 9269),
            records.Where(record => record.Delivered != false),
            notInLog);
        Assert.All(records, record => Assert.Equal((null, null, null), (record.EventId, record.Serial, record.ProcessId)));

        // '2026-11-22 14:52:55.827+0000', the first of its lines.
        Assert.Equal(new DateTime(2026, 11, 22, 14, 52, 55, 827, DateTimeKind.Utc), records[0].Timestamp!.Value.ToUniversalTime());
    }

    [Fact]
    public void The_kernels_log_gives_records_with_their_numbers_named()
    {
        List<VirtAuditRecord> records = CollectingSink.Read(TestData.Lines("dmesg.txt")).Records;
        VirtAuditRecord first = records[0];

        // [ 3029.648159] audit: type=2502 audit(1795360115.135:5077): pid=19394 …
        Assert.Equal(("VIRT_MACHINE_ID", 2502, "1795360115.135:5077", "lab space name", 19394), (first.RecordType, first.RecordTypeId, first.EventId, first.VMName, first.ProcessId));
        Assert.Contains(records, record => record.RecordType == "UNKNOWN[2508]" && record.RecordTypeId == 2508);
        Assert.All(records, record => Assert.Null(record.Node));
    }

    [Fact]
    public void The_text_of_the_multicast_group_tells_its_type_by_its_shape()
    {
        foreach (byte[] line in TestData.Lines("carriers.log"))
        {
            byte[] text = line[line.AsSpan().IndexOf("audit("u8)..];
            VirtAuditRecord original = Assert.Single(CollectingSink.Read([line]).Records);
            if (original.RawText is null)
            {
                AssertSame([original], CollectingSink.Read([text]).Records);
            }
        }
    }

    [Theory]
    [InlineData("{0}\r")]
    [InlineData("   {0}")]
    [InlineData("audispd: {0}")]
    [InlineData("Nov 22 14:52:55 kvm7 audisp-syslog[99]: {0}")]
    [InlineData("Nov  2 14:52:55 kvm7 audispd: {0}")]
    public void What_forwarders_put_before_a_line_is_passed_over(string form)
    {
        foreach (byte[] line in TestData.Lines("carriers.log"))
        {
            string text = System.Text.Encoding.Latin1.GetString(line);
            byte[] wrapped = System.Text.Encoding.Latin1.GetBytes(form.Replace("{0}", text, StringComparison.Ordinal));
            List<VirtAuditRecord> records = CollectingSink.Read([wrapped]).Records;
            AssertSame(CollectingSink.Read([line]).Records, records, "Node", "RawText");
            Assert.Equal(form.Contains("kvm7", StringComparison.Ordinal) ? "kvm7" : null, records[0].Node);
        }
    }

    [Theory]
    [InlineData("type=USER_CMD msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='cwd=\"/\" cmd=\"type=VIRT_CONTROL msg=audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg='virt=qemu op=start reason=booted vm=\"x\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\"/e\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("Nov 22 14:52:55 kvm7 mallory[7]: type=VIRT_CONTROL msg=audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg='virt=qemu op=start reason=booted vm=\"x\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\"/e\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("Nov 22 14:52:55 kvm7 mallory[7]: success=yes virt=qemu op=start reason=booted vm=\"x\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1")]
    [InlineData("[ 1.0] mallory: audit: type=2500 audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg='virt=qemu op=start reason=booted vm=\"x\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\"/e\" hostname=? addr=? terminal=? res=success'")]
    [InlineData("2026-11-22 14:52:55.865+0000: 5436: error : virCommandWait:2725 : internal error: success=yes virt=qemu op=start reason=booted vm=\"x\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1")]
    [InlineData("{\"user_agent\":\"type=VIRT_CONTROL msg=audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg='virt=qemu op=start reason=booted vm=\\\"x\\\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\\\"/e\\\" hostname=? addr=? terminal=? res=success'\"}")]
    [InlineData("Nov 22 14:52:55 kvm7 mallory[7]: a\n                                 type=VIRT_CONTROL msg=audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg='virt=qemu op=start reason=booted vm=\"x\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1 exe=\"/e\" hostname=? addr=? terminal=? res=success'")]
    public void A_record_within_another_message_is_none(string line)
    {
        CollectingSink sink = CollectingSink.Read(line);
        Assert.Empty(sink.Records);
        Assert.Empty(sink.Malformed);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("   ", true)]
    [InlineData("                                 ", false)]
    public void Nor_is_another_record_of_the_trail_where_a_message_goes_on(string indent, bool isOne) =>
        Assert.Equal(isOne, EventLine.TryParse(System.Text.Encoding.ASCII.GetBytes(indent + "type=SYSTEM_BOOT msg=audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg=' comm=\"x\" exe=\"/e\" hostname=? addr=? terminal=? res=success'"), out _));

    [Fact]
    public void Json_lines_within_a_containers_log_are_unwrapped()
    {
        const string Line = """{"log":"{\"component\":\"virt-launcher\",\"level\":\"warning\",\"msg\":\"Failed to send audit message virt=kvm resrc=vcpu reason=start vm=\\\"web\\\" uuid=8d7a4ace-3751-438c-b7e9-4c4370630cf9 old-vcpu=0 new-vcpu=1: Permission denied\",\"timestamp\":\"2019-09-23T03:53:50.738000Z\"}\n","stream":"stderr","time":"2019-09-23T03:53:51Z"}""";
        VirtAuditRecord record = CollectingSink.ReadOne(Line);
        Assert.Equal(("web", false, 1L), (record.VMName, record.Delivered, record.NewValue));
        Assert.Equal(new DateTime(2019, 9, 23, 3, 53, 50, 738, DateTimeKind.Utc), record.Timestamp!.Value.ToUniversalTime());
    }

    private static List<VirtAuditRecord> Original() => CollectingSink.Read(TestData.Lines("carriers.log")).Records;

    // The journal's files hold libvirt's own messages too, which have no trailer.
    private static IEnumerable<VirtAuditRecord> Audit(IEnumerable<VirtAuditRecord> records) => records.Where(record => record.Executable is not null);

    private static void AssertSame(IEnumerable<VirtAuditRecord> expected, IEnumerable<VirtAuditRecord> actual, params string[] except) =>
        Assert.Equal(expected.Select(record => RecordComparison.Signature(record, except)), actual.Select(record => RecordComparison.Signature(record, except)));

    // ausearch writes control characters as octal escapes, which the reader leaves as they are.
    private static VirtAuditRecord Interpreted(VirtAuditRecord record)
    {
        record.VMName = Escape(record.VMName);
        record.DevicePath = Escape(record.DevicePath);
        record.OldValue = record.OldValue is string before ? Escape(before) : record.OldValue;
        record.NewValue = record.NewValue is string after ? Escape(after) : record.NewValue;
        return record;
    }

    private static string? Escape(string? text) =>
        text is null ? null : Control().Replace(text, match => "\\" + Convert.ToString(match.Value[0], 8).PadLeft(3, '0').ToString(CultureInfo.InvariantCulture));

    [GeneratedRegex(@"[\x00-\x1f]")]
    private static partial Regex Control();
}
