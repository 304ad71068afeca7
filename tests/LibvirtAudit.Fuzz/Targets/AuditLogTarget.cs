using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>Lines of audit.log, raw: what every other carrier has some of.</summary>
internal sealed class AuditLogTarget : TextTarget
{
    public override IEnumerable<byte[]> Seeds() =>
        new[] { "qemu-enriched.log", "lxc-enriched.log", "qemu-fakehw-enriched.log", "umsg-enriched.log", "samples.log" }
            .SelectMany(file => TestData.Lines(file, "VIRT_")).Select(WithoutNames);

    private static byte[] WithoutNames(byte[] line) => Array.IndexOf(line, (byte)0x1D) is >= 0 and var separator ? line[..separator] : line;
}
