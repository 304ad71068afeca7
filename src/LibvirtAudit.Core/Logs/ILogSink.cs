using LibvirtAudit.Faults;
using LibvirtAudit.Records;

namespace LibvirtAudit.Logs;

/// <summary>Takes what is found in logs, on the thread that reads and in the order of the text.</summary>
public interface ILogSink
{
    /// <summary>A record that passed the filter.</summary>
    void OnRecord(VirtAuditRecord record);

    /// <summary>A failure after which reading goes on: of a line, or of a whole file.</summary>
    void OnFault(Fault fault);

    /// <summary>Called every now and then with the file that is being read.</summary>
    void OnProgress(LogFile log);
}
