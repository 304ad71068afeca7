using System.Buffers;

namespace LibvirtAudit.Parsing;

/// <summary>Values that libaudit's name-value rule wrote in hex.</summary>
internal static class HexText
{
    private static readonly SearchValues<byte> UpperDigits = SearchValues.Create("0123456789ABCDEF"u8);

    /// <summary>Whether <paramref name="value"/> is what the rule writes: pairs of upper-case digits, at least one.</summary>
    public static bool IsHex(ReadOnlySpan<byte> value) => value.Length > 0 && value.Length % 2 == 0 && !value.ContainsAnyExcept(UpperDigits);

    /// <summary>Whether the value in hex could not have stood in quotes, so that the rule would write it in hex again.</summary>
    public static bool NeededHex(ReadOnlySpan<byte> digits)
    {
        for (int i = 0; i < digits.Length; i += 2)
        {
            if (ByteAt(digits, i) is < 0x21 or > 0x7E or (byte)'"')
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The bytes that <paramref name="digits"/> stand for.</summary>
    public static void Decode(ReadOnlySpan<byte> digits, Span<byte> destination)
    {
        for (int i = 0; i < digits.Length / 2; i++)
        {
            destination[i] = ByteAt(digits, i * 2);
        }
    }

    private static byte ByteAt(ReadOnlySpan<byte> digits, int index) => (byte)((Value(digits[index]) << 4) | Value(digits[index + 1]));

    private static int Value(byte digit) => digit <= (byte)'9' ? digit - '0' : digit - 'A' + 10;
}
