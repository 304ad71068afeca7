using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>All records of a log that pass a filter, as objects in Core.</summary>
internal sealed class ReadWork(string log, RecordFilter filter, int? tail = null) : IWork
{
    private CountingSink _sink = new();

    /// <inheritdoc/>
    public void Run()
    {
        _sink = new CountingSink();
        new LogSource(new ReadOptions(filter), _sink, CancellationToken.None) { Tail = tail }.ReadFile(log);
    }

    /// <inheritdoc/>
    public long GetCount() => _sink.Count;
}
