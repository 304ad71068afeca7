using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>Lines that auditd's dispatchers, the kernel and libvirt's daemons send to syslog.</summary>
internal sealed class SyslogTarget : TextTarget
{
    public override IReadOnlyList<string> Words =>
        [.. base.Words, "Nov 22 14:52:55 host ", "2026-11-22T14:52:55+0000 host ", "<13>", "audispd: ", "audisp-syslog[1]: ", "auditd[812]: ", "kernel: ", "audit: type=2500 ", "libvirtd[812]: success=yes ", "virtqemud: "];

    public override IEnumerable<byte[]> Seeds()
    {
        foreach (byte[] line in TestData.Lines("carriers.log", "VIRT_").Take(30))
        {
            yield return [.. "Nov 22 14:52:55 host audisp-syslog: "u8, .. line];
        }

        foreach (byte[] line in TestData.Lines("dmesg.txt", "type=250").Take(15))
        {
            yield return [.. "<5>2026-11-22T14:52:55+0000 host kernel: "u8, .. line];
        }

        foreach (byte[] line in TestData.Lines("carriers.journal-short.txt", "success=").Take(10))
        {
            yield return line;
        }
    }
}
