namespace LibvirtAudit.Tests.Hosting;

/// <summary>Where things are in the repository that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The repository's root: the nearest folder above the test assembly that holds the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The module's manifest.</summary>
    public static string Manifest => PathOf("LibvirtAudit.psd1");

    /// <summary>The full path of a file or folder, given from the root with forward slashes.</summary>
    public static string PathOf(string relative) => Path.GetFullPath(Path.Combine(Root, relative));

    /// <summary>The full path of a file of tests/data.</summary>
    public static string Data(string name) => PathOf($"tests/data/{name}");

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "LibvirtAudit.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No LibvirtAudit.sln above {AppContext.BaseDirectory}.");
    }
}
