using LibvirtAudit.Writing;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>Records appended to a file, as with -LogPath.</summary>
internal sealed class AppendWork(string path, int count) : IWork
{
    /// <inheritdoc/>
    public void Run()
    {
        File.Delete(path);
        Writing.Write(count, identity => new LogFileDestination(path, identity, TimeProvider.System));
    }

    /// <inheritdoc/>
    public long GetCount()
    {
        long lines = File.ReadLines(path).LongCount();
        File.Delete(path);
        return lines;
    }
}
