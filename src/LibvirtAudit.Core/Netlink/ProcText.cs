namespace LibvirtAudit.Netlink;

/// <summary>Reads the files of <c>/proc</c>.</summary>
internal static class ProcText
{
    /// <summary>The text of a file of <c>/proc</c>, without the line end or zero byte that some have; null where it can't be read or is empty.</summary>
    public static string? Read(string path)
    {
        try
        {
            string text = File.ReadAllText(path).TrimEnd('\n', '\0');
            return text.Length == 0 ? null : text;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>What stands behind <paramref name="name"/> in the text of a <c>status</c> file; null where the file has no such line.</summary>
    public static string? Field(string text, string name)
    {
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(name, StringComparison.Ordinal))
            {
                return line[name.Length..].Trim().ToString();
            }
        }

        return null;
    }
}
