using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace LibvirtAudit.Parsing;

/// <summary>
/// Searches for any of a few words in one pass, 16 or 32 bytes at a time: three neighbouring bytes are looked up at
/// once, by their low and high halves, in tables that say of which words they can be; only where all agree are the words
/// themselves compared. The tables tell eight groups of words apart (<see cref="WordGroup"/>). One pass costs about what the framework's
/// search for a single word does, and a pass for each word would cost that many times more (the framework searches for
/// several words at once only in text of chars).
/// </summary>
internal sealed class WordSearch
{
    private const int FingerprintLength = SearchWord.RareLength;
    private readonly SearchWord[][] _groups;
    private readonly Vector128<byte>[] _low = new Vector128<byte>[FingerprintLength];
    private readonly Vector128<byte>[] _high = new Vector128<byte>[FingerprintLength];

    public WordSearch(IReadOnlyList<SearchWord> words)
    {
        IReadOnlyList<WordGroup> groups = WordGroup.Of(words);
        _groups = [.. groups.Select(group => group.Words.ToArray())];
        for (int i = 0; i < FingerprintLength; i++)
        {
            byte[] low = new byte[16], high = new byte[16];
            for (int half = 0; half < 16; half++)
            {
                for (int group = 0; group < groups.Count; group++)
                {
                    low[half] |= (byte)(groups[group].HasLow(i, half) ? 1 << group : 0);
                    high[half] |= (byte)(groups[group].HasHigh(i, half) ? 1 << group : 0);
                }
            }

            _low[i] = Vector128.Create(low);
            _high[i] = Vector128.Create(high);
        }
    }

    /// <summary>Where the first of the words stands at or after <paramref name="from"/>; -1 where none does.</summary>
    public int IndexIn(ReadOnlySpan<byte> text, int from)
    {
        // The rare bytes of a word that begins at 'from' lie behind it, those before can't be of one.
        int position = Avx2.IsSupported ? Search256(text, from, from) : from;
        if (position >= 0 && Vector128.IsHardwareAccelerated)
        {
            position = Search128(text, from, position);
        }

        return position < 0 ? ~position : SearchEach(text, from, position);
    }

    // Both vector loops return the complement of a hit, or where the rest begins that is too short for them.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Search256(ReadOnlySpan<byte> text, int from, int position)
    {
        ref byte start = ref MemoryMarshal.GetReference(text);
        Vector256<byte> half = Vector256.Create((byte)0xF);
        Vector256<byte> low0 = Vector256.Create(_low[0], _low[0]), low1 = Vector256.Create(_low[1], _low[1]), low2 = Vector256.Create(_low[2], _low[2]);
        Vector256<byte> high0 = Vector256.Create(_high[0], _high[0]), high1 = Vector256.Create(_high[1], _high[1]), high2 = Vector256.Create(_high[2], _high[2]);
        for (int last = text.Length - Vector256<byte>.Count - FingerprintLength + 1; position <= last; position += Vector256<byte>.Count)
        {
            Vector256<byte> first = Vector256.LoadUnsafe(ref start, (nuint)position);
            Vector256<byte> second = Vector256.LoadUnsafe(ref start, (nuint)position + 1);
            Vector256<byte> third = Vector256.LoadUnsafe(ref start, (nuint)position + 2);
            Vector256<byte> words =
                Avx2.Shuffle(low0, first & half) & Avx2.Shuffle(high0, (first.AsUInt16() >> 4).AsByte() & half)
                & Avx2.Shuffle(low1, second & half) & Avx2.Shuffle(high1, (second.AsUInt16() >> 4).AsByte() & half)
                & Avx2.Shuffle(low2, third & half) & Avx2.Shuffle(high2, (third.AsUInt16() >> 4).AsByte() & half);
            if (words != Vector256<byte>.Zero && FirstOf(text, from, position, words) is >= 0 and var hit)
            {
                return ~hit;
            }
        }

        return position;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private int Search128(ReadOnlySpan<byte> text, int from, int position)
    {
        ref byte start = ref MemoryMarshal.GetReference(text);
        Vector128<byte> half = Vector128.Create((byte)0xF);
        for (int last = text.Length - Vector128<byte>.Count - FingerprintLength + 1; position <= last; position += Vector128<byte>.Count)
        {
            Vector128<byte> words = Vector128<byte>.AllBitsSet;
            for (int i = 0; i < FingerprintLength; i++)
            {
                Vector128<byte> bytes = Vector128.LoadUnsafe(ref start, (nuint)(position + i));
                words &= Vector128.Shuffle(_low[i], bytes & half) & Vector128.Shuffle(_high[i], (bytes.AsUInt16() >> 4).AsByte() & half);
            }

            if (words != Vector128<byte>.Zero && FirstOf(text, from, position, Vector256.Create(words, Vector128<byte>.Zero)) is >= 0 and var hit)
            {
                return ~hit;
            }
        }

        return position;
    }

    private int FirstOf(ReadOnlySpan<byte> text, int from, int position, Vector256<byte> groups)
    {
        for (uint places = ~Vector256.Equals(groups, Vector256<byte>.Zero).ExtractMostSignificantBits(); places != 0; places &= places - 1)
        {
            int place = BitOperations.TrailingZeroCount(places);
            if (WordAround(text, from, position + place, groups[place]) is >= 0 and var hit)
            {
                return hit;
            }
        }

        return -1;
    }

    private int SearchEach(ReadOnlySpan<byte> text, int from, int position)
    {
        for (; position < text.Length; position++)
        {
            if (WordAround(text, from, position, byte.MaxValue) is >= 0 and var hit)
            {
                return hit;
            }
        }

        return -1;
    }

    // The word of one of the groups whose rare bytes begin at a place.
    private int WordAround(ReadOnlySpan<byte> text, int from, int place, uint groups)
    {
        for (int group = 0; group < _groups.Length; group++)
        {
            foreach (SearchWord word in (groups >> group & 1) != 0 ? _groups[group] : [])
            {
                int start = place - word.Rare;
                if (start >= from && text[start..].StartsWith(word.Text))
                {
                    return start;
                }
            }
        }

        return -1;
    }
}
