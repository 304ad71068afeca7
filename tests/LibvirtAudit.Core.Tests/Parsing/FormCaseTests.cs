using System.Globalization;
using System.Text.Json;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>One record in the forms in which logs are pasted, forwarded and stored, and the forms beside those: what it says was written down before anything was read.</summary>
public sealed class FormCaseTests
{
    private const string Uuid = "05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14";
    private const string Payload = "pid=5405 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start reason=booted vm=\"web1\" uuid=" + Uuid + " vm-pid=7001 exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'";
    private const string Line = "type=VIRT_CONTROL msg=audit(1795359187.123:2001): " + Payload;
    private const string Kernel = "type=2500 audit(1795359187.123:2001): " + Payload;
    private const string Avc = "avc:  denied  { read } for  pid=7001 comm=\"qemu-kvm\" scontext=system_u:system_r:svirt_t:s0:c11,c22 tcontext=system_u:object_r:user_home_t:s0 tclass=file permissive=0";
    private const string Stamp = "1795359187.123:2001";
    private const long Second = 1795359187;

    // Documents of JSON are read by carriers of their own.
    private static readonly Dictionary<string, Case> Cases = Load();

    public static TheoryData<string> Ids => [.. Cases.Where(known => !known.Value.Text.Contains('{', StringComparison.Ordinal)).Select(known => known.Key)];

