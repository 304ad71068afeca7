using LibvirtAudit.Audit;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Records;

namespace LibvirtAudit.Parsing;

/// <summary>Takes what is found in logs, on the thread that reads and in the order of the text.</summary>
public interface IEventSink
{
    /// <summary>A record that passed the filter.</summary>
    void OnRecord(VirtAuditRecord record);

    /// <summary>A failure after which reading goes on: of a line, of lines that are not read, or of a whole file.</summary>
    void OnFault(Fault fault);

    /// <summary>An event of a type that <see cref="ReadOptions.Events"/> subscribes to.</summary>
    void OnEvent(AuditEvent record)
    {
    }

    /// <summary>When an event of any type was, before what is made of its line; called only where <see cref="ReadOptions.Moments"/> is set.</summary>
    void OnMoment(in EventMoment moment)
    {
    }

    /// <summary>The kernel's word that it lost records; called only where <see cref="ReadOptions.Moments"/> is set.</summary>
    void OnLoss(in LossNotice notice)
    {
    }

    /// <summary>Called every now and then with the file that is being read.</summary>
    void OnProgress(LogFile log)
    {
    }
}
