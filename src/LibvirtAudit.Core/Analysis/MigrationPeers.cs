using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>Ties the two sides of a migration, in one log or in the logs of both hosts.</summary>
internal static class MigrationPeers
{
    /// <summary>
    /// Ties a session that starts by migration to the open one of the same UUID, on whatever host; or to the one that went over
    /// to it, where the source's log was read first. Another start beside an open session is no migration.
    /// </summary>
    internal static void Tie(GuestSession session, VirtAuditRecord start)
    {
        UuidState? state = session.Guest.Uuid;
        GuestSession? older = state is not null ? state.Open.Last : session.Guest.Open.Count > 0 ? session.Guest.Open[^1] : null;
        if (start.Reason != "migrated")
        {
            session.Overlapped = older?.EventId;
            return;
        }

        if (older is not null)
        {
            session.OlderPeer = older.EventId;
            older.AddYoungerPeer(session.EventId);
        }
        else if (state?.Outgoing is { } outgoing && outgoing.Start <= session.Start && session.Start <= outgoing.End)
        {
            session.OlderPeer = outgoing.EventId;
        }

        if (session.EventId is string eventId)
        {
            state?.AddIncoming(new MigrationSide(eventId, session.Start, null));
        }
    }

    /// <summary>A session goes over to another host: remembered for a log that is still to be read, tied where the destination's was read before.</summary>
    internal static void TieOutgoing(GuestSession session, VirtAuditRecord stop)
    {
        if (session.Guest.Uuid is not UuidState state || session.EventId is not string eventId)
        {
            return;
        }

        state.Outgoing = new MigrationSide(eventId, session.Start, stop.UnixMilliseconds);
        foreach (MigrationSide incoming in state.Incoming)
        {
            if (incoming.EventId != eventId && session.Start <= incoming.Start && incoming.Start <= stop.UnixMilliseconds)
            {
                session.AddYoungerPeer(incoming.EventId);
            }
        }
    }
}

/// <summary>One side of a migration, for the other side's log that is still to be read.</summary>
internal sealed record MigrationSide(string EventId, long? Start, long? End);
