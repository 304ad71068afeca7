using System.Text;
using LibvirtAudit.Fuzz.Input;
using LibvirtAudit.Fuzz.Targets;

namespace LibvirtAudit.Fuzz.Differential;

/// <summary>Real lines of audit.log with a few changes, as both readers can be given: UTF-8 without line feeds and NULs.</summary>
internal static class MutatedLines
{
    // Of a line with more there is little left that two readers could agree on.
    private const int MostChanges = 2;
    private const int Longest = 2000;

    /// <summary>So many lines from a number; the same number gives the same lines.</summary>
    public static List<byte[]> Of(int seed, int count)
    {
        var target = new AuditLogTarget();
        byte[][] seeds = [.. target.Seeds()], words = [.. target.Words.Select(System.Text.Encoding.UTF8.GetBytes)];
        return [.. Enumerable.Range(0, count).Select(i => Clean(Mutation.Of(seeds, words, Longest, new Random(unchecked(seed + i)), MostChanges)))];
    }

    private static byte[] Clean(byte[] line)
    {
        var text = new StringBuilder();
        foreach (Rune rune in System.Text.Encoding.UTF8.GetString(line).EnumerateRunes())
        {
            text.Append(rune.Value is 0 or '\n' or '\r' or 0xFFFD ? "?" : rune.ToString());
        }

        return System.Text.Encoding.UTF8.GetBytes(text.ToString());
    }
}
