using LibvirtAudit.Audit;

namespace LibvirtAudit.Findings;

/// <summary>Adds up what the kernel's log says of lost records: the count goes on from the boot, so the last before it begins anew is that of a boot.</summary>
internal sealed class LossCheck(Action<VirtAuditFinding> known)
{
    private readonly Dictionary<string, (uint Lost, string? Source)> _lost = [];

    internal void Accept(in LossNotice notice, string? source)
    {
        (string? node, uint lost) = notice;
        if (_lost.TryGetValue(node ?? "", out (uint Lost, string? Source) before) && lost < before.Lost)
        {
            Tell(node, before.Lost, before.Source);
        }

        _lost[node ?? ""] = (lost, source);
    }

    internal void Complete()
    {
        foreach ((string node, (uint lost, string? source)) in _lost)
        {
            Tell(node.Length == 0 ? null : node, lost, source);
        }
    }

    private void Tell(string? node, uint lost, string? source)
    {
        VirtAuditFinding finding = Found.Of(FindingKind.RecordsLost, $"The kernel says that it lost {Found.Plural(lost, "record")}", node, null).In(source);
        finding.Count = lost;
        known(finding);
    }
}
