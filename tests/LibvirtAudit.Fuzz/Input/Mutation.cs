namespace LibvirtAudit.Fuzz.Input;

/// <summary>Inputs made of real ones by a few changes, or by chance from nothing.</summary>
internal static class Mutation
{
    private const int MostChanges = 6;

    // What ends, escapes, encloses or separates in one of the carriers.
    private static readonly byte[] Telling = [0, (byte)'\t', (byte)'\n', (byte)'\r', 0x1B, 0x1D, 0x1E, (byte)' ', (byte)'"', (byte)'\'', (byte)'=', (byte)'?', (byte)':', (byte)'\\', (byte)'{', (byte)'}', (byte)'(', (byte)')', 0x7F, 0x80, 0xC3, 0xEE, 0xFF];

    public static byte[] Of(byte[][] seeds, byte[][] words, int longest, Random chance, int mostChanges = MostChanges)
    {
        List<byte> text = [.. chance.Next(20) == 0 || seeds.Length == 0 ? [] : seeds[chance.Next(seeds.Length)]];
        for (int i = 1 + chance.Next(mostChanges); i > 0; i--)
        {
            Change(text, seeds, words, chance);
        }

        return [.. text.Take(longest)];
    }

    private static void Change(List<byte> text, byte[][] seeds, byte[][] words, Random chance)
    {
        int place = chance.Next(text.Count + 1);
        int length = chance.Next(Math.Min(text.Count - place, chance.Next(2) == 0 ? 4 : 200) + 1);
        switch (chance.Next(8))
        {
            case 0 when place < text.Count:
                text[place] = (byte)chance.Next(256);
                break;
            case 1 when place < text.Count:
                text[place] = Telling[chance.Next(Telling.Length)];
                break;
            case 2:
                text.Insert(place, Telling[chance.Next(Telling.Length)]);
                break;
            case 3 when words.Length > 0:
                text.InsertRange(place, words[chance.Next(words.Length)]);
                break;
            case 4:
                text.RemoveRange(place, length);
                break;
            case 5:
                // A piece once more, elsewhere.
                text.InsertRange(chance.Next(text.Count + 1), text.GetRange(place, length));
                break;
            case 6 when seeds.Length > 0:
                byte[] other = seeds[chance.Next(seeds.Length)];
                int start = chance.Next(other.Length + 1);
                text.InsertRange(place, other.AsSpan(start, chance.Next(other.Length - start + 1)));
                break;
            default:
                text.RemoveRange(place, text.Count - place);
                break;
        }
    }
}
