using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>Lines of JSON: journalctl's, a forwarder's, a container runtime's around another program's.</summary>
internal sealed class JournalJsonTarget : TextTarget
{
    public override IReadOnlyList<string> Words =>
    [
        .. base.Words, "{\"", "\":\"", "\",\"", "\"}", "[1,2]", "\"MESSAGE\":\"", "\"msg\":\"", "\"log\":\"{\\\"", "\"original\":\"", "\"_TRANSPORT\":\"audit\"", "\"_TRANSPORT\":\"kernel\"",
        "\"_AUDIT_TYPE\":\"2500\"", "\"_AUDIT_ID\":\"1\"", "\"_SOURCE_REALTIME_TIMESTAMP\":\"1795360115435000\"", "\"__REALTIME_TIMESTAMP\":\"1\"", "\"_HOSTNAME\":\"a\"", "\"_PID\":\"1\"",
        "\"_COMM\":\"libvirtd\"", "\"SYSLOG_IDENTIFIER\":\"audisp-syslog\"", "\"@timestamp\":\"2026-11-22T14:52:55Z\"", "\\u0000", "\\ud800", "\\\"", "\u001e", "data: {",
    ];

    public override IEnumerable<byte[]> Seeds() => TestData.Lines("carriers.journal-json.txt").Concat(TestData.Lines("samples.log", "{"));
}
