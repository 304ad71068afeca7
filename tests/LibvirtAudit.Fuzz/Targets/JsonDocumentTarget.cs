using System.Text.Json;
using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>
/// Collectors' documents, on a line or over several: a line as a string in some field, a document within a document, Laurel's and
/// Auditbeat's parsed records.
/// </summary>
internal sealed class JsonDocumentTarget : TextTarget
{
    public override int LongestInput => 2048;

    public override IReadOnlyList<string> Words =>
    [
        .. base.Words, "{", "}", "[", "]", ",", ":", "\n", "\"", "\\\"", "\\\\", "\\/", "\\n", "\\u001d", "\\u00fc", "\\ud83d\\ude00",
            "\\ud800", "@cee:", "[pod/virt-launcher-a/compute] ",
        "2026-11-22T14:53:07.1Z stderr F ", "2026-11-22T14:53:07Z\ta\t", "\"message\":", "\"event\":{\"original\":",
        "\"auditd\":{\"messages\":[", "\"_source\":{", "\"log\":\"", "\"host\":{\"name\":\"a\"}",
        "\"log\":{\"file\":{\"path\":\"/var/log/audit/audit.log\"}}", "\"file\":\"/var/log/nginx/access.log\"", "\"stream\":\"stderr\"",
        "\"ident\":\"audispd\"", "\"@timestamp\":\"2026-11-22T14:53:07Z\"", "\"time\":1795359187.123",
        "\"component\":\"virt-launcher\"", "Failed to send audit message ", ": Permission denied", "\"ID\":\"1795359187.123:2001\"",
        "\"NODE\":\"a\"", "\"VIRT_CONTROL\":[{", "\"vm-pid\":1", "\"res\":\"success\"",
        "\"auditd\":{\"message_type\":\"virt_control\",\"sequence\":1,\"data\":{",
        "\"key\":\"host.name\",\"value\":{\"stringValue\":\"a\"}", "\"hits\":{\"hits\":[",
    ];

    public override IEnumerable<byte[]> Seeds()
    {
        using var forms = JsonDocument.Parse(TestData.Bytes("cases/forms.json"));
        foreach (JsonProperty form in forms.RootElement.EnumerateObject())
        {
            string text = form.Value.GetProperty("text").GetString()!;
            if (text.Contains("{\"", StringComparison.Ordinal))
            {
                yield return System.Text.Encoding.UTF8.GetBytes(text);
                yield return System.Text.Encoding.UTF8.GetBytes(text.Replace(", ", ",\n", StringComparison.Ordinal).Replace("{", "{\n",
                    StringComparison.Ordinal));
            }
        }
    }
}
