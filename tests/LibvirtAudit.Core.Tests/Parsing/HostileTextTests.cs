using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>Text that was damaged, or written to mislead: what is read is what its writer is known to have said, or an error.</summary>
public sealed class HostileTextTests
{
    private const string Trailer = " exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";
    private const string Body = "virt=qemu op=start reason=booted vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 vm-pid=1";

    [Theory]
    [InlineData(60)]
    [InlineData(150)]
    [InlineData(220)]
    public void Of_two_records_on_one_line_neither_lends_the_other_its_end(int cut)
    {
        string first = Line(1, Body), second = Line(2, Body.Replace("\"a\"", "\"b\"", StringComparison.Ordinal)).Replace("res=success", "res=failed", StringComparison.Ordinal);
        CollectingSink sink = CollectingSink.Read(first[..cut] + second);
        VirtAuditRecord record = Assert.Single(sink.Records);
        Assert.Equal(("1.000:2", "b", "failed"), (record.EventId, record.VMName, record.Result));
        Assert.Contains("1.000:1", Assert.Single(sink.Malformed).Line, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_behind_the_NULs_of_a_crash_is_read() =>
        Assert.Equal(["1.000:1", "1.000:2"], CollectingSink.Read(Line(1, Body) + "\n" + new string('\0', 100) + Line(2, Body)).Records.Select(record => record.EventId));

    [Theory]
    [InlineData("\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"mallory\",\"_COMM\":\"logger\"", "LINE")]
    [InlineData("\"_TRANSPORT\":\"syslog\",\"SYSLOG_IDENTIFIER\":\"libvirtd\",\"_COMM\":\"logger\"", "success=yes BODY")]
    [InlineData("\"SYSLOG_IDENTIFIER\":\"libvirtd\",\"_COMM\":\"logger\"", "success=yes BODY")]
    [InlineData("\"_TRANSPORT\":\"stdout\",\"SYSLOG_IDENTIFIER\":\"mallory\"", "Failed to send audit message BODY: x")]
    [InlineData("\"_TRANSPORT\":\"kernel\"", "LINE")]
    [InlineData("\"request\":{\"text\":\"LINE\"},\"_TRANSPORT\":\"audit\"", "x")]
    public void The_journal_takes_a_record_from_those_who_write_them_only(string fields, string message)
    {
        string Fill(string text) => text.Replace("LINE", Line(1, Body), StringComparison.Ordinal).Replace("BODY", Body, StringComparison.Ordinal);
        string json = "{" + Fill(fields).Replace("vm=\"a\"", "vm=\\\"a\\\"", StringComparison.Ordinal).Replace("\"/usr/sbin/libvirtd\"", "\\\"/usr/sbin/libvirtd\\\"", StringComparison.Ordinal)
            + ",\"MESSAGE\":" + System.Text.Json.JsonSerializer.Serialize(Fill(message)) + "}";
        Assert.Empty(CollectingSink.Read(json).Records);
    }

    [Theory]
    [InlineData("\"_TRANSPORT\":\"journal\",\"SYSLOG_IDENTIFIER\":\"libvirtd\",\"_COMM\":\"virtqemud\"", "success=yes BODY")]
    [InlineData("\"_TRANSPORT\":\"syslog\",\"_COMM\":\"audisp-syslog\"", "LINE")]
    [InlineData("\"host\":\"x\"", "LINE")]
    public void The_journal_gives_the_record_of_one_who_writes_them(string fields, string message)
    {
        string text = message.Replace("LINE", Line(1, Body), StringComparison.Ordinal).Replace("BODY", Body, StringComparison.Ordinal);
        Assert.Equal("a", CollectingSink.ReadOne("{" + fields + ",\"MESSAGE\":" + System.Text.Json.JsonSerializer.Serialize(text) + "}").VMName);
    }

    [Fact]
    public void A_value_of_the_export_form_that_is_too_long_stays_a_value()
    {
        string fake = "\n\n" + Line(9, Body) + "\n__CURSOR=x\n" + Line(8, Body) + "\n";
        byte[] value = System.Text.Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(fake, 3000)));
        byte[] text = [.. "__CURSOR=1\nMESSAGE\n"u8, .. BitConverter.GetBytes((ulong)value.Length), .. value, (byte)'\n', (byte)'\n', .. System.Text.Encoding.UTF8.GetBytes(Line(1, Body)), (byte)'\n'];
        Assert.Equal(["1.000:1"], CollectingSink.Read(TestData.SplitLines(text)).Records.Select(record => record.EventId));
    }

