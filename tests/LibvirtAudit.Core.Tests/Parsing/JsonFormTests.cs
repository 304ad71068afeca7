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

    private static Dictionary<string, Case> Load()
    {
        using var json = JsonDocument.Parse(TestData.Bytes("cases/forms.json"));
        return json.RootElement.EnumerateObject()
            .Select(entry => new Case(entry.Name, entry.Value.GetProperty("text").GetString()!, 1, entry.Value.GetProperty("must").Clone()))
            .Where(entry => entry.Text.Contains("{\"", StringComparison.Ordinal))
            .ToDictionary(entry => entry.Id);
    }
}
