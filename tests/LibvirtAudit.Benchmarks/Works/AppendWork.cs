using LibvirtAudit.Writing;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>Records appended to a file, as with -LogPath: so many at a time.</summary>
internal sealed class AppendWork(string path, int count, int batch) : IWork
{
    /// <inheritdoc/>
    public void Run()
    {
        File.Delete(path);
        Writing.Write(count, batch, identity => new LogFileDestination(path, identity, TimeProvider.System));
    }

    /// <inheritdoc/>
    public long GetCount()
    {
        long lines = File.ReadLines(path).LongCount();
        File.Delete(path);
        return lines;
    }
}
