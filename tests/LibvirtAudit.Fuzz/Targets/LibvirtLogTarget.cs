using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>libvirt's own log: bodies without a trailer, and refusals that belong to a line before.</summary>
internal sealed class LibvirtLogTarget : TextTarget
{
    public override int LongestInput => 2048;

    public override IReadOnlyList<string> Words =>
    [
        .. base.Words, "2026-11-22 14:52:55.865+0000: 5436: ", "2026-11-22 14:52:55.865+0000: ", "info : ", "warning : ", "error : ", "virAuditSend:135 : ", "success=yes ", "success=no ", "Failed to send audit message ", ": Operation not permitted", "\n",
    ];

    public override IEnumerable<byte[]> Seeds() => TestData.Lines("libvirtd-audit-logging.log").Take(60).Concat(Refused()).Concat(TestData.Groups("libvirtd-audit-logging.log", 4, 20));

    private static IEnumerable<byte[]> Refused()
    {
        foreach (byte[] line in TestData.Lines("libvirtd-audit-logging.log", "success=yes").Take(10))
        {
            string text = System.Text.Encoding.Latin1.GetString(line);
            yield return System.Text.Encoding.Latin1.GetBytes(text + "\n" + text.Replace("success=yes", "Failed to send audit message", StringComparison.Ordinal) + ": Operation not permitted\n");
        }
    }
}
