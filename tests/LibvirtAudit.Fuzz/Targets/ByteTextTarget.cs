using LibvirtAudit.Encoding;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Records;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>Bytes as text and back, and text as it is shown.</summary>
internal sealed class ByteTextTarget : FuzzTarget
{
    private readonly Allocation _allocation = new();
    private readonly LinearTime _time = new(bytes => PrintableText.Escape(ByteText.GetString(bytes)));

    public override int LongestInput => 200;

    public override IReadOnlyList<string> Words => ["\uEF80", "\uEFFF", "\uEEFF", "\u202e", "\u2028", "\ue000", "\U0001F600", "\u001b[31m", "`e"];

    public override IEnumerable<byte[]> Seeds() => [.. TestData.Lines("umsg-enriched.log").Select(line => line[..Math.Min(line.Length, 200)]), [0xEE, 0xBE, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]];

    public override void Run(ReadOnlySpan<byte> input)
    {
        var choice = new InputHash(input);
        long before = Allocation.Now;
        string text = ByteText.GetString(input);
        string shown = PrintableText.Escape(text)!;
        _allocation.Check(before, input.Length);
        if (!input.SequenceEqual(ByteText.GetBytes(text)))
        {
            throw new PropertyException("bytes as text are the same bytes again", text);
        }

        Shown.Check("an escaped text", shown);
        _time.Check(input, ref choice);
    }
}