    [Fact]
    public void An_entry_of_the_export_form_ends_where_other_text_begins()
    {
        string entry = "_TRANSPORT=audit\n_AUDIT_TYPE=2500\n_SOURCE_REALTIME_TIMESTAMP=1000000\n_AUDIT_ID=";
        string message = "\nMESSAGE=VIRT_CONTROL pid=1 uid=0 auid=0 ses=1 msg='" + Body + Trailer + "\n";
        string text = "__CURSOR=a\n" + entry + "1" + message + "__CURSOR=b\n" + entry + "2" + message + Line(3, Body) + "\n" + "__CURSOR=c\n" + Line(4, Body) + "\n";
        Assert.Equal(["1.000:1", "1.000:2", "1.000:3", "1.000:4"], CollectingSink.Read(text).Records.Select(record => record.EventId));
        Assert.Equal(4, CollectingSink.Read(text.Replace("\n", "\r\n", StringComparison.Ordinal)).Records.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("'")]
    public void A_record_that_was_cut_takes_no_result_from_a_value(string end)
    {
        string line = "type=VIRT_RESOURCE msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='virt=kvm resrc=evdev reason=start vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 path=/dev/input/a res=success" + end;
        CollectingSink sink = CollectingSink.Read([System.Text.Encoding.ASCII.GetBytes(line)], new ReadOptions(RecordFilter.All) { IncludeMalformed = true });
        Assert.Single(sink.Malformed);
        Assert.Null(Assert.Single(sink.Records).Result);
    }

    [Fact]
    public void Escapes_are_undone_only_where_a_line_has_no_meaning_with_them()
    {
        string line = "type=VIRT_RESOURCE msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='virt=kvm resrc=shmem reason=start vm=\"a\\\\b\" uuid=00000000-0000-0000-0000-000000000001 size=1 path=/dev/shm/x vm=\\\"" + Trailer;
        VirtAuditRecord record = CollectingSink.ReadOne(line);
        Assert.Equal(("a\\\\b", "/dev/shm/x vm=\\\""), (record.VMName, record.DevicePath));
    }

    [Fact]
    public void A_refusal_is_of_the_last_record_like_it()
    {
        string attach = "Nov 22 14:52:55 h libvirtd[1]: success=yes virt=kvm resrc=disk reason=attach vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 old-disk=\"?\" new-disk=\"/x\"\n";
        string text = attach + attach.Replace("attach", "detach", StringComparison.Ordinal) + attach + attach.Replace("success=yes", "Failed to send audit message", StringComparison.Ordinal).TrimEnd() + ": Invalid argument\n";
        Assert.Equal([null, null, false], CollectingSink.Read(text).Records.Select(record => record.Delivered));
    }

    [Fact]
    public void Behind_a_bare_value_of_a_body_without_shape_nothing_is_a_field()
    {
        VirtAuditRecord record = CollectingSink.ReadOne(Line(1, "virt=kvm resrc=shmem reason=start vm=\"a\" uuid=00000000-0000-0000-0000-000000000001 role=x size=4 path=/dev/shm/x op=stop vm-pid=3").Replace("VIRT_CONTROL", "VIRT_RESOURCE", StringComparison.Ordinal));
        Assert.Equal((null, null, "/dev/shm/x op=stop vm-pid=3", "role=x"), (record.Operation, record.VMProcessId, record.DevicePath, record.AdditionalFields));
    }

    [Theory]
    [InlineData("[ 12.3] Manufacturer audit: type=2500 audit(1.000:1): pid=1 msg='")]
    [InlineData("[ 12.3] [evil] audit: type=2500 audit(1.000:1): pid=1 msg='")]
    [InlineData("Product is audit: VIRT_CONTROL pid=1 msg='")]
    [InlineData("user libvirtd: success=yes ")]
    [InlineData("Failed login for libvirtd: success=yes ")]
    [InlineData("Nov 22 14:52:55 host virt-evild[1]: success=yes ")]
    [InlineData("2026-11-22 14:52:55.865+0000: 5436: error : success=yes ")]
    public void The_words_of_a_message_are_no_prefix(string prefix) =>
        Assert.Empty(CollectingSink.Read(prefix + Body + (prefix.Contains("msg=", StringComparison.Ordinal) ? Trailer : "")).Records);

    [Fact]
    public void A_file_gives_what_its_lines_give_one_by_one()
    {
        string[] lines =
        [
            "audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='virt=docker op=start vm=x exe=\"/d\" hostname=? addr=? terminal=? res=success'",
            "2026-11-22 14:52:55.865+0000: 5436: info : virDomainAuditStart:1 : success=yes virt=qemu op=start vm=\"x\"",
            "{\"_AUDIT_TYPE\":\"2500\",\"MESSAGE\":[" + string.Join(',', System.Text.Encoding.UTF8.GetBytes("VIRT_CONTROL pid=1 uid=0 auid=0 ses=1 msg='" + Body + Trailer).Select(value => (int)value)) + "]}",
            "{\"msg\":\"" + ("audit(1.000:2): pid=1 uid=0 auid=0 ses=1 msg='" + Body + Trailer).Replace("=", "\\u003d", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"}",
        ];
        using var folder = new TempFolder();
        string path = folder.Write("mixed.log", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', lines) + "\n"));
        var sink = new Collector();
        new LogSource(new ReadOptions(RecordFilter.All), sink, CancellationToken.None).ReadFile(path);
        Assert.Equal(4, sink.Records.Count);
        Assert.Equal(
            CollectingSink.Read(string.Join('\n', lines)).Records.Select(record => RecordComparison.Signature(record)),
            sink.Records.Select(record => RecordComparison.Signature(record, "Source")));
    }

    [Theory]
    [InlineData("uuid=\t23c0804a-41c6-5eff-b6e5-a2b83126ab0b")]
    [InlineData("uuid=11111111-2222-+333-4444-555555555555")]
    [InlineData("uuid=11111111-2222-0x33-4444-555555555555")]
    public void What_is_almost_a_uuid_is_kept_as_it_stands(string field)
    {
        VirtAuditRecord record = CollectingSink.ReadOne(Line(1, Body.Replace("uuid=00000000-0000-0000-0000-000000000001", field, StringComparison.Ordinal)));
        Assert.Equal((null, field), (record.Uuid, record.AdditionalFields));
    }

    [Theory]
    [InlineData("type=VIRT_CONTROL' ")]
    [InlineData("type=VIRT_RESOURCF ")]
    [InlineData("node=a type=VIRT_ ")]
    public void A_type_that_only_says_to_be_of_the_range_is_told(string type)
    {
        CollectingSink sink = CollectingSink.Read(Line(1, Body).Replace("type=VIRT_CONTROL ", type, StringComparison.Ordinal));
        Assert.Empty(sink.Records);
        Assert.Contains("type", Assert.Single(sink.Malformed).Defect, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_record_says_of_itself_can_not_move_the_cursor() =>
        Assert.DoesNotContain('\u001b', CollectingSink.ReadOne(Line(1, Body).Replace("res=success", "res=\u001b[31mX", StringComparison.Ordinal)).ToString());

    private static string Line(int serial, string body) => $"type=VIRT_CONTROL msg=audit(1.000:{serial}): pid=1 uid=0 auid=4294967295 ses=4294967295 msg='" + body + Trailer;

    private sealed class Collector : IEventSink
    {
        public List<VirtAuditRecord> Records { get; } = [];

        public void OnRecord(VirtAuditRecord record) => Records.Add(record);

        public void OnFault(Faults.Fault fault) => Assert.Fail(fault.Message);

        public void OnProgress(LogFile log)
        {
        }
    }
}
