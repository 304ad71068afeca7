using System.Globalization;
using System.Text.Json;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Support;

/// <summary>One input with what its record has to say (tests/data/cases, <c>must</c>): property to text, null for null, <c>~P</c> for a part of P's text.</summary>
internal sealed record Case(string Id, string Text, int Count, JsonElement Must)
{
    /// <summary>What the record says otherwise than it must.</summary>
    public IEnumerable<string> DifferencesOf(VirtAuditRecord record)
    {
        foreach (JsonProperty property in Must.EnumerateObject())
        {
            bool isPart = property.Name.StartsWith('~');
            string? expected = property.Value.GetString();
            string? actual = Convert.ToString(typeof(VirtAuditRecord).GetProperty(property.Name.TrimStart('~'))!.GetValue(record), CultureInfo.InvariantCulture);
            actual = actual is { Length: 0 } ? null : actual;
            if (isPart ? actual?.Contains(expected!, StringComparison.Ordinal) != true : actual != expected)
            {
                yield return $"{property.Name}: '{expected ?? "(null)"}' expected, '{actual ?? "(null)"}' read";
            }
        }
    }
}