    /// <summary>What stands before a record, what event it then names, its host, and its time in seconds; null for none.</summary>
    public static TheoryData<string, string?, string?, long?> Forms => new()
    {
        { "Nov 22 14:53:07.123456 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "Nov 22 14:53:07 audit[5405]: VIRT_CONTROL " + Payload, null, null, null },
        { "22 nov. 14:53:07 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "déc. 22 14:53:07 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "ноя 22 14:53:07 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "Νοε 22 14:53:07 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "11월 22 14:53:07 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "Nov  2 14:53:07 kvm1 audit[5405]: AUDIT2500 " + Payload, null, "kvm1", null },
        { "2026-11-22T14:53:07.123456+00:00 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "2026-11-22T14:53:07+0000 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "2026-11-22T09:53:07-0500 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "2026-11-22T14:53:07 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "Sun 2026-11-22 14:53:07 UTC kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "Sun 2026-11-22 14:53:07.123456 UTC kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "dim. 2026-11-22 15:53:07 CET kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "Sun 2026-11-22 15:53:07 +01 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "Sun 2026-11-22 14:53:07 UTC kvm1 libvirtd.service[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "1795359187.123456 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "[    5.456789] kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "[  123.456789 <    0.000001 >] kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", null },
        { "[  123.456789] kvm1 kernel: audit: " + Kernel, Stamp, "kvm1", Second },
        { "Nov 22 14:53:07 kvm1 kernel: audit: " + Kernel, Stamp, "kvm1", Second },
        { "Nov 22 14:53:07 kvm1 kernel: " + Kernel, Stamp, "kvm1", Second },
        { "Nov 22 14:53:07 kvm1 kernel: [ 3029.900000] audit: " + Kernel, Stamp, "kvm1", Second },
        { "Nov 22 14:53:07 kvm1 kernel: [ 3029.900000][    T1] audit: " + Kernel, Stamp, "kvm1", Second },
        { "2026-11-22T14:53:07.123456+00:00 kvm1 kernel: [ 3029.900000] audit: " + Kernel, Stamp, "kvm1", Second },
        { "audit: " + Kernel, Stamp, null, Second },
        { Kernel, Stamp, null, Second },
        { "[ 3029.900000] " + Kernel, Stamp, null, Second },
        { "[Sun Nov 22 14:53:07 2026] audit: " + Kernel, Stamp, null, Second },
        { "[<    0.000000>] audit: " + Kernel, Stamp, null, Second },
        { "[ 3029.900000] [    T1] audit: " + Kernel, Stamp, null, Second },
        { "[Nov22 14:53] audit: " + Kernel, Stamp, null, Second },
        { "<5>[ 3029.900000] audit: " + Kernel, Stamp, null, Second },
        { "kern  :notice: [ 3029.900000] audit: " + Kernel, Stamp, null, Second },
        { "kern  :info  : [Sun Nov 22 14:53:07 2026] audit: " + Kernel, Stamp, null, Second },
        { "kern  :notice: 2026-11-22T14:53:07,123456+00:00 audit: " + Kernel, Stamp, null, Second },
        { "2026-11-22T14:53:07,123456+00:00 " + Kernel, Stamp, null, Second },
        { "6,1234,3029900000,-,caller=T123;audit: " + Kernel, Stamp, null, Second },
        { "<13>Nov 22 14:53:07 kvm1 audispd: " + Line, Stamp, "kvm1", Second },
        { "Nov 22 14:53:07 kvm1 audispd[99]: node=kvm9 " + Line, Stamp, "kvm9", Second },
        { "Nov 22 14:53:07 kvm1.example.com auditd[99]: " + Line, Stamp, "kvm1.example.com", Second },
        { "Nov 22 14:53:07 10.0.0.7 audit_log: " + Line, Stamp, "10.0.0.7", Second },
        { "Nov 22 14:53:07 kvm1 auditlog: " + Line, Stamp, "kvm1", Second },
        { "Nov 22 14:53:07 kvm1 " + Line, Stamp, "kvm1", Second },
        { "2026-11-22T14:53:07.123456+00:00 kvm1 tag_audit_log: " + Line, Stamp, "kvm1", Second },
        { "<14>1 2026-11-22T14:53:07.123456+00:00 kvm1 audispd - - [origin x=\"a]\\\"b\"][y@1 z=\"\"] " + Line, Stamp, "kvm1", Second },
        { "423 <14>1 2026-11-22T14:53:07Z kvm1 audisp-syslog 99 ID7 - \uFEFF" + Line, Stamp, "kvm1", Second },
        { "<14>1 2026-11-22T14:53:07Z - auditd - - - " + Line, Stamp, null, Second },
        { "<6>1 2026-11-22T14:53:07Z kvm1 kernel - - - audit: " + Kernel, Stamp, "kvm1", Second },
        { "Nov 22 14:53:08 kvm1 audispd: message repeated 2 times: [ " + Line + "]", Stamp, "kvm1", Second },
        { "audit.log:" + Line, Stamp, null, Second },
        { "/var/log/audit/audit.log.2:" + Line, Stamp, null, Second },
        { "./sosreport-kvm1-2026/var/log/audit/audit.log:17:" + Line, Stamp, null, Second },
        { "17-" + Line, Stamp, null, Second },
        { "audit.log-17-" + Line, Stamp, null, Second },
        { "/var/log/messages-20261122:12:Nov 22 14:53:07 kvm1 kernel: audit: " + Kernel, Stamp, "kvm1", Second },
        { "journal.txt:2026-11-22T14:53:07+0000 kvm1 audit[5405]: VIRT_CONTROL " + Payload, null, "kvm1", Second },
        { "kvm1:/var/log/audit/audit.log:" + Line, Stamp, null, Second },
        { "  " + Line + "\r", Stamp, null, Second },
        { "\uFEFFNov 22 14:53:07 kvm1 audispd: " + Line, Stamp, "kvm1", Second },
        { "2026-11-22 14:53:07.123+0000: 5436: info : virDomainAuditStart:1 : success=yes virt=kvm op=start reason=booted vm=\"web1\" uuid=" + Uuid + " vm-pid=7001", null, null, Second },
        { "Nov 22 14:53:07 kvm1 libvirtd[5405]: 2026-11-22 14:53:07.123+0000: 5436: info : virDomainAuditStart:1 : success=yes virt=kvm op=start reason=booted vm=\"web1\" uuid=" + Uuid + " vm-pid=7001", null, "kvm1", Second },
        { "<30>1 2026-11-22T14:53:07Z kvm1 virtqemud 5405 - - success=yes virt=kvm op=start reason=booted vm=\"web1\" uuid=" + Uuid + " vm-pid=7001", null, "kvm1", Second },
        { "Nov 22 14:53:07 kvm1 audispd: " + Line.Replace("): pid", "): user pid", StringComparison.Ordinal), Stamp, "kvm1", Second },
    };

    public static TheoryData<string> Unread =>
    [
        "VIRT_CONTROL " + Payload,
        "Nov 22 14:53:07 kvm1 auditx[1]: " + Line,
        "Nov 22 14:53:07 kvm1 root: " + Line,
        "Nov 22 14:53:07 kvm1 mallory[7]: VIRT_CONTROL " + Payload,
        "Nov 22 14:53:07 kvm1 mallory[7]: success=yes virt=kvm op=start reason=booted vm=\"web1\" uuid=" + Uuid,
        "Sun 2026-11-22 14:53:07 UTC kvm1 session-1.scope[7]: VIRT_CONTROL " + Payload,
        "<14>1 2026-11-22T14:53:07Z kvm1 mallory - - - " + Line,
        "2026-11-22T14:53:07.123456789Z stdout F " + Line,
        "2026-11-22T14:53:07.123456789Z " + Line,
        "[pod/web-1/nginx] " + Line,
        "[ 12.3] Manufacturer audit: " + Kernel,
        "\"\",\"VIRT_CONTROL\",\"11/14/2023\",\"22:13:20\",80,virt,0,success,system,system,,,libvirtd,\"start\",vm,,",
    ];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_form_of_a_log_says_what_it_must(string id) =>
        Assert.Empty(Cases[id].DifferencesOf(Assert.Single(CollectingSink.Read(Cases[id].Text).Records)));

    [Theory]
    [MemberData(nameof(Forms))]
    public void A_form_beside_them_too(string text, string? eventId, string? node, long? seconds)
    {
        CollectingSink sink = CollectingSink.Read(text);
        VirtAuditRecord record = Assert.Single(sink.Records);
        Assert.Equal(("web1", Guid.Parse(Uuid), "start", "success", 7001L), (record.VMName, record.Uuid, record.Operation, record.Result, record.VMProcessId));
        Assert.Equal((eventId, node, seconds), (record.EventId, record.Node, record.UnixMilliseconds / 1000));
        Assert.Empty(sink.Unread);
        Assert.Empty(sink.Malformed);
    }

    [Theory]
    [MemberData(nameof(Forms))]
    public void Other_events_are_read_in_the_same_forms(string text, string? eventId, string? node, long? seconds)
    {
        string other = text.Replace("VIRT_CONTROL", "AVC", StringComparison.Ordinal).Replace("2500", "1400", StringComparison.Ordinal).Replace("user pid", "pid", StringComparison.Ordinal).Replace(Payload, Avc, StringComparison.Ordinal);
        bool isLibvirts = text.Contains("success=yes", StringComparison.Ordinal);
        Audit.AuditEvent? read = EventLine.TryParse(System.Text.Encoding.UTF8.GetBytes(other), out Audit.AuditEvent? found) ? found : null;
        Assert.Equal(isLibvirts, read is null);
        if (read is not null)
        {
            Assert.Equal((Audit.RecordTypes.Avc, eventId, node, seconds), (read.Type, read.EventId, read.Node, read.UnixMilliseconds / 1000));
            Assert.Equal("system_u:system_r:svirt_t:s0:c11,c22", read.Text("scontext"u8));
        }
    }

    [Theory]
    [MemberData(nameof(Unread))]
    public void What_has_the_marks_of_a_record_and_is_none_is_told_once(string line)
    {
        CollectingSink sink = CollectingSink.Read("type=SYSCALL msg=audit(1.000:1): x\n" + line + "\n" + line + "\u001b\n");
        Assert.Empty(sink.Records);
        Assert.Empty(sink.Malformed);
        Faults.Fault told = Assert.Single(sink.Unread);
        Assert.True(told.IsWarning);
        Assert.Equal(35, told.Place!.Offset);
        Assert.StartsWith("2 lines", told.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\u001b', told.Message);
    }

    [Theory]
    [InlineData("type=USER_CMD msg=audit(1.000:1): pid=1 uid=0 auid=0 ses=1 msg='cwd=\"/\" cmd=\"VIRT_CONTROL pid=1 vm=x\" terminal=? res=success'")]
    [InlineData("type=SYSCALL msg=audit(1.000:1): arch=c000003e syscall=2 success=yes exit=3 a0=7 items=1")]
    [InlineData("At 14:53:07 11/22/26 system, acting as root, successfully started vm=web1 uuid=x")]
    [InlineData("Nov 22 14:53:07 kvm1 systemd[1]: VIRT_CONTROL is no record")]
    public void What_has_no_marks_outside_of_a_record_is_not_told(string line)
    {
        CollectingSink sink = CollectingSink.Read(line);
        Assert.Empty(sink.Records);
        Assert.Empty(sink.Unread);
    }

    [Theory]
    [InlineData("22.11.2026", true)]
    [InlineData("2026-11-22", true)]
    [InlineData("2026年11月22日", true)]
    [InlineData("22/11/26", true)]
    [InlineData("11/22/26", true)]
    [InlineData("22. Nov", false)]
    public void Dates_of_several_locales_are_read_where_they_mean_one_day(string date, bool isKnown)
    {
        string line = $"type=VIRT_CONTROL msg=audit({date} 14:53:07.123:2001) : pid=5405 uid=root auid=unset ses=unset msg='virt=kvm op=start reason=booted vm=web1 uuid={Uuid} vm-pid=7001 exe=/usr/sbin/libvirtd hostname=? addr=? terminal=? res=success'";
        VirtAuditRecord record = CollectingSink.ReadOne(line);
        Assert.Equal(isKnown ? "2026-11-22 14:53:07.123" : null, record.Timestamp?.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture));
        Assert.Equal(2001UL, record.Serial);
    }

    private static Dictionary<string, Case> Load()
    {
        using var json = JsonDocument.Parse(TestData.Bytes("cases/forms.json"));
        return json.RootElement.EnumerateObject().ToDictionary(entry => entry.Name, entry => new Case(entry.Name, entry.Value.GetProperty("text").GetString()!, 1, entry.Value.GetProperty("must").Clone()));
    }
}
