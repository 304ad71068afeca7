using System.Text.Json;
using System.Text.Json.Nodes;
using LibvirtAudit.Audit;
using LibvirtAudit.Fuzz.Differential;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>Real logs, each line in documents of several makers: the records and events are those of the log itself, which other tests hold against libauparse.</summary>
public sealed class JsonCaptureTests
{
    private static readonly ReadOptions Everything = new(RecordFilter.All) { IncludeMalformed = true, Events = EventTypes.Analysis };
    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true };

    private static readonly Dictionary<string, Func<string, string>> Makers = new()
    {
        ["Filebeat"] = line => new JsonObject { ["@timestamp"] = "2001-01-01T00:00:00Z", ["log"] = new JsonObject { ["file"] = new JsonObject { ["path"] = "/var/log/audit/audit.log" } }, ["message"] = line }.ToJsonString(),
        ["Elastic"] = line => new JsonObject { ["event"] = new JsonObject { ["original"] = line, ["module"] = "auditd" }, ["process"] = new JsonObject { ["name"] = "x" } }.ToJsonString(),
        ["GELF"] = line => new JsonObject { ["version"] = "1.1", ["short_message"] = line[..Math.Min(line.Length, 40)], ["full_message"] = line, ["timestamp"] = 1.5 }.ToJsonString(),
        ["Splunk"] = line => new JsonObject { ["result"] = new JsonObject { ["_raw"] = line, ["source"] = "/var/log/audit/audit.log", ["sourcetype"] = "linux_audit" } }.ToJsonString(),
        ["a pretty list"] = line => new JsonArray(new JsonObject { ["body"] = line }).ToJsonString(Pretty),
        ["OpenTelemetry"] = line => "{\"resourceLogs\":[{\"resource\":{\"attributes\":[{\"key\":\"os.type\",\"value\":{\"stringValue\":\"linux\"}}]},\"scopeLogs\":[{\"logRecords\":[{\"timeUnixNano\":\"1000000000000000000\",\"body\":{\"stringValue\":" + JsonSerializer.Serialize(line) + "}}]}]}]}",
        ["a document in a document"] = line => new JsonObject { ["message"] = new JsonObject { ["log"] = line }.ToJsonString() }.ToJsonString(),
    };

    public static TheoryData<string, string> Logs => [.. Makers.Keys.SelectMany(maker => new[] { "qemu12-enriched.log", "lxc-enriched.log", "umsg-enriched.log", "selinux-incidents.log", "apparmor-incidents.log" }.Select(file => (maker, file)))];

    [Theory]
    [MemberData(nameof(Logs))]
    public void A_log_in_documents_says_what_the_log_says(string maker, string file)
    {
        int read = 0;
        foreach (byte[] line in TestData.Lines(file))
        {
            if (!System.Text.Unicode.Utf8.IsValid(line))
            {
                // What is no UTF-8 no JSON can hold.
                continue;
            }

            CollectingSink log = CollectingSink.Read([line], Everything);
            CollectingSink document = CollectingSink.Read(Makers[maker](System.Text.Encoding.UTF8.GetString(line)), Everything);
            Assert.Equal(Signatures(log), Signatures(document));
            Assert.Equal(log.Malformed.Count, document.Malformed.Count);
            read += log.Records.Count + log.Events.Count;
        }

        Assert.True(read > 0);
    }

    [Theory]
    [InlineData("qemu12-enriched", 1300)]
    [InlineData("lxc12-raw", 150)]
    [InlineData("qemu12-fakehw-raw", 130)]
    [InlineData("lxc-enriched", 90)]
    public void What_laurel_makes_of_a_log_says_what_the_log_says(string file, int most)
    {
        List<byte[]> lines = TestData.Lines(file + ".log");
        int compared = 0;
        foreach (TruthRecord truth in TruthRecord.Load(TestData.PathOf(file + ".truth.jsonl")))
        {
            // Where libauparse ends a bare value at its first blank, what it makes of the record is not what is in it.
            string[] names = [.. truth.Fields.Select(field => field.Name)];
            if (names.Distinct().Count() != names.Length)
            {
                continue;
            }

            string? resourceType = truth.Fields.FirstOrDefault(field => field.Name == "resrc")?.Raw;
            var fields = new JsonObject();
            foreach (TruthField field in truth.Fields.Where(field => field.Name is not ("type" or "node")))
            {
                string? value = field.Value(resourceType);
                fields[field.Name] = value == field.Raw && long.TryParse(value, out long number) ? number : value ?? "?";
            }

            CollectingSink document = CollectingSink.Read(new JsonObject { ["ID"] = truth.EventId, [truth.Type!] = new JsonArray(fields) }.ToJsonString(), Everything);
            VirtAuditRecord log = Assert.Single(CollectingSink.Read([lines[truth.Line - 1]], Everything).Records);
            string[] except = ["UserName", "LoginUserName", "Subject"];
            Assert.Equal(RecordComparison.Signature(log, except), RecordComparison.Signature(Assert.Single(document.Records), except));
            compared++;
        }

        Assert.True(compared >= most, $"{compared} compared");
    }

    [Fact]
    public void Denials_and_anomalies_come_out_of_parsed_documents()
    {
        string laurel = """{"ID":"1795359187.123:2001","NODE":"kvm1","AVC":[{"denied":["read","write"],"pid":7001,"comm":"qemu system","path":"/srv/a b","scontext":"system_u:system_r:svirt_t:s0:c1,c2","tcontext":"a:b:c:s0","tclass":"file","permissive":0}],"SYSCALL":{"pid":1}}""";
        AuditEvent denial = Assert.Single(CollectingSink.Read(laurel, Everything).Events);
        Assert.Equal((RecordTypes.Avc, "1795359187.123:2001", "kvm1", 7001), (denial.Type, denial.EventId, denial.Node, denial.Number("pid"u8)));
        Assert.Equal(("qemu system", "/srv/a b", "system_u:system_r:svirt_t:s0:c1,c2", "file"), (denial.Text("comm"u8), denial.Text("path"u8), denial.Text("scontext"u8), denial.Text("tclass"u8)));
        Assert.StartsWith("avc:  denied  { read write } for", System.Text.Encoding.ASCII.GetString(denial.Fields).Trim().Replace("pid=7001 ", "", StringComparison.Ordinal));
        string beat = """{"@timestamp":"2026-11-22T14:53:07.123Z","auditd":{"message_type":"anom_abend","sequence":2002,"data":{"sig":"11","comm":"qemu-system-x86"}},"process":{"pid":7001,"executable":"/usr/bin/qemu-system-x86_64"},"host":{"name":"kvm1"}}""";
        AuditEvent anomaly = Assert.Single(CollectingSink.Read(beat, Everything).Events);
        Assert.Equal((RecordTypes.AnomAbend, "1795359187.123:2002", "kvm1", 7001, "/usr/bin/qemu-system-x86_64"), (anomaly.Type, anomaly.EventId, anomaly.Node, anomaly.Number("pid"u8), anomaly.Text("exe"u8)));
    }

    private static List<string> Signatures(CollectingSink sink) =>
    [
        .. sink.Records.Select(record => RecordComparison.Signature(record, "RawText")),
        .. sink.Events.Select(found => $"{found.Type} {found.EventId} {found.Node} {System.Text.Encoding.Latin1.GetString(found.Fields)}"),
    ];
}
