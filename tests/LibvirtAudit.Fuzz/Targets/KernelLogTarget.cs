using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>The kernel log where no auditd runs.</summary>
internal sealed class KernelLogTarget : TextTarget
{
    public override IReadOnlyList<string> Words => [.. base.Words, "[ 3029.9] ", "[Sun Nov 22 14:52:55 2026] ", "audit: ", "type=2500 ", "type=1400 ", "audit(1795360115.435:5090): "];

    public override IEnumerable<byte[]> Seeds() => TestData.Lines("dmesg.txt", "audit: ");
}
