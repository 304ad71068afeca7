using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Findings;

/// <summary>
/// Notices where the clock of a host went back between two of libvirt's records that the kernel numbered one after the
/// other, or that stand so in a file where they have no numbers.
/// </summary>
/// <remarks>The stamps tick at some 4 ms, and a sender may wait between its stamp and its number; both are far below the limit.</remarks>
internal sealed class ClockCheck(Action<VirtAuditFinding> known, HostNames hosts)
{
    /// <summary>By how much stamps step back by themselves, in milliseconds.</summary>
    private const long Habit = 1000;

    private readonly Dictionary<string, VirtAuditRecord> _last = [];

    /// <summary>A record that was not given before and belongs where it stands.</summary>
    internal void Accept(VirtAuditRecord record)
    {
        if (record.UnixMilliseconds is not long stamp)
        {
            return;
        }

        string host = hosts.Of(record.Node) ?? "";
        if (_last.TryGetValue(host, out VirtAuditRecord? last) && last.UnixMilliseconds is long before && stamp < before - Habit
            && (record.Serial is null ? last.Serial is null && record.Source == last.Source : record.Serial > last.Serial))
        {
            known(Found.Of(FindingKind.StampBackwards, $"The clock went back by {Found.Seconds(before - stamp)} between a record and the next", record.Node, stamp, EventName.Of(last), EventName.Of(record)).About(record));
        }

        _last[host] = record;
    }
}
