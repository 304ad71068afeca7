using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Writing;

/// <summary>What the state of the host means for a record written now.</summary>
internal static class StatusSentence
{
    /// <summary>Whether it would be logged, and the sentence that says so and where.</summary>
    /// <param name="status">The state.</param>
    /// <param name="mayAnswer">False where the kernel's audit takes nothing from this process.</param>
    public static (bool? WouldBeLogged, string Sentence) Of(VirtAuditStatus status, bool mayAnswer)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (false, "A record can't be written here: only Linux has the audit subsystem.");
        }

        return Refusal(status, mayAnswer) is string refusal
            ? (false, $"A record written now would not be logged: {refusal}.")
            : status.State switch
            {
                null => (null, "A record written now would be taken by the kernel; whether it would be logged can't be known without CAP_AUDIT_CONTROL."),
                "Disabled" => (false, "A record written now would not be logged: the host's audit is disabled."),
                _ => (true, $"A record written now would be logged {Place(status)}.{Silenced(status)}"),
            };
    }

    /// <summary>For whose guests nothing is sent where no level is given.</summary>
    private static string Silenced(VirtAuditStatus status)
    {
        (string Daemon, int? Level)[] daemons =
            [(AuditPolicy.Monolithic, status.LibvirtdAuditLevel), (AuditPolicy.Qemu, status.VirtqemudAuditLevel), (AuditPolicy.Containers, status.VirtlxcdAuditLevel)];
        string[] silent = [.. daemons.Where(daemon => daemon.Level == 0).Select(daemon => daemon.Daemon)];
        return silent.Length == 0 ? "" : $" For guests of {string.Join(" and ", silent)} nothing is sent without -AuditLevel, since audit_level is 0 there.";
    }

    private static string? Refusal(VirtAuditStatus status, bool mayAnswer) => status switch
    {
        { IsInHostUserNamespace: false } => "this process is in a user namespace of its own, from which the kernel takes none",
        { CanWrite: false } => "this process lacks CAP_AUDIT_WRITE",
        _ when !mayAnswer => status.Unknown is [string first, ..] ? char.ToLowerInvariant(first[0]) + first[1..].TrimEnd('.') : "the kernel's audit does not answer",
        _ => null,
    };

    private static string Place(VirtAuditStatus status)
    {
        string daemon = string.Create(CultureInfo.InvariantCulture, $"{PrintableText.Escape(status.DaemonName) ?? "the process"} (process {status.DaemonProcessId})");
        string place = status switch
        {
            { DaemonProcessId: null or 0 } => "in the kernel's own log (dmesg) only, since no audit daemon runs",
            { DaemonName: "auditd", WritesLog: false } => $"by {daemon}, which writes no file of its own",
            { DaemonName: "auditd", LogPath: string path } => $"by {daemon} in {PrintableText.Escape(path)}",
            _ => "by " + daemon,
        };
        return status is { BacklogLimit: > 0 and uint limit, Backlog: uint backlog } && backlog >= limit
            ? string.Create(CultureInfo.InvariantCulture, $"{place}, once the backlog of {backlog} records has room again")
            : place;
    }
}
