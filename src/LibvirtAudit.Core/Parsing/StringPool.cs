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

    // Seeded for each process, so that a log can't be made to hit one place with all its names.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = default(HashCode);
        hash.AddBytes(bytes);
        return (uint)hash.ToHashCode();
    }
}
