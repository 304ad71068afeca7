namespace LibvirtAudit.Parsing;

/// <summary>
/// Finds the lines of a block that can hold a record, by words that every record of every carrier has one of, with the
/// vectorized search of the framework: what lies between two hits is never looked at line by line.
/// </summary>
internal sealed class CandidateScanner
{
    private const int NotSearched = -1;
    private const int None = int.MaxValue;
    private readonly byte[][] _words;
    private readonly int[] _next;

    /// <summary>Makes a scanner for lines that hold one of <paramref name="words"/>.</summary>
    public CandidateScanner(params byte[][] words)
    {
        _words = words;
        _next = new int[words.Length];
        Begin();
    }

    /// <summary>
    /// The words for records of the virtualization range: the names of its types, the form that auditd gives a type
    /// without a name, the number that the kernel's log has instead, a field that every body of libvirt's has (its
    /// own log and JSON lines hold no type), and the beginning of an entry of the journal's export form.
    /// </summary>
    public static IReadOnlyList<byte[]> VirtWords { get; } =
        ["VIRT_"u8.ToArray(), "UNKNOWN[25"u8.ToArray(), "type=25"u8.ToArray(), " uuid="u8.ToArray(), "__CURSOR="u8.ToArray()];

    /// <summary>Begins a new block: what was found in the last one doesn't count.</summary>
    public void Begin() => Array.Fill(_next, NotSearched);

    /// <summary>
    /// The next candidate at or after <paramref name="position"/>, the beginning of a line; it is moved behind that line.
    /// False where the rest of <paramref name="block"/> has none. A last line without its line feed counts as a line.
    /// </summary>
    public bool TryNext(ReadOnlySpan<byte> block, ref int position, out int start, out int end)
    {
        int hit = None;
        for (int i = 0; i < _words.Length; i++)
        {
            if (_next[i] < position)
            {
                int found = block[position..].IndexOf(_words[i]);
                _next[i] = found < 0 ? None : position + found;
            }

            hit = Math.Min(hit, _next[i]);
        }

        if (hit == None)
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
