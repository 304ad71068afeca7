namespace LibvirtAudit.Parsing;

/// <summary>A word to search for.</summary>
internal sealed class SearchWord
{
    /// <summary>How many bytes are searched for first.</summary>
    public const int RareLength = 3;

    /// <summary>Makes a word of ASCII text.</summary>
    /// <param name="text">The word, of at least three bytes.</param>
    /// <param name="rare">Where in it the three bytes begin that are the rarest in logs: what is searched for first.</param>
    public SearchWord(ReadOnlySpan<byte> text, int rare)
    {
        Text = text.ToArray();
        Rare = rare;
    }

    public byte[] Text { get; }

    public int Rare { get; }
}
