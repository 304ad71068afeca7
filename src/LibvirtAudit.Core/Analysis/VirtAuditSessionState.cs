namespace LibvirtAudit.Analysis;

/// <summary>The words of <see cref="VirtAuditSession.State"/>.</summary>
public static class VirtAuditSessionState
{
    /// <summary>No end of it is in the log.</summary>
    public const string Running = nameof(Running);

    /// <summary>The guest ended by itself (reason shutdown), or for a reason that has no state of its own.</summary>
    public const string Stopped = nameof(Stopped);

    /// <summary>It was ended from the host.</summary>
    public const string Destroyed = nameof(Destroyed);

    /// <summary>The emulator died (reason failed).</summary>
    public const string Died = nameof(Died);

    /// <summary>It was ended by a dump (<c>dump --crash</c>). A guest that panics is Destroyed, or goes on, by its definition's <c>on_crash</c>.</summary>
    public const string Crashed = nameof(Crashed);

    /// <summary>It was saved to a file.</summary>
    public const string Saved = nameof(Saved);

    /// <summary>It went on on another host.</summary>
    public const string Migrated = nameof(Migrated);

    /// <summary>It was replaced by the state of a snapshot.</summary>
    public const string Reverted = nameof(Reverted);

    /// <summary>A container that restarted itself.</summary>
    public const string Rebooted = nameof(Rebooted);

    /// <summary>It was to be started and could not be.</summary>
    public const string FailedToStart = nameof(FailedToStart);

    /// <summary>The guest's next start came without an end of this session in the log.</summary>
    public const string Superseded = nameof(Superseded);

    /// <summary>The host went down with it: its boot or shutdown is in the log, or the guest's next start has a lower serial.</summary>
    public const string Interrupted = nameof(Interrupted);

    /// <summary>It was being started, or an emulator ran for a job on its images; whether it ran is not in the log.</summary>
    public const string Unknown = nameof(Unknown);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } =
        [Running, Stopped, Destroyed, Died, Crashed, Saved, Migrated, Reverted, Rebooted, FailedToStart, Superseded, Interrupted, Unknown];

    /// <summary>The state that a stop's reason means (libvirt <c>src/conf/domain_audit.c</c>, <c>virDomainShutoffReason</c>).</summary>
    internal static string OfStopReason(string? reason) => reason switch
    {
        "destroyed" => Destroyed,
        "failed" => Died,
        "crashed" => Crashed,
        "saved" => Saved,
        "migrated" => Migrated,
        "from-snapshot" => Reverted,
        "reboot" => Rebooted,
        _ => Stopped,
    };
}
