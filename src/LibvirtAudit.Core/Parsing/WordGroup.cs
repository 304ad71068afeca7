using System.Numerics;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Words that a <see cref="WordSearch"/> does not tell apart before it compares them. A place of the text is looked at
/// for a group when each half of each of its rare bytes is one that some word of the group has there, so that a group of
/// words that look alike is seldom looked at in vain.
/// </summary>
internal sealed class WordGroup
{
    /// <summary>How many groups a search can tell apart: a bit of a byte for each.</summary>
    public const int Most = 8;

    // The halves that occur at each of the rare bytes, a bit for each of the sixteen.
    private readonly ushort[] _low = new ushort[SearchWord.RareLength];
    private readonly ushort[] _high = new ushort[SearchWord.RareLength];

    private WordGroup(params IReadOnlyList<SearchWord> words)
    {
        Words = words;
        foreach (SearchWord word in words)
        {
            for (int i = 0; i < SearchWord.RareLength; i++)
            {
                byte value = word.Text[word.Rare + i];
                _low[i] |= (ushort)(1 << (value & 0xF));
                _high[i] |= (ushort)(1 << (value >> 4));
            }
        }
    }

    /// <summary>The words.</summary>
    public IReadOnlyList<SearchWord> Words { get; }

    // How many different triples of bytes are taken for one of its words'.
    private long Matches => Enumerable.Range(0, SearchWord.RareLength)
        .Aggregate(1L, (product, i) => product * BitOperations.PopCount(_low[i]) * BitOperations.PopCount(_high[i]));

    /// <summary>Puts words into no more than <see cref="Most"/> groups: those together that cost the fewest looks in vain.</summary>
    public static IReadOnlyList<WordGroup> Of(IReadOnlyList<SearchWord> words)
    {
        List<WordGroup> groups = [.. words.Select(word => new WordGroup(word))];
        while (groups.Count > Most)
        {
            (WordGroup left, WordGroup right) = (
                from first in groups
                from second in groups
                where first != second
                orderby new WordGroup([.. first.Words, .. second.Words]).Matches - first.Matches - second.Matches
                select (first, second)).First();
            groups.Remove(left);
            groups.Remove(right);
            groups.Add(new WordGroup([.. left.Words, .. right.Words]));
        }

        return groups;
    }

    /// <summary>Whether a word has <paramref name="half"/> as the lower half of its rare byte <paramref name="index"/>.</summary>
    public bool HasLow(int index, int half) => ((_low[index] >> half) & 1) != 0;

    /// <summary>Whether a word has <paramref name="half"/> as the upper half of its rare byte <paramref name="index"/>.</summary>
    public bool HasHigh(int index, int half) => ((_high[index] >> half) & 1) != 0;
}
