using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using LibvirtAudit.Carriers;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>Documents of JSON, whatever their collector calls what it holds: the line is found, with host and time, and only where it is the audit system's or libvirt's.</summary>
public sealed class JsonDocumentTests
{
    private const string Uuid = "05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14";
    private const string Payload = $"pid=5405 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"web1\" uuid={Uuid} vm-pid=7001 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";
    private const string Line = "type=VIRT_CONTROL msg=audit(1795359187.123:2001): " + Payload;
    private const string Message = $"success=yes virt=kvm op=start reason=booted vm=\"web1\" uuid={Uuid} vm-pid=7001";
    private const string Refusal = $"Failed to send audit message virt=kvm op=start reason=booted vm=\"ns_web1\" uuid={Uuid} vm-pid=7001: Permission denied";
    private static readonly ReadOptions Everything = new(RecordFilter.All) { IncludeMalformed = true };
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true };
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // format.md §1: where the line may stand, by the path to it.
    public static TheoryData<string> MessagePaths =>
    [
        "message", "event.original", "auditd.messages", "full_log", "_raw", "event", "event.message", "short_message", "full_message", "textPayload", "jsonPayload.message", "SyslogMessage", "body", "body.stringValue",
        "log", "line", "text", "msg", "_source.message", "_source.event.original", "result._raw", "event.log", "event.line", "raw", "rawmsg",
    ];

    public static TheoryData<string> HostPaths =>
        ["host.name", "host", "hostname", "labels.host", "attributes.host.name", "agent.name", "_HOSTNAME", "Computer", "host.hostname", "_source.host.name", "result.host", "resource.attributes.host.name", "agent.hostname"];

    [Theory]
    [MemberData(nameof(MessagePaths))]
    public void The_line_is_found_where_collectors_put_it(string path)
    {
        JsonNode[] values = [JsonValue.Create(Line), new JsonArray(Line), JsonValue.Create(Line + "\n")];
        foreach (JsonNode value in values)
        {
            foreach (string text in Written(path, value.DeepClone()))
            {
                VirtAuditRecord record = Assert.Single(CollectingSink.Read(text).Records);
                Assert.Equal(("web1", "1795359187.123:2001", "success", null, null), (record.VMName, record.EventId, record.Result, record.Node, record.RawText));
            }
        }
    }

    [Theory]
    [MemberData(nameof(HostPaths))]
    public void The_host_is_the_one_that_the_document_names(string path)
    {
        JsonObject document = At(path, JsonValue.Create("kvm1"));
        document["message"] = Line;
        foreach (string text in Written(document))
        {
            Assert.Equal("kvm1", Assert.Single(CollectingSink.Read(text).Records).Node);
        }

        // node= goes before, then the line's own, then the document's, then the agent's.
        document["message"] = "node=kvm9 " + Line;
        Assert.Equal("kvm9", CollectingSink.ReadOne(document.ToJsonString()).Node);
        document["message"] = "Nov 22 14:53:07 kvm8 audispd: " + Line;
        Assert.Equal("kvm8", CollectingSink.ReadOne(document.ToJsonString()).Node);
        if (!path.StartsWith("agent.", StringComparison.Ordinal))
        {
            document["message"] = Line;
            document["agent"] = new JsonObject { ["name"] = "collector" };
            Assert.Equal("kvm1", CollectingSink.ReadOne(document.ToJsonString()).Node);
        }
    }

    [Fact]
    public void Of_a_list_each_line_is_a_record_and_of_the_same_line_twice_one()
    {
        string second = Line.Replace(":2001)", ":2002)", StringComparison.Ordinal);
        string list = new JsonObject { ["auditd"] = new JsonObject { ["messages"] = new JsonArray(Line, second) } }.ToJsonString();
        Assert.Equal([2001UL, 2002UL], CollectingSink.Read(list).Records.Select(record => record.Serial!.Value));
        Assert.Single(CollectingSink.Read(new JsonObject { ["message"] = Line, ["event"] = new JsonObject { ["original"] = Line } }.ToJsonString()).Records);
        Assert.Single(CollectingSink.Read(new JsonObject { ["event.original"] = Line, ["message"] = Line }.ToJsonString()).Records);
        Assert.Equal(2, CollectingSink.Read($"{{\"message\":{JsonSerializer.Serialize(Line)}}}\n{{\"message\":{JsonSerializer.Serialize(second)}}}").Records.Count);
        Assert.Equal(2, CollectingSink.Read($"[{{\"message\":{JsonSerializer.Serialize(Line)}}},{{\"message\":{JsonSerializer.Serialize(second)}}}]").Records.Count);
        Assert.Equal(2, CollectingSink.Read($"[\n{{\"message\":{JsonSerializer.Serialize(Line)}}},\n{{\"message\":{JsonSerializer.Serialize(second)}}}\n]").Records.Count);
        Assert.Equal(2, CollectingSink.Read($"[{JsonSerializer.Serialize(Line)}, {JsonSerializer.Serialize(second)}]").Records.Count);
        Assert.Equal(2, CollectingSink.Read(JsonSerializer.Serialize(new[] { new { message = Line }, new { message = second } }, Pretty)).Records.Count);
        Assert.Equal(2, CollectingSink.Read(JsonSerializer.Serialize(new { hits = new { hits = new[] { new { _source = new { message = Line } }, new { _source = new { message = second } } } } })).Records.Count);
        Assert.Equal(2, CollectingSink.Read(new JsonObject { ["_raw"] = Line + "\n" + second }.ToJsonString()).Records.Count);
    }

    [Fact]
    public void Escapes_are_undone_whatever_is_written_with_them()
    {
        string body = Line + "\u001dUID=\"r\u00fct\" AUID=\"\U0001F600\"";
        string escaped = string.Concat(body.Select(sign => sign == '/' ? "\\/" : $"\\u{(int)sign:x4}"));
        foreach (string text in new[] { $"{{\"message\":\"{escaped}\"}}", $"{{\"m\\u0065ssage\":\"{escaped.ToUpperInvariant().Replace("\\U", "\\u", StringComparison.Ordinal)}\"}}", JsonSerializer.Serialize(new { message = body }), JsonSerializer.Serialize(new { message = body }, Plain) })
        {
            VirtAuditRecord record = Assert.Single(CollectingSink.Read(text + " VIRT_").Records.Concat(CollectingSink.Read(text).Records).DistinctBy(read => read.EventId));
            Assert.Equal(("web1", "r\u00fct", "\U0001F600"), (record.VMName, record.UserName, record.LoginUserName));
        }
    }

    [Fact]
    public void A_string_is_read_as_any_reader_of_JSON_reads_it() => Gen.String.Sample(text =>
    {
        foreach (string written in new[] { JsonSerializer.Serialize(text), JsonSerializer.Serialize(text, Plain), "\"" + string.Concat(text.Select(sign => $"\\u{(int)sign:X4}")) + "\"" })
        {
            byte[] raw = System.Text.Encoding.UTF8.GetBytes(written)[1..^1];
            byte[] read = new byte[raw.Length];
            int length = JsonText.Unescape(raw, read);
            Assert.Equal(System.Text.Encoding.UTF8.GetBytes(text), read[..length]);
        }
    });

    [Theory]
    [InlineData("\\uZ\\uZ\\uZ\\uZ", "uZuZuZ")]
    [InlineData("a\\", "a")]
    [InlineData("a\\u00f", "a")]
    [InlineData("\\q\\/\\\"", "q/\"")]
    [InlineData("\\udc00\\ud83d\\ude00\\ud83d", "\ufffd\U0001f600\ufffd")]
    public void An_escape_that_is_none_or_is_cut_gives_no_more_than_there_is(string raw, string meant)
    {
        byte[] read = new byte[raw.Length];
        int length = JsonText.Unescape(System.Text.Encoding.ASCII.GetBytes(raw), read);
        Assert.Equal(meant, System.Text.Encoding.UTF8.GetString(read, 0, length));
    }

    [Theory]
    [InlineData("log.file.path", "/var/log/audit/audit.log", true)]
    [InlineData("log.file.path", "/var/log/audit/audit.log.3", true)]
    [InlineData("file", "/var/log/audit.log", true)]
    [InlineData("source", "/var/log/audit/audit.log", true)]
    [InlineData("location", "/var/log/audit/audit.log", true)]
    [InlineData("location", "journald", false)]
    [InlineData("log.file.path", "/var/log/nginx/access.log", false)]
    [InlineData("log.file.path", "/var/log/nginx/audit.log", false)]
    [InlineData("file", "/var/log/httpd/error_log", false)]
    [InlineData("location", "/var/log/apache2/error.log", false)]
    [InlineData("source", "/srv/app/app.log", false)]
    [InlineData("file", "/var/log/containers/web-1_ns_nginx-0123.log", false)]
    [InlineData("log.file.path", "/var/log/pods/ns_web_uid/nginx/0.log", false)]
    [InlineData("log.file.path", "/var/log/messages", false)]
    [InlineData("source", "udp:514", true)]
    [InlineData("source", "kvm1", true)]
    [InlineData("event.module", "nginx", false)]
    [InlineData("event.dataset", "apache.access", false)]
    [InlineData("event.module", "auditd", true)]
    [InlineData("sourcetype", "linux_audit", true)]
    [InlineData("sourcetype", "access_combined", false)]
    [InlineData("stream", "stdout", false)]
    [InlineData("stream", "stderr", false)]
    [InlineData("kubernetes.pod.name", "nginx-0", false)]
    [InlineData("kubernetes.pod_name", "virt-launcher-web1", false)]
    [InlineData("kubernetes.labels.app", "web", false)]
    [InlineData("ident", "nginx", false)]
    [InlineData("ident", "logger", false)]
    [InlineData("ident", "auditx", false)]
    [InlineData("ident", "audispd", true)]
    [InlineData("SYSLOG_IDENTIFIER", "audisp-syslog", true)]
    [InlineData("ProcessName", "sudo", false)]
    [InlineData("ProcessName", "auditd", true)]
    public void A_line_counts_where_the_document_does_not_name_somebody_else(string path, string value, bool isRead)
    {
        JsonObject document = At(path, JsonValue.Create(value));
        document["message"] = Line;
        Assert.Equal(isRead ? 1 : 0, CollectingSink.Read(document.ToJsonString(), Everything).Records.Count);

        // For the records of other types, and for libvirt's messages, the rule is the same, but that auditd writes none of these.
        document["message"] = Message;
        if (!isRead)
        {
            Assert.Empty(CollectingSink.Read(document.ToJsonString(), Everything).Records);
        }
    }

    [Theory]
    [InlineData("_TRANSPORT", "syslog", false)]
    [InlineData("_TRANSPORT", "journal", false)]
    [InlineData("_TRANSPORT", "stdout", false)]
    [InlineData("_TRANSPORT", "audit", true)]
    public void In_the_journal_the_transport_counts_and_not_what_a_writer_calls_itself(string name, string value, bool isRead)
    {
        var entry = new JsonObject { ["MESSAGE"] = "VIRT_CONTROL " + Payload, ["SYSLOG_IDENTIFIER"] = "audit", [name] = value, ["__REALTIME_TIMESTAMP"] = "1795359187123456", ["_HOSTNAME"] = "kvm1", ["_AUDIT_ID"] = "2001", ["_AUDIT_TYPE"] = "2500" };
        foreach (string text in new[] { entry.ToJsonString(), entry.ToJsonString(Pretty), "\u001e" + entry.ToJsonString(), "data: " + entry.ToJsonString() })
        {
            Assert.Equal(isRead ? 1 : 0, CollectingSink.Read(text, Everything).Records.Count);
        }

        entry["MESSAGE"] = Line;
        Assert.Equal(isRead ? 1 : 0, CollectingSink.Read(entry.ToJsonString(), Everything).Records.Count(record => record.VMName == "web1"));
    }

    [Fact]
    public void A_message_of_libvirt_counts_by_what_the_journal_says_of_its_writer()
    {
        var entry = new JsonObject { ["MESSAGE"] = Message, ["_TRANSPORT"] = "syslog", ["_COMM"] = "virtqemud", ["_PID"] = "812", ["__REALTIME_TIMESTAMP"] = "1795359187123456", ["_HOSTNAME"] = "kvm1" };
        VirtAuditRecord record = CollectingSink.ReadOne(entry.ToJsonString());
        Assert.Equal(("web1", "kvm1", 812, 1795359187123), (record.VMName, record.Node, record.ProcessId, record.UnixMilliseconds));
        entry["_COMM"] = "logger";
        entry["SYSLOG_IDENTIFIER"] = "virtqemud";
        Assert.Empty(CollectingSink.Read(entry.ToJsonString(), Everything).Records);
    }

    [Theory]
    [InlineData("\"2026-11-22T14:53:07.123Z\"", 1795359187123)]
    [InlineData("\"2026-11-22T15:53:07.123456789+01:00\"", 1795359187123)]
    [InlineData("\"2026-11-22T14:53:07.123+0000\"", 1795359187123)]
    [InlineData("\"2026-11-22 14:53:07.123+00:00\"", 1795359187123)]
    [InlineData("\"2026-11-22 14:53:07.123 UTC\"", 1795359187123)]
    [InlineData("1795359187.123", 1795359187123)]
    [InlineData("1795359187", 1795359187000)]
    [InlineData("1795359187123", 1795359187123)]
    [InlineData("1795359187123456", 1795359187123)]
    [InlineData("\"1795359187123456789\"", 1795359187123)]
    [InlineData("\"2026-11-22T14:53:07.123\"", null)]
    [InlineData("\"22 Nov 14:53:07\"", null)]
    [InlineData("-5", null)]
    [InlineData("true", null)]
    public void A_time_counts_where_it_is_whole_and_the_record_has_none(string time, long? moment)
    {
        foreach (string name in new[] { "@timestamp", "timestamp", "time", "date", "TimeGenerated", "_source.@timestamp" })
        {
            JsonObject document = At(name, JsonNode.Parse(time));
            document["ident"] = "libvirtd";
            document["message"] = Message;
            Assert.Equal(moment, CollectingSink.ReadOne(document.ToJsonString()).UnixMilliseconds);
            document["ident"] = "audispd";
            document["message"] = Line.Replace("1795359187.123", "1700000000.001", StringComparison.Ordinal);
            Assert.Equal(1700000000001, CollectingSink.ReadOne(document.ToJsonString()).UnixMilliseconds);
        }
    }

    [Fact]
    public void The_innermost_writers_time_counts()
    {
        string inner = JsonSerializer.Serialize(new { component = "virt-launcher", level = "warning", msg = Refusal, subcomponent = "libvirt", timestamp = "2026-11-22T14:53:07.123000Z" });
        VirtAuditRecord record = CollectingSink.ReadOne(JsonSerializer.Serialize(new { log = inner + "\n", stream = "stderr", time = "2026-11-22T14:53:09.5Z" }));
        Assert.Equal(("ns_web1", false, 1795359187123), (record.VMName, record.Delivered, record.UnixMilliseconds));
    }

    // virt-launcher's line in each of the wrappings that bring it.
    public static TheoryData<string, bool> Launchers
    {
        get
        {
            string inner = JsonSerializer.Serialize(new { component = "virt-launcher", level = "warning", msg = Refusal, pos = "virAuditSend:141", subcomponent = "libvirt", timestamp = "2026-11-22T14:53:07.123000Z" });
            return new()
            {
                { inner, true },
                { JsonSerializer.Serialize(new { log = inner + "\n", stream = "stderr", time = "2026-11-22T14:53:07.1Z" }), true },
                { "2026-11-22T14:53:07.123456789Z stderr F " + inner, true },
                { "2026-11-22T14:53:07.123456789Z " + inner, true },
                { "[pod/virt-launcher-web1-abcde/compute] " + inner, true },
                { "[pod/virt-launcher-web1-abcde/compute] 2026-11-22T14:53:07.123456789Z " + inner, true },
                { JsonSerializer.Serialize(new { log = inner, kubernetes = new { pod_name = "virt-launcher-web1-abcde", container_name = "compute", host = "node1" } }), true },
                { JsonSerializer.Serialize(new { message = inner, kubernetes = new { pod = new { name = "virt-launcher-web1" } } }), true },
                { JsonSerializer.Serialize(new { body = inner, attributes = new Dictionary<string, string> { ["log.file.path"] = "/var/log/pods/ns_virt-launcher-web1_uid/compute/0.log" } }), true },
                { "2026-11-22T14:53:07+00:00\tkube.var.log.containers.virt-launcher\t" + JsonSerializer.Serialize(new { log = inner, stream = "stderr" }), true },

                { "[pod/nginx-0/nginx] " + inner, false },
                { JsonSerializer.Serialize(new { log = inner, kubernetes = new { pod_name = "nginx-0" } }), false },
                { JsonSerializer.Serialize(new { log = inner, kubernetes = new { pod_name = "virt-launcher-web1-abcde", container_name = "guest-console-log" } }), false },
                { JsonSerializer.Serialize(new { message = inner, log = new { file = new { path = "/var/log/containers/web_ns_nginx-1.log" } } }), false },
                { JsonSerializer.Serialize(new { message = inner, log = new { file = new { path = "/var/log/nginx/access.log" } } }), false },
                { JsonSerializer.Serialize(new { message = inner, ident = "nginx" }), false },
                { JsonSerializer.Serialize(new { component = "virt-handler", msg = Refusal }), false },
                { JsonSerializer.Serialize(new { log = Line, stream = "stderr" }), false },
                { JsonSerializer.Serialize(new { log = "Nov 22 14:53:07 kvm1 audispd: " + Line, stream = "stderr" }), false },
                { JsonSerializer.Serialize(new { log = JsonSerializer.Serialize(new { message = Line }), stream = "stdout" }), false },
                { "2026-11-22T14:53:07.123456789Z stderr F " + Line, false },
                { "2026-11-22T14:53:07.123456789Z stderr F " + JsonSerializer.Serialize(new { message = Line }), false },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Launchers))]
    public void A_pods_text_counts_where_it_is_virt_launchers(string text, bool isRead)
    {
        List<VirtAuditRecord> records = CollectingSink.Read(text, Everything).Records;
        Assert.Equal(isRead ? 1 : 0, records.Count);
        Assert.All(records, record => Assert.Equal(("ns_web1", false), (record.VMName, record.Delivered)));
    }

    [Fact]
    public void A_cut_document_is_a_malformed_record_and_no_value_begins_with_a_quote()
    {
        string whole = new JsonObject { ["host"] = "kvm1", ["message"] = Line, ["x"] = 1 }.ToJsonString(Plain);
        int message = whole.IndexOf("type=", StringComparison.Ordinal);
        for (int length = whole.IndexOf("pid=", StringComparison.Ordinal); length < whole.Length; length++)
        {
            CollectingSink sink = CollectingSink.Read(whole[..length], Everything);
            bool isWhole = length >= whole.IndexOf("res=success", StringComparison.Ordinal) + "res=success".Length;
            Assert.True(isWhole == (sink.Malformed.Count == 0), whole[message..length]);
            VirtAuditRecord record = Assert.Single(sink.Records);
            Assert.All(typeof(VirtAuditRecord).GetProperties().Where(property => property.Name is not ("RawText" or "AdditionalFields")), property => Assert.NotEqual('"', property.GetValue(record)?.ToString() is { Length: > 0 } value ? value[0] : ' '));
        }
    }

    [Fact]
    public void A_document_that_was_cut_does_not_swallow_the_next()
    {
        string cut = new JsonObject { ["message"] = Line }.ToJsonString(Plain)[..150];
        string next = new JsonObject { ["message"] = Line.Replace(":2001", ":2002", StringComparison.Ordinal) }.ToJsonString(Plain);
        foreach (string first in new[] { cut, "{\"host\":\"a\",", "{\"host\":{\"name\":\"a\"}" })
        {
            Assert.Equal(2002UL, Assert.Single(CollectingSink.Read(first + "\n" + next + "\n" + "garbage").Records).Serial);
        }
    }

    [Fact]
    public void A_guest_named_like_a_document_or_a_record_is_a_guest_of_that_name()
    {
        string forged = Line.Replace("web1", "forged", StringComparison.Ordinal);
        string[] names =
        [
            new JsonObject { ["message"] = forged }.ToJsonString(Plain), "[{\"message\":\"" + forged + "\"}]", forged, "\"}\n" + new JsonObject { ["message"] = forged }.ToJsonString(Plain),
            "2026-11-22T14:53:07.123456789Z stderr F " + new JsonObject { ["component"] = "virt-launcher", ["msg"] = Refusal }.ToJsonString(Plain), "\\u0022,\\u0022message\\u0022:\\u0022" + forged, "\"},{\"message\":\"" + forged,
        ];
        foreach (string name in names)
        {
            string body = Line.Replace("vm=\"web1\"", "vm=" + Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(name)), StringComparison.Ordinal);
            foreach (string text in Written("message", JsonValue.Create(body)))
            {
                Assert.Equal(name, Assert.Single(CollectingSink.Read(text).Records).VMName);
            }

            // A name that a collector shows beside a message is nobody's message.
            Assert.Empty(CollectingSink.Read(new JsonObject { ["guest"] = name, ["user"] = new JsonObject { ["name"] = forged }, ["message"] = "hello " + forged }.ToJsonString()).Records);
        }
    }

    [Fact]
    public void Depth_and_duplicate_keys_are_bounded_and_read_in_order()
    {
        string deep = "{\"a\":" + new string('[', 100_000) + "\"type=VIRT_CONTROL\"" + new string(']', 100_000) + "}";
        Assert.Empty(CollectingSink.Read(deep).Records);
        string text = "{\"host\":\"a\",\"message\":\"x\",\"message\":" + JsonSerializer.Serialize(Line) + ",\"host\":\"kvm1\"}";
        Assert.Equal("web1", CollectingSink.ReadOne(text).VMName);
    }

    [Fact]
    public void Laurel_and_auditbeat_say_what_the_log_says()
    {
        string log = CollectingSink.ReadOne(Line).VMName!;
        string laurel = "{\"ID\":\"1795359187.123:2001\",\"NODE\":\"kvm1\",\"VIRT_CONTROL\":{\"pid\":5405,\"uid\":0,\"auid\":4294967295,\"ses\":4294967295,\"virt\":\"kvm\",\"op\":\"start\",\"reason\":\"booted\",\"vm\":\"web1\",\"uuid\":\"" + Uuid + "\",\"vm-pid\":7001,\"exe\":\"/usr/sbin/libvirtd\",\"hostname\":\"?\",\"addr\":\"?\",\"terminal\":\"?\",\"res\":\"success\",\"UID\":\"root\",\"AUID\":\"unset\"}}";
        string beat = "{\"@timestamp\":\"2026-11-22T14:53:07.123Z\",\"auditd\":{\"message_type\":\"virt_control\",\"sequence\":2001,\"result\":\"success\",\"session\":\"unset\",\"data\":{\"op\":\"start\",\"reason\":\"booted\",\"uuid\":\"" + Uuid + "\",\"virt\":\"kvm\",\"vm\":\"web1\",\"vm-pid\":\"7001\",\"hostname\":\"?\",\"terminal\":\"?\"}},\"process\":{\"pid\":5405,\"executable\":\"/usr/sbin/libvirtd\"},\"user\":{\"id\":\"0\",\"audit\":{\"id\":\"unset\"}},\"host\":{\"name\":\"kvm1\"}}";
        string wanted = RecordComparison.Signature(CollectingSink.ReadOne("node=kvm1 " + Line), "UserName");
        Assert.Equal("web1", log);
        Assert.Equal(wanted, RecordComparison.Signature(CollectingSink.ReadOne(laurel), "UserName"));
        Assert.Equal(wanted, RecordComparison.Signature(CollectingSink.ReadOne(beat), "UserName"));
        string two = laurel.Replace("\"VIRT_CONTROL\":{", "\"VIRT_CONTROL\":[{\"vm\":\"a b\",\"uuid\":\"" + Uuid + "\",\"op\":\"x' res=failed\",\"exe\":\"/x\",\"res\":\"failed\"},{", StringComparison.Ordinal).Replace("\"}}", "\"}]}", StringComparison.Ordinal);
        List<VirtAuditRecord> records = CollectingSink.Read(two).Records;
        Assert.Equal(["a b", "web1"], records.Select(record => record.VMName));
        Assert.Equal(["failed", "success"], records.Select(record => record.Result));
    }

    private static IEnumerable<string> Written(string path, JsonNode value) => Written(At(path, value)).Append(new JsonObject { [path] = value.DeepClone() }.ToJsonString());

    // On a line, over several, in lists of both kinds, behind what may stand before.
    private static IEnumerable<string> Written(JsonObject document)
    {
        string line = document.ToJsonString();
        return
        [
            line, document.ToJsonString(Plain), document.ToJsonString(Pretty), "[" + line + "]", new JsonArray(document.DeepClone()).ToJsonString(Pretty), "@cee:" + line, "@cee: " + line,
            "2026-11-22T14:53:07+00:00\tmy.tag\t" + line, line + "\r",
        ];
    }

    private static JsonObject At(string path, JsonNode? value)
    {
        // The last two names of these are one: 'attributes': {'host.name': …}.
        int dot = path.IndexOf('.', StringComparison.Ordinal);
        bool isFlat = path.StartsWith("attributes.", StringComparison.Ordinal) || path.EndsWith("@timestamp", StringComparison.Ordinal);
        return dot < 0 ? new JsonObject { [path] = value } : new JsonObject { [path[..dot]] = isFlat ? new JsonObject { [path[(dot + 1)..]] = value } : At(path[(dot + 1)..], value) };
    }
}
