using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Logs;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>What the first bytes of a file, and its name, say of it.</summary>
internal sealed class LogHeadTarget : FuzzTarget
{
    private readonly LinearTime _time = new(head => TextCheck.Of(head));

    public override int LongestInput => 256;

    public override IReadOnlyList<string> Words => ["audit.log", ".1", ".gz", "-20261122", "\uFEFF"];

    public override IEnumerable<byte[]> Seeds() =>
        [.. TestData.Lines("carriers.log").Take(3).Select(line => line[..100]), [0x1F, 0x8B], [0xFF, 0xFE, 0x41, 0], [.. "audit.log.1.gz"u8], [.. "audit.log-20261122-1795360115.xz"u8]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var choice = new InputHash(input);
        TextCheck check = TextCheck.Of(input);
        if (check.Offset < 0 || check.Offset > input.Length || check.MarkLength > input.Length)
        {
            throw new PropertyException("what a head shows is in it", check.ToString());
        }

        Shown.Check("what was found", check.Found);
        CompressionDetector.Detect(input);
        RotatedName.Parse("audit.log", System.Text.Encoding.UTF8.GetString(input));
        _time.Check(input, ref choice);
    }
}
