using LibvirtAudit.Audit;
using LibvirtAudit.Fuzz.Properties;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Fuzz.Targets;

/// <summary>The search for candidate lines, the one reader that goes over its text with vectors: it finds what a plain search finds.</summary>
internal sealed class WordSearchTarget : FuzzTarget
{
    private static readonly IReadOnlyList<SearchWord> Searched = [.. CandidateScanner.VirtWords, .. EventTypes.Analysis.Words];
    private readonly WordSearch _few = new(CandidateScanner.VirtWords), _many = new(Searched);

    public override int LongestInput => 300;

    public override IReadOnlyList<string> Words => [.. Searched.Select(word => System.Text.Encoding.ASCII.GetString(word.Text))];

    public override IEnumerable<byte[]> Seeds() => Searched.Select(word => (byte[])[.. new byte[40], .. word.Text, (byte)'\n', .. word.Text[..^1]]);

    public override void Run(ReadOnlySpan<byte> input)
    {
        int from = input.IsEmpty ? 0 : Math.Min(input[0] % 64, input.Length);
        Check(_few, CandidateScanner.VirtWords, input, from);
        Check(_many, Searched, input, from);
    }

    private static void Check(WordSearch search, IReadOnlyList<SearchWord> words, ReadOnlySpan<byte> text, int from)
    {
        int expected = -1;
        foreach (SearchWord word in words)
        {
            int found = text[from..].IndexOf(word.Text);
            expected = found >= 0 && (expected < 0 || from + found < expected) ? from + found : expected;
        }

        // Of two words that overlap either is a hit: both are of one line.
        int hit = search.IndexIn(text, from);
        bool isRight = expected < 0 ? hit < 0 : hit >= expected && text[expected..hit].IndexOf((byte)'\n') < 0;
        if (!isRight)
        {
            throw new PropertyException("words are found where they are", $"{hit} for {expected}");
        }
    }
}
