using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>One run of a guest, from its start to its end, as far as the log tells. Flat and serializable.</summary>
/// <remarks>Event ids carry <c>node=NAME </c> before them where the node is known; they pipe back into Get-VirtAuditRecord.</remarks>
public sealed class VirtAuditSession
{
    /// <summary>The guest's name, as its last record gave it.</summary>
    public string? VMName { get; set; }

    /// <summary>The guest's UUID; null where its records carry none.</summary>
    public Guid? Uuid { get; set; }

    /// <summary>The guest's driver (qemu, kvm, lxc, …).</summary>
    public string? Driver { get; set; }

    /// <summary>The host, as the log names it; null where it names none.</summary>
    public string? Node { get; set; }

    /// <summary>How the session ended, or that it did not; see <see cref="VirtAuditSessionState"/>.</summary>
    public string? State { get; set; }

    /// <summary>When the guest started, in local time; null where the log holds no start of it.</summary>
    public DateTime? StartTime
    {
        get => UnixTime.ToLocal(StartMilliseconds);
        set => StartMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>When the guest ended, in local time; null while it runs and where the log holds no end of it.</summary>
    public DateTime? EndTime
    {
        get => UnixTime.ToLocal(EndMilliseconds);
        set => EndMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>From start to end; null where one is missing, and where the clock was set back in between so that the end is stamped before the start.</summary>
    public TimeSpan? Duration { get; set; }

    /// <summary>Why it started: booted, migrated, restored, from-snapshot, reboot.</summary>
    public string? StartReason { get; set; }

    /// <summary>Why it ended: shutdown, destroyed, failed, saved, migrated, crashed, from-snapshot, reboot. Null where no end was logged.</summary>
    public string? StopReason { get; set; }

    /// <summary>Where the end itself was not logged: the moment by which it was over (the host's boot or shutdown, the guest's next start), in local time.</summary>
    public DateTime? EndedBy
    {
        get => UnixTime.ToLocal(EndedByMilliseconds);
        set => EndedByMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>The emulator's process id; null where unknown and where the guest never ran.</summary>
    public long? VMProcessId { get; set; }

    /// <summary>The process id of a container's init; null for other guests.</summary>
    public long? InitProcessId { get; set; }

    /// <summary>The guest's security labels, each as <c>MODEL LABEL</c>.</summary>
    public string[] Labels { get; set; } = [];

    /// <summary>The labels of the guest's images, each as <c>MODEL LABEL</c>.</summary>
    public string[] ImageLabels { get; set; } = [];

    /// <summary>How many VIRT_RESOURCE records belong to the session, those before its start among them.</summary>
    public int ResourceCount { get; set; }

    /// <summary>How many of the session's records report a failure.</summary>
    public int FailureCount { get; set; }

    /// <summary>How many accesses SELinux or AppArmor blocked while it ran or started.</summary>
    public int DenialCount { get; set; }

    /// <summary>How many accesses would have been blocked, had SELinux not been permissive or AppArmor's profile in complain mode.</summary>
    public int WouldBlockCount { get; set; }

    /// <summary>How many anomalies and seccomp violations were tied to it while it ran or started.</summary>
    public int AnomalyCount { get; set; }

    /// <summary>Whether auditd was down during the session, so that records of it may be missing.</summary>
    public bool Unobserved { get; set; }

    /// <summary>The event that identifies the session: its start; the first record of it where the start is not in the log. Null where the carrier has no event ids.</summary>
    public string? SessionEventId { get; set; }

    /// <summary>
    /// The <see cref="SessionEventId"/> of the other side of a migration: where the guest came from, where it went to, and where
    /// it was to go before when the migration was tried again. Empty where there is none.
    /// </summary>
    public string[] PeerEventId { get; set; } = [];

    /// <summary>The events on which the session rests: labels, start, init, stop, and the host's boot or shutdown where that ended it.</summary>
    public string[] Evidence { get; set; } = [];

    /// <summary>Whether it is inferred from AppArmor's loading and removing of the guest's profile, on a host where libvirt logs nothing; name, driver and reasons are not known then.</summary>
    public bool IsInferred { get; set; }

    /// <summary>
    /// Whether the process of a session that is Running still runs, on the host whose own log was read. Null for other states, for
    /// copies of a log and other hosts' sessions, and where it can't be told.
    /// </summary>
    public bool? IsAlive { get; set; }

    /// <summary>What the form of the log can't tell of the session: why it has no times. Null where nothing is missing.</summary>
    public string? Note { get; set; }

    internal long? StartMilliseconds { get; set; }

    internal long? EndMilliseconds { get; set; }

    internal long? EndedByMilliseconds { get; set; }

    /// <summary>The session in one line for people, free of control characters.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{PrintableText.Escape(VMName)} {UnixTime.Show(StartTime)} to {UnixTime.Show(EndTime)} {PrintableText.Escape(State)}");
}
