using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Findings;

/// <summary>Counts the records of writers that are no daemon of libvirt, or that ran as none does on a host. Told at the end, one finding for each.</summary>
/// <remarks>
/// <c>exe=</c> is the sender's own word, from libaudit; <c>pid</c>, <c>uid</c>, <c>auid</c> and <c>ses</c> are the kernel's.
/// Who forges both the program's name and runs as root without a login is not seen here.
/// </remarks>
internal sealed class WriterCheck(Action<VirtAuditFinding> known, HostNames hosts)
{
    /// <summary>How many writers are told apart; further ones are one.</summary>
    private const int MaxWriters = 256;
    private const string Deleted = " (deleted)";

    /// <summary>The daemons that write audit records: the one of old, those by driver, a container's controller.</summary>
    private static readonly HashSet<string> Daemons =
        ["libvirtd", "virtqemud", "virtlxcd", "virtxend", "virtvzd", "virtvboxd", "virtbhyved", "virtchd", "virthypervd", "libvirt_lxc", ".libvirtd-wrapped", ".virtqemud-wrapped"];

    private static readonly string[] Folders = ["/usr/", "/bin/", "/sbin/", "/lib/", "/lib64/", "/nix/store/", "/gnu/store/"];
    private static readonly HashSet<string> Docker = ["dockerd", "dockerd-current", "docker", "docker-current"];

    private readonly Dictionary<(string? Host, string Text), VirtAuditFinding> _writers = [];

    /// <summary>A record that was not given before.</summary>
    internal void Accept(VirtAuditRecord record)
    {
        if (record.Executable is not string program)
        {
            return;
        }

        string path = program.EndsWith(Deleted, StringComparison.Ordinal) ? program[..^Deleted.Length] : program;
        string name = path[(path.LastIndexOf('/') + 1)..];
        bool isInstalled = Array.Exists(Folders, folder => path.StartsWith(folder, StringComparison.Ordinal));
        if (isInstalled && Docker.Contains(name))
        {
            Count(record, FindingKind.ForeignWriter, $"by {Found.Show(program)}, which is Docker's and not libvirt's").Severity = nameof(FindingSeverity.Information);
        }
        else if (!isInstalled || !Daemons.Contains(name))
        {
            Count(record, FindingKind.ForeignWriter, $"by {Found.Show(program)}, which is no daemon of libvirt");
        }
        else if (Oddity(record) is string oddity)
        {
            Count(record, FindingKind.UnusualSender, $"by {Found.Show(program)} {oddity}");
        }
    }

    internal void Complete()
    {
        foreach (VirtAuditFinding finding in _writers.Values)
        {
            finding.Message = $"{Found.Plural(finding.Count, "record")} {(finding.Count == 1 ? "was" : "were")} written {finding.Message}";
            known(finding);
        }
    }

    private static string? Oddity(VirtAuditRecord record) =>
        record.UserId is not (null or 0) ? $"as user {record.UserId}"
        : record.LoginUserId is uint login ? $"from the login of user {login}"
        : record.Terminal is string terminal ? $"at the terminal {Found.Show(terminal)}"
        : record.Address is string address ? $"for the address {Found.Show(address)}"
        : null;

    private VirtAuditFinding Count(VirtAuditRecord record, FindingKind kind, string by)
    {
        (string?, string) key = (hosts.Of(record.Node), by);
        if (!_writers.TryGetValue(key, out VirtAuditFinding? finding))
        {
            key = _writers.Count < MaxWriters ? key : (null, "");
            if (!_writers.TryGetValue(key, out finding))
            {
                finding = Found.Of(kind, key.Item2.Length > 0 ? by : "by many more such programs", key.Item2.Length > 0 ? record.Node : null, record.UnixMilliseconds).In(record.Source);
                finding.Count = 0;
                _writers.Add(key, finding);
            }
        }

        finding.Count++;
        if (EventName.Of(record) is string name && finding.Evidence.Length < Found.MostEvidence)
        {
            finding.Evidence = [.. finding.Evidence, name];
        }

        return finding;
    }
}
