using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <content>Grants of the control group's devices, and the input devices of whose detach they alone tell.</content>
internal sealed partial class AssignmentTracker
{
    private const string Evdev = "evdev";

    /// <summary>The kernel keeps one permission for a device: a deny of it ends every grant of it, whatever gave them.</summary>
    private void AcceptGrant(GuestSession session, VirtAuditRecord record)
    {
        string? device = record.CgroupClass switch
        {
            "path" => record.DevicePath,
            "major" => record.Category,
            _ => record.CgroupClass,
        };
        var key = new HoldingKey("cgroup", record.CgroupClass, device);
        if (record.Reason != "deny")
        {
            Give(session, record, key, device);
        }
        else if (record.Result != "failed")
        {
            Deny(session, record, key, device);
        }
    }

    private void Deny(GuestSession session, VirtAuditRecord record, HoldingKey key, string? device)
    {
        if (record.CgroupClass == "path")
        {
            EndEvdev(session, record, new HoldingKey(Evdev, null, device));
        }

        bool all = record.CgroupClass == "all";
        if (record.Result is null)
        {
            if (all)
            {
                session.Holdings?.DoubtGrants();
            }
            else
            {
                Doubt(session, record, key, device);
            }

            return;
        }

        Holding? grant = all ? session.Holdings?.TakeGrant() : session.Holdings?.Take(key);
        if (grant is null && !all)
        {
            TakeBack(session, record, key, device);
        }

        while (grant is not null)
        {
            HandOut(session, grant, record);
            grant = all ? session.Holdings?.TakeGrant() : session.Holdings?.Take(key);
        }
    }

    /// <summary>The detach of an evdev is not audited: that its path is denied again, or attached again, tells of it.</summary>
    private void EndEvdev(GuestSession session, VirtAuditRecord record, HoldingKey key)
    {
        if (record.Result is null)
        {
            session.Holdings?.Doubt(key);
            return;
        }

        while (session.Holdings?.Take(key) is Holding device)
        {
            device.IsConfirmed = false;
            HandOut(session, device, record);
        }
    }
}
