using LibvirtAudit.Audit;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Parsing;

/// <summary>More words than a search can tell apart: those of the analysis, beside those of records.</summary>
public sealed class WordGroupTests
{
    private static readonly SearchWord[] Many = [.. CandidateScanner.VirtWords, .. EventTypes.Analysis.Words, CandidateScanner.AnyRecord, LossNotice.Word];

    [Fact]
    public void Each_word_is_in_one_of_eight_groups()
    {
        IReadOnlyList<WordGroup> groups = WordGroup.Of(Many);

        Assert.True(Many.Length > WordGroup.Most);
        Assert.Equal(WordGroup.Most, groups.Count);
        Assert.Equal(Many.Select(Text).Order(), groups.SelectMany(group => group.Words).Select(Text).Order());
    }

    [Fact]
    public void Up_to_eight_words_are_each_told_apart() =>
        Assert.All(WordGroup.Of([.. Many.Take(WordGroup.Most)]), group => Assert.Single(group.Words));

    [Fact]
    public void Words_that_look_alike_share_a_group()
    {
        SearchWord[] alike = [new("=aa"u8, 0), new("=ab"u8, 0)];
        SearchWord[] others = [new("0zZ"u8, 0), new("1yY"u8, 0), new("2xX"u8, 0), new("3wW"u8, 0), new("4vV"u8, 0), new("5uU"u8, 0), new("6tT"u8, 0)];

        Assert.Equal(alike.Select(Text), Assert.Single(WordGroup.Of([alike[0], .. others, alike[1]]), group => group.Words.Count > 1).Words.Select(Text));
    }

    [Theory]
    [InlineData("qemu-enriched.log")]
    [InlineData("lxc-enriched.log")]
    public void A_search_in_groups_finds_what_a_search_for_each_word_finds(string name)
    {
        byte[] text = TestData.Bytes(name);
        var search = new WordSearch(Many);
        for (int from = 0; from < text.Length; from += 211)
        {
            int expected = Many.Select(word => text.AsSpan(from).IndexOf(word.Text)).Where(found => found >= 0).Select(found => from + found).DefaultIfEmpty(-1).Min();
            Assert.Equal(expected, search.IndexIn(text, from));
        }
    }

    private static string Text(SearchWord word) => System.Text.Encoding.ASCII.GetString(word.Text);
}
