using System.Text.Json;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>Bodies of all versions of libvirt, libaudit and the kernel, with the values that were written down before anything was read.</summary>
public sealed class FormatCaseTests
{
    private static readonly Dictionary<string, Case> Cases = Load();

    public static TheoryData<string> Ids => [.. Cases.Keys];

    [Theory]
    [MemberData(nameof(Ids))]
    public void A_body_of_any_version_says_what_it_must(string id)
    {
        Case known = Cases[id];
        List<VirtAuditRecord> records = CollectingSink.Read(known.Text).Records;
        Assert.Equal(known.Count, records.Count);
        Assert.All(records, record => Assert.Empty(known.DifferencesOf(record)));
    }

    private static Dictionary<string, Case> Load()
    {
        using var json = JsonDocument.Parse(TestData.Bytes("cases/format.json"));
        return json.RootElement.EnumerateArray().Concat(Neighbours()).ToDictionary(
            entry => entry.GetProperty("id").GetString()!,
            entry => new Case(entry.GetProperty("id").GetString()!, entry.GetProperty("line").GetString()!, entry.GetProperty("n").GetInt32(), entry.GetProperty("must").Clone()));
    }

    // Written from format.md: what stands beside the cases in the same versions.
    private static IEnumerable<JsonElement> Neighbours()
    {
        using var json = JsonDocument.Parse(TestData.Bytes("cases/format-neighbours.json"));
        return [.. json.RootElement.EnumerateArray().Select(entry => entry.Clone())];
    }
}
