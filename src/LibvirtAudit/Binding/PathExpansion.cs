using System.Management.Automation;

namespace LibvirtAudit.Binding;

/// <summary>
/// Expands a wildcard by the file system's own names. PowerShell takes <c>::</c> in a name for a provider, and where one file of a folder is
/// called so it finds none of them.
/// </summary>
internal static class PathExpansion
{
    /// <summary>The paths that match, in the order of their names; hidden ones only where the pattern begins with the dot itself.</summary>
    /// <param name="pattern">An absolute path, of which any part may hold wildcards.</param>
    /// <exception cref="UnauthorizedAccessException">A folder may not be listed.</exception>
    /// <exception cref="IOException">A folder can't be listed.</exception>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        IEnumerable<string> paths = [Path.GetPathRoot(pattern) ?? "/"];
        foreach (string part in pattern.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            paths = paths.SelectMany(folder => Match(folder, part));
        }

        return [.. paths];
    }

    private static IEnumerable<string> Match(string folder, string part)
    {
        if (!WildcardPattern.ContainsWildcardCharacters(part))
        {
            string path = Path.Combine(folder, WildcardPattern.Unescape(part));
            return Path.Exists(path) ? [path] : [];
        }

        var pattern = new WildcardPattern(part, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        return !Directory.Exists(folder) ? [] : Directory.EnumerateFileSystemEntries(folder)
            .Where(path => pattern.IsMatch(Path.GetFileName(path)) && (part[0] == '.' || !Path.GetFileName(path).StartsWith('.')))
            .Order(StringComparer.Ordinal);
    }
}
