using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace LibvirtAudit.Fuzz.Input;

/// <summary>Choices that are made by an input itself, so that it does the same each time: where a text is cut, which filter reads it.</summary>
internal struct InputHash
{
    private ulong _state;

    public InputHash(ReadOnlySpan<byte> input)
    {
        _state = 0xCBF29CE484222325 ^ (ulong)input.Length;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(input))
        {
            Mix(word);
        }

        foreach (byte value in input[(input.Length & ~7)..])
        {
            Mix(value);
        }
    }

    /// <summary>The next number below <paramref name="limit"/>.</summary>
    public int Next(int limit)
    {
        // Knuth's MMIX generator; its upper bits are the good ones.
        _state = (_state * 6364136223846793005) + 1442695040888963407;
        return (int)((_state >> 33) % (uint)limit);
    }

    /// <summary>True once in so many times.</summary>
    public bool OneIn(int times) => Next(times) == 0;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Mix(ulong value) => _state = ((_state ^ value) * 0x100000001B3) ^ (_state >> 29);
}
