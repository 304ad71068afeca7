namespace LibvirtAudit.Parsing;

/// <summary>
/// Finds the lines of a block that can hold a record, by words that every record of every carrier has one of: what lies
/// between two hits is never looked at line by line.
/// </summary>
internal sealed class CandidateScanner
{
    private readonly WordSearch _words;

    /// <summary>Makes a scanner for lines that hold one of <paramref name="words"/>.</summary>
    public CandidateScanner(params IReadOnlyList<SearchWord> words) => _words = new WordSearch(words);

    /// <summary>
    /// The words for records of the virtualization range, whatever carries them: the names of its types, the form that auditd gives
    /// a type without a name, the number that the kernel's log has instead, and fields of which every body of libvirt's has one.
    /// </summary>
    public static IReadOnlyList<SearchWord> VirtWords { get; } =
        [new("VIRT_"u8, 2), new("UNKNOWN[25"u8, 6), new("type=25"u8, 4), new(" uuid="u8, 0), new(" vm="u8, 0)];

    /// <summary>The word that every audit record of any type has.</summary>
    public static SearchWord AnyRecord { get; } = new("audit("u8, 3);

    /// <summary>
    /// The next candidate at or after <paramref name="position"/>, the beginning of a line; it is moved behind that line.
    /// False where the rest of <paramref name="block"/> has none. A last line without its line feed counts as a line.
    /// </summary>
    public bool TryNext(ReadOnlySpan<byte> block, ref int position, out int start, out int end)
    {
        int hit = _words.IndexIn(block, position);
        if (hit < 0)
        {
            start = end = position;
            return false;
        }

        start = position + block[position..hit].LastIndexOf((byte)'\n') + 1;
        int length = block[hit..].IndexOf((byte)'\n');
        end = length < 0 ? block.Length : hit + length;
        position = Math.Min(end + 1, block.Length);
        return true;
    }
}
