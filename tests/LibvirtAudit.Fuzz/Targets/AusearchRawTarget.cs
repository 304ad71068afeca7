using LibvirtAudit.Fuzz.Input;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>The plain output of ausearch: events between lines of dashes, a line with their time before them; with names of nodes.</summary>
internal sealed class AusearchRawTarget : TextTarget
{
    public override int LongestInput => 2048;

    public override IReadOnlyList<string> Words => [.. base.Words, "----\n", "time->Sun Nov 22 14:52:55 2026\n", "\n"];

    public override IEnumerable<byte[]> Seeds() => TestData.Groups("carriers.log", 3, 40)
        .Select(lines => (byte[])[.. "----\ntime->Sun Nov 22 14:52:55 2026\nnode=host "u8, .. lines]);
}
