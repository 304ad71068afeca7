using System.Text.Json;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>One record in each of the forms in which logs are stored and forwarded as JSON, with the values that were written down before anything was read.</summary>
public sealed class JsonFormTests
{
    private static readonly Dictionary<string, Case> Cases = Load();

    public static TheoryData<string> Names => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_document_says_what_it_must(string name)
    {
        VirtAuditRecord record = Assert.Single(CollectingSink.Read(Cases[name].Text).Records);
        Assert.Empty(Cases[name].DifferencesOf(record));
    }

    /// <summary>What syslog-ng, rsyslog and Loki call the line and its host.</summary>
    [Theory]
    [InlineData("""{"HOST":"kvm1","PROGRAM":"audispd","MESSAGE":"LINE"}""")]
    [InlineData("""{"@timestamp":"2026-11-22T14:53:07Z","host":"kvm1","tag":"audispd:","message":" LINE"}""")]
    [InlineData("""{"streams":[{"stream":{"host":"kvm1"},"values":[["1795359187123000000","LINE"]]}]}""")]
    public void The_names_of_other_collectors_are_known(string document)
    {
        const string Line = "type=VIRT_CONTROL msg=audit(1795359187.123:2001): pid=5405 uid=0 auid=4294967295 ses=4294967295 msg='virt=kvm op=start "
            + @"reason=booted vm=\""web1\"" uuid=05d2e2f4-47b8-5abf-8c0a-c59bdb9d6e14 vm-pid=7001 exe=\""/usr/sbin/libvirtd\"" hostname=? addr=? "
            + "terminal=? res=success'";
        VirtAuditRecord record = Assert.Single(CollectingSink.Read(document.Replace("LINE", Line, StringComparison.Ordinal)).Records);
        Assert.Equal(("web1", "start", "1795359187.123:2001", "kvm1"), (record.VMName, record.Operation, record.EventId, record.Node));
    }

    private static Dictionary<string, Case> Load()
    {
        using var json = JsonDocument.Parse(TestData.Bytes("cases/forms.json"));
        return json.RootElement.EnumerateObject()
            .Select(entry => new Case(entry.Name, entry.Value.GetProperty("text").GetString()!, 1, entry.Value.GetProperty("must").Clone()))
            .Where(entry => entry.Text.Contains("{\"", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Id);
    }
}
