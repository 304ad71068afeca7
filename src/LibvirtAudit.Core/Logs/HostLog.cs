using LibvirtAudit.Faults;

namespace LibvirtAudit.Logs;

/// <summary>The log of this host that is read where none is named.</summary>
/// <param name="Path">The log that auditd writes; null for the system's journal.</param>
/// <param name="Reason">Why that one, in a sentence.</param>
/// <param name="Notices">What is to be told with it: a configuration that can't be read, another log that holds records, too.</param>
internal sealed record HostLog(string? Path, string Reason, IReadOnlyList<Fault> Notices)
{
    /// <summary>What the log is called.</summary>
    public string Name => Path ?? Journal.JournalQuery.SystemName;
}
