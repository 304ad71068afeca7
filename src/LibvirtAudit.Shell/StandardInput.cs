using System.Text;
using LibvirtAudit.Shell.Hosting;

namespace LibvirtAudit.Shell;

/// <summary>Standard input as UTF-8 text.</summary>
internal static class StandardInput
{
    // One reader for all: what it has read ahead belongs to whoever asks next.
    private static readonly Lazy<StreamReader> Reader = new(() => new StreamReader(StandardStreams.OpenInput(), Encoding.UTF8));

    /// <summary>All that is left: a script.</summary>
    public static string ReadToEnd() => Reader.Value.ReadToEnd();

    /// <summary>The next line; null at the end.</summary>
    public static string? ReadLine() => Reader.Value.ReadLine();

    /// <summary>The lines one at a time: what <c>$input</c> gives.</summary>
    public static IEnumerable<string> ReadLines()
    {
        while (ReadLine() is string line)
        {
            yield return line;
        }
    }
}
