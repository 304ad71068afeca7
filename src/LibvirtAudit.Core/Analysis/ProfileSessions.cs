using System.Runtime.InteropServices;
using LibvirtAudit.Audit;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Infers sessions from AppArmor's records of the profiles that libvirt loads for a guest and removes after it, on hosts where
/// libvirt itself wrote nothing. As soon as a host has a record of libvirt's, nothing is inferred of it.
/// </summary>
internal sealed class ProfileSessions(GuestIndex guests, Action<VirtAuditSession> known)
{
    /// <summary>How many that ended are held back: libvirt's first record may stand behind them.</summary>
    private const int MaxHeld = 4096;

    /// <summary>By host, and by UUID.</summary>
    private readonly Dictionary<string, Dictionary<Guid, VirtAuditSession>> _open = [];
    private readonly Queue<VirtAuditSession> _ended = [];

    internal void Accept(AuditEvent record)
    {
        if (record.Type == RecordTypes.SystemBoot)
        {
            Interrupt(record);
        }
        else if (!guests.NodeOf(record.Node).HasRecords && IncidentReader.IsStatus(record) && record.Text("name"u8) is string name
            && !name.Contains("//", StringComparison.Ordinal) && SecurityContext.UuidOfProfile(name) is Guid uuid)
        {
            Accept(record, uuid);
        }
    }

    internal void Complete()
    {
        while (_ended.TryDequeue(out VirtAuditSession? session))
        {
            HandOut(session);
        }

        foreach (VirtAuditSession session in _open.Values.SelectMany(host => host.Values))
        {
            HandOut(session);
        }
    }

    private void Accept(AuditEvent record, Guid uuid)
    {
        ref Dictionary<Guid, VirtAuditSession>? host = ref CollectionsMarshal.GetValueRefOrAddDefault(_open, guests.HostOf(record.Node) ?? "", out _);
        host ??= [];
        string? operation = record.Text("operation"u8);
        VirtAuditSession? open = host.GetValueOrDefault(uuid);
        if (operation == "profile_load")
        {
            if (open is not null)
            {
                End(open, VirtAuditSessionState.Superseded, null, record.UnixMilliseconds, null);
            }

            host[uuid] = Begin(record, uuid, record.UnixMilliseconds);
        }
        else if (operation == "profile_replace" && open is null)
        {
            // The guest is given or loses something, so that it ran before.
            host[uuid] = Begin(record, uuid, null);
        }
        else if (operation == "profile_remove")
        {
            host.Remove(uuid);
            End(open ?? Begin(record, uuid, null), VirtAuditSessionState.Stopped, record.UnixMilliseconds, null, EventName.Of(record));
        }
    }

    private static VirtAuditSession Begin(AuditEvent record, Guid uuid, long? start) => new()
    {
        Uuid = uuid,
        Node = record.Node,
        State = VirtAuditSessionState.Running,
        StartMilliseconds = start,
        IsInferred = true,
        Note = record.UnixMilliseconds is null ? VirtAuditSession.NoTime : null,
        SessionEventId = EventName.Of(record),
        Evidence = [EventName.Of(record)],
    };

    private void Interrupt(AuditEvent boot)
    {
        if (_open.Remove(guests.HostOf(boot.Node) ?? "", out Dictionary<Guid, VirtAuditSession>? host))
        {
            foreach (VirtAuditSession session in host.Values)
            {
                End(session, VirtAuditSessionState.Interrupted, null, boot.UnixMilliseconds, EventName.Of(boot));
            }
        }
    }

    private void End(VirtAuditSession session, string state, long? end, long? by, string? evidence)
    {
        session.State = state;
        session.EndMilliseconds = end;
        session.EndedByMilliseconds = by;
        session.Duration = UnixTime.Between(session.StartMilliseconds, end);
        session.Evidence = [.. session.Evidence.Append(evidence).OfType<string>().Distinct()];
        _ended.Enqueue(session);
        if (_ended.Count > MaxHeld)
        {
            HandOut(_ended.Dequeue());
        }
    }

    private void HandOut(VirtAuditSession session)
    {
        if (!guests.NodeOf(session.Node).HasRecords && !guests.Knows(session.Uuid!.Value))
        {
            known(session);
        }
    }
}
