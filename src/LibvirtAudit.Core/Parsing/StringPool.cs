using System.Buffers.Binary;
using System.Numerics;
using LibvirtAudit.Encoding;

namespace LibvirtAudit.Parsing;

/// <summary>
/// The strings that come again and again in a log (guests, drivers, programs), each made once. It has a fixed number of
/// places, and a string that needs a taken one replaces what was there, so that it can't grow with the log.
/// </summary>
internal sealed class StringPool
{
    private const int Places = 4096;
    private const int LongestPooled = 256;
    private readonly (byte[] Bytes, string Text)[] _places = new (byte[], string)[Places];

    /// <summary>The text form of <paramref name="bytes"/>.</summary>
    public string Get(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return "";
        }

        if (bytes.Length > LongestPooled)
        {
            return ByteText.GetString(bytes);
        }

        ref (byte[] Bytes, string Text) place = ref _places[Hash(bytes) % Places];
        if (place.Bytes is null || !bytes.SequenceEqual(place.Bytes))
        {
            place = (bytes.ToArray(), ByteText.GetString(bytes));
        }

        return place.Text;
    }

    // Three words of the value, however long it is: two values that share them take each other's place, and cost a new
    // string each time, no more.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = (ulong)bytes.Length * 0x9E3779B97F4A7C15;
        if (bytes.Length >= sizeof(ulong))
        {
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes[((bytes.Length - sizeof(ulong)) / 2)..]));
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(bytes[^sizeof(ulong)..]));
        }
        else
        {
            foreach (byte value in bytes)
            {
                hash = Mix(hash, value);
            }
        }

        return (uint)(hash >> 32);
    }

    private static ulong Mix(ulong hash, ulong value) => BitOperations.RotateLeft(hash ^ value, 29) * 0xBF58476D1CE4E5B9;
}
