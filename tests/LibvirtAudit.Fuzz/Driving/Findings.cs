using System.Security.Cryptography;
using LibvirtAudit.Fuzz.Properties;

namespace LibvirtAudit.Fuzz.Driving;

/// <summary>What was found wrong: of each kind the shortest input, in a file, with what it did in another. The fuzzing goes on.</summary>
internal sealed class Findings(string folder)
{
    private readonly Dictionary<string, int> _shortest = [];

    /// <summary>How many kinds of finding there are.</summary>
    public int Count => _shortest.Count;

    /// <summary>Keeps an input, unless a shorter one did the same.</summary>
    public void Keep(ReadOnlySpan<byte> input, Exception exception)
    {
        string kind = KindOf(exception);
        if (_shortest.TryGetValue(kind, out int length) && length <= input.Length)
        {
            return;
        }

        _shortest[kind] = input.Length;
        Directory.CreateDirectory(folder);
        string path = Path.Combine(folder, Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(kind)).AsSpan(0, 6)));
        File.WriteAllBytes(path + ".bin", input);
        File.WriteAllText(path + ".txt", kind + "\n" + exception + "\n" + Encoding.ByteText.GetString(input) + "\n");
    }

    // The property, or the exception's type and where it was thrown.
    private static string KindOf(Exception exception) => exception is PropertyException violated ? violated.Property
        : exception.GetType().Name + " " + exception.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("LibvirtAudit", StringComparison.Ordinal))?.Trim();
}
