namespace LibvirtAudit.Tests.Logs;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("virtaudit-test-").FullName;

    /// <summary>The path of a file in it, written here and now.</summary>
    public string Write(string name, ReadOnlySpan<byte> content)
    {
        string path = PathOf(name);
        File.WriteAllBytes(path, content);
        return path;
    }

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
