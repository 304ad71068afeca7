using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>The first record of a log, and then no more: as a pipeline that ends behind it.</summary>
internal sealed class FirstRecordWork(string log) : IWork
{
    private long _count;

    /// <inheritdoc/>
    public void Run()
    {
        using var enough = new CancellationTokenSource();
        var sink = new Sink(enough);
        try
        {
            new LogSource(new ReadOptions(RecordFilter.All), sink, enough.Token).ReadFile(log);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends behind the first.
        }

        _count = sink.Count;
    }

    /// <inheritdoc/>
    public long GetCount() => _count;

    private sealed class Sink(CancellationTokenSource enough) : CountingSink
    {
        public override void OnRecord(VirtAuditRecord record)
        {
            base.OnRecord(record);
            enough.Cancel();
            enough.Token.ThrowIfCancellationRequested();
        }
    }
}
