using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs.Journal;

/// <summary>Gives on what is read of a journal, with the address of its entry where that is an event's only name.</summary>
internal sealed class JournalSink(IEventSink sink, LogFile journal) : IEventSink
{
    public void OnRecord(VirtAuditRecord record) => sink.OnRecord(record);

    public void OnFault(Fault fault) => sink.OnFault(fault);

    public void OnEvent(AuditEvent record)
    {
        record.Cursor = record.EventId is null ? journal.EntryAt(record.Offset) : null;
        sink.OnEvent(record);
    }

    public void OnMoment(in EventMoment moment) => sink.OnMoment(moment);

    public void OnLoss(in LossNotice notice) => sink.OnLoss(notice);

    public void OnProgress(LogFile log) => sink.OnProgress(log);
}
