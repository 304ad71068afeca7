using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>The short forms of journalctl.</summary>
internal sealed class JournalShortTarget : TextTarget
{
    public override IReadOnlyList<string> Words => [.. base.Words, "Nov 22 14:52:55 host ", "2026-11-22T14:52:55+0000 host ", "audit[385946]: VIRT_RESOURCE ", "libvirtd[812]: ", "success=yes ", "success=no ", "Failed to send audit message "];

    public override IEnumerable<byte[]> Seeds() => TestData.Lines("carriers.journal-short.txt").Concat(TestData.Lines("carriers.journal-short-iso.txt")).Concat(TestData.Groups("carriers.journal-short.txt", 4, 10));
}
