using LibvirtAudit.Tests.Hosting;

namespace LibvirtAudit.Tests.Rights;

/// <summary>The table of docs/rights.md.</summary>
internal static class RightsTable
{
    private static readonly string[][] Rows = [.. File.ReadLines(Repository.PathOf("docs/rights.md"))
        .SkipWhile(line => !line.StartsWith("| what", StringComparison.Ordinal))
        .TakeWhile(line => line.StartsWith('|'))
        .Select(line => line.Trim('|').Split('|').Select(cell => cell.Trim().Trim('`')).ToArray())];

    /// <summary>The columns: under which rights.</summary>
    public static IReadOnlyList<string> Situations => Rows[0][1..];

    /// <summary>The rows: what is done.</summary>
    public static IReadOnlyList<string> Uses => [.. Rows.Skip(2).Select(row => row[0])];

    /// <summary>What comes of each use in a situation.</summary>
    public static Dictionary<string, string> In(string situation)
    {
        int column = Array.IndexOf(Rows[0], situation);
        return Rows.Skip(2).ToDictionary(row => row[0], row => row[column]);
    }
}
