using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>Told by the <see cref="SessionTracker"/> what happens to sessions, in the order of the log.</summary>
internal interface ISessionListener
{
    /// <summary>A label was given to a session that is to start.</summary>
    void Labelled(GuestSession session, VirtAuditRecord record);

    /// <summary>A resource record belongs to the session, which runs or is to start.</summary>
    void Resource(GuestSession session, VirtAuditRecord record);

    /// <summary>The session runs, or is known to have run.</summary>
    void Opened(GuestSession session);

    /// <summary>The first process of a container is known.</summary>
    void Initialized(GuestSession session);

    /// <summary><paramref name="other"/> was the same session under another daemon's process id.</summary>
    void Merged(GuestSession session, GuestSession other);

    /// <summary>The session ended, at <paramref name="end"/> where that was logged. Not called for one that never ran.</summary>
    void Closing(GuestSession session, SessionEnd end);

    /// <summary>A start that failed, or of which nothing more was heard.</summary>
    void Abandoned(GuestSession session);

    /// <summary>What was heard was no session at all.</summary>
    void Dropped(GuestSession session);
}

/// <summary>How a session ended.</summary>
/// <param name="State">The word of <see cref="VirtAuditSessionState"/>.</param>
/// <param name="Stamp">When, where the end was logged.</param>
/// <param name="Reason">Why, in libvirt's word; null where no end was logged.</param>
/// <param name="EventId">The event that says so.</param>
/// <param name="By">Where the end was not logged: the moment by which it was over.</param>
internal readonly record struct SessionEnd(string State, long? Stamp, string? Reason, string? EventId, long? By)
{
    /// <summary>The end of the log, at which the session still runs.</summary>
    internal static SessionEnd None => new(VirtAuditSessionState.Running, null, null, null, null);
}
