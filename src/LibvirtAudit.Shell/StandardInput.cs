using System.Text;

namespace LibvirtAudit.Shell;

/// <summary>Standard input as UTF-8 text.</summary>
internal static class StandardInput
{
    /// <summary>All of it: a script.</summary>
    public static string ReadToEnd()
    {
        using StreamReader reader = Open();
        return reader.ReadToEnd();
    }

    /// <summary>Its lines, one at a time: what <c>$input</c> gives.</summary>
    public static IEnumerable<string> ReadLines()
    {
        using StreamReader reader = Open();
        while (reader.ReadLine() is string line)
        {
            yield return line;
        }
    }

    private static StreamReader Open() => new(Console.OpenStandardInput(), Encoding.UTF8);
}
