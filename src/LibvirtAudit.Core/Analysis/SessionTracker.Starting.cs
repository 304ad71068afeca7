using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <content>
/// What is heard of a start that is to come: labels, devices opened for interfaces, cgroup grants, and the resources that a start
/// lists.
/// </content>
internal sealed partial class SessionTracker
{
    /// <summary>How many daemons may be starting one guest at once.</summary>
    private const int MaxStarting = 4;

    private void AcceptLabel(Guest guest, VirtAuditRecord record)
    {
        for (int i = guest.Starting.Length - 1; i >= 0; i--)
        {
            GuestSession before = guest.Starting[i];
            if (before.HasLabel(record.Model) || (before.HasStartResources && before.Daemon == record.ProcessId))
            {
                // Another start begins: how the one before went is not in the log.
                GiveUp(guest, before);
            }
        }

        GuestSession session = FindStarting(guest, record.ProcessId) ?? NewStarting(guest, record.ProcessId);
        session.IsStarting = true;
        session.HasOnlyOpens = false;
        session.Hear(record);
        session.AddLabel(record);
        _listener.Labelled(session, record);
    }

    /// <summary>What was heard of a start that did not come: a session of which nothing more is known.</summary>
    private void GiveUp(Guest guest, GuestSession session)
    {
        guest.RemoveStarting(session);
        if (session.HasOnlyOpens)
        {
            _listener.Dropped(session);
            return;
        }

        _listener.Closing(session, new SessionEnd(VirtAuditSessionState.Unknown, null, null, null, null));
        _known(session.Describe(VirtAuditSessionState.Unknown));
    }

    /// <summary>What a daemon said of a guest that runs, and that no start follows, is about the session that is open.</summary>
    private void MergeHeard(Guest guest)
    {
        for (int i = guest.Starting.Length - 1; i >= 0 && guest.Open.Count > 0; i--)
        {
            GuestSession heard = guest.Starting[i];
            if (heard is { IsStarting: false, HasOnlyOpens: false } && heard.Boots == guest.Node.Boots)
            {
                guest.RemoveStarting(heard);
                Merge(guest.Open[^1], heard);
            }
        }
    }

    private GuestSession NewStarting(Guest guest, int? daemon)
    {
        if (guest.Starting.Length == MaxStarting)
        {
            GiveUp(guest, guest.Starting[0]);
        }

        var session = new GuestSession(guest, guest.Node, daemon);
        guest.AddStarting(session);
        return session;
    }

    /// <summary>What the daemon said of a start to come; what it said before the host went down is over.</summary>
    private GuestSession? FindStarting(Guest guest, int? daemon)
    {
        for (int i = guest.Starting.Length - 1; i >= 0; i--)
        {
            GuestSession session = guest.Starting[i];
            if (session.Boots != guest.Node.Boots)
            {
                GiveUp(guest, session);
            }
            else if (session.Daemon == daemon)
            {
                return session;
            }
        }

        return null;
    }

    /// <summary>Takes what precedes a start: what its daemon said, and for a container what its controller said.</summary>
    private GuestSession? TakeStarting(Guest guest, VirtAuditRecord record)
    {
        GuestSession? session = FindStarting(guest, record.ProcessId);
        if (session is not null)
        {
            guest.RemoveStarting(session);
        }

        for (int i = guest.Starting.Length - 1; i >= 0; i--)
        {
            GuestSession other = guest.Starting[i];
            if (other.Daemon is int pid && pid == record.VMProcessId)
            {
                guest.RemoveStarting(other);
                if (session is null)
                {
                    session = other;
                    session.Daemon = record.ProcessId;
                }
                else
                {
                    Merge(session, other);
                }
            }
        }

        return session;
    }
}
