namespace LibvirtAudit.Tests.Support;

/// <summary>Files of tests/data.</summary>
internal static class TestData
{
    public static string RepositoryRoot { get; } = FindRoot();

    public static string PathOf(string name) => Path.Combine(RepositoryRoot, "tests", "data", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(PathOf(name));

    /// <summary>The lines of a file as bytes, without their line feeds.</summary>
    public static List<byte[]> Lines(string name) => SplitLines(Bytes(name));

    public static List<byte[]> SplitLines(byte[] bytes)
    {
        var lines = new List<byte[]>();
        int start = 0;
        while (start < bytes.Length)
        {
            int end = Array.IndexOf(bytes, (byte)'\n', start);
            end = end < 0 ? bytes.Length : end;
            lines.Add(bytes[start..end]);
            start = end + 1;
        }

        return lines;
    }

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "LibvirtAudit.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("no LibvirtAudit.sln above " + AppContext.BaseDirectory);
    }
}
