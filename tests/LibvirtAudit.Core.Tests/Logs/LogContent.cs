using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>All that a log gives, in its order and as text: records, failures and what the analysis needs beside them.</summary>
internal sealed class LogContent : IEventSink
{
    private readonly List<string> _items = [];

    public static List<string> Read(string path, int threads, RecordFilter? filter = null, LogSpan? part = null)
    {
        var content = new LogContent();
        var options = new ReadOptions(filter ?? RecordFilter.All)
        {
            IncludeMalformed = true,
            Events = EventTypes.Analysis,
        };
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        LogSpan span = part ?? LogSpan.Whole(log);
        ResumePoint? start = span.Start == log.Start ? null : new ResumePoint(span.Start, []);
        new LogReader(log, options, content, TestContext.Current.CancellationToken, start) { Threads = threads, End = span.End }.Read();
        return content._items;
    }

    public void OnRecord(VirtAuditRecord record) => _items.Add(RecordComparison.Signature(record));

    public void OnEvent(AuditEvent record) => _items.Add($"{record.Type} {record.EventId} {record.Node}");

    public void OnFault(Fault fault) => _items.Add($"{fault.Id} {fault.Message}");

    public void OnProgress(LogFile log)
    {
    }
}
