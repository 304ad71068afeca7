using System.Text.RegularExpressions;

namespace LibvirtAudit.Fuzz.Input;

/// <summary>Seeds from tests/data: real text, of each kind of line once.</summary>
internal static partial class TestData
{
    private static readonly string Folder = Path.Combine(FindRoot(), "tests", "data");

    /// <summary>The first lines of a file that differ by more than their numbers and names, each by itself.</summary>
    public static IEnumerable<byte[]> Lines(string file, string? with = null)
    {
        var seen = new HashSet<string>();
        foreach (string line in File.ReadLines(Path.Combine(Folder, file), System.Text.Encoding.Latin1))
        {
            if ((with is null || line.Contains(with, StringComparison.Ordinal)) && seen.Add(Varying().Replace(line, "")))
            {
                yield return System.Text.Encoding.Latin1.GetBytes(line);
            }
        }
    }

    /// <summary>A whole file.</summary>
    public static byte[] Bytes(string file) => File.ReadAllBytes(Path.Combine(Folder, file));

    /// <summary>Some successive lines of a file at a time.</summary>
    public static IEnumerable<byte[]> Groups(string file, int lines, int most) =>
        File.ReadLines(Path.Combine(Folder, file), System.Text.Encoding.Latin1).Chunk(lines).Take(most)
            .Select(group => System.Text.Encoding.Latin1.GetBytes(string.Join('\n', group) + "\n"));

    /// <summary>The parts of a file between empty lines.</summary>
    public static IEnumerable<byte[]> Paragraphs(string file, int most) =>
        System.Text.Encoding.Latin1.GetString(File.ReadAllBytes(Path.Combine(Folder, file))).Split("\n\n").Take(most)
            .Select(part => System.Text.Encoding.Latin1.GetBytes(part + "\n\n"));

    [GeneratedRegex("\"[^\"]*\"|[0-9A-Fa-f:.-]{2,}|[0-9]+")]
    private static partial Regex Varying();

    // An instrumented copy may stand elsewhere: then the checkout is where it was started.
    private static string FindRoot() =>
        Above(AppContext.BaseDirectory) ?? Above(Environment.CurrentDirectory) ?? throw new DirectoryNotFoundException("no LibvirtAudit.sln above " + AppContext.BaseDirectory);

    private static string? Above(string? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder, "LibvirtAudit.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder;
    }
}
