using CsCheck;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

public sealed class WordSearchTests
{
    private readonly WordSearch _search = new(CandidateScanner.VirtWords);

    [Fact]
    public void It_finds_what_a_search_for_each_word_finds_in_the_captures()
    {
        byte[] text = TestData.Bytes("qemu-enriched.log");
        for (int from = 0; from < text.Length; from += 997)
        {
            int expected = CandidateScanner.VirtWords.Select(word => text.AsSpan(from).IndexOf(word.Text)).Where(found => found >= 0).Select(found => from + found).DefaultIfEmpty(-1).Min();
            Assert.Equal(expected, _search.IndexIn(text, from));
        }
    }

    [Fact]
    public void It_finds_what_a_search_for_each_word_finds_in_any_text_of_any_length() =>
        Gen.Select(
            Gen.Frequency(
                (2, Gen.OneOf("VIRT_", "UNKNOWN[25", "type=25", " uuid=", "__CURSOR=")),
                (3, Gen.OneOf("VIR", "RT_", "IRT", "UNKNOWN[2", "[25", "=25", "type=2", " uu", "uuid", "__C", "\n", "x")),
                (4, Gen.String[Gen.Char[' ', '~'], 0, 40])).Array[0, 12],
            Gen.Int[0, 60])
        .Sample((pieces, start) =>
        {
            byte[] text = System.Text.Encoding.Latin1.GetBytes(string.Concat(pieces));
            int from = Math.Min(start, text.Length);
            int[] found = [.. CandidateScanner.VirtWords.Select(word => text.AsSpan(from).IndexOf(word.Text)).Where(index => index >= 0)];

            // Of two words that overlap either is a hit: both are of one line.
            int hit = _search.IndexIn(text, from);
            return found.Length == 0 ? hit == -1 : hit >= from && LineOf(text, hit) == LineOf(text, from + found.Min());
        }, iter: 20_000);

    private static int LineOf(byte[] text, int index) => text.AsSpan(0, index).Count((byte)'\n');
}
