using LibvirtAudit.Logs;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>
/// The bytes of a log and nothing else: copied out of the page cache in the reader's blocks, by as many threads. No reading
/// that does not map the file can take less, and a mapped log that somebody cuts ends the process that reads it.
/// </summary>
internal sealed class CopyWork(string log) : IWork
{
    private long _copied;

    /// <inheritdoc/>
    public void Run()
    {
        using FileStream file = File.OpenRead(log);
        long next = -1;
        _copied = 0;
        Parallel.For(0, ParallelReader.MostThreads, _ =>
        {
            byte[] block = new byte[LogBlock.Size];
            int count;
            do
            {
                count = RandomAccess.Read(file.SafeFileHandle, block, Interlocked.Increment(ref next) * LogBlock.Size);
                Interlocked.Add(ref _copied, count);
            }
            while (count > 0);
        });
    }

    /// <inheritdoc/>
    public long GetCount() => _copied;
}
