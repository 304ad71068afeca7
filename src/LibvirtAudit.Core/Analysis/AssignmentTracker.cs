using System.Globalization;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Analysis;

/// <summary>
/// Makes assignments of the resource records of sessions: who had what, from when to when. Hands out each as soon as it has
/// ended; what lasts is handed out at the end of the session or of the log.
/// </summary>
internal sealed partial class AssignmentTracker
{
    /// <summary>The types that are counts: numbers, one at a time.</summary>
    private static readonly HashSet<string> Counts = [.. Grammar.Shapes
        .Where(shape => shape.Find(RecordField.NewValue)?.Form == FieldForm.Number)
        .Select(shape => shape.Find(RecordField.ResourceType)!.FixedValue!)];

    private readonly LiveIndex<HostText> _paths;

    internal AssignmentTracker(LiveIndex<HostText> paths) => _paths = paths;

    /// <summary>Is given each assignment; null where nobody asks for them, and only the paths in use are kept.</summary>
    internal Action<VirtAuditAssignment>? Known { get; set; }

    /// <summary>A resource record of a session, which runs or is to start.</summary>
    internal void Accept(GuestSession session, VirtAuditRecord record)
    {
        string type = record.ResourceType ?? "";
        if (Known is null && HoldingKey.IsOfEveryGuest(type))
        {
            return;
        }

        if (type == "cgroup")
        {
            AcceptGrant(session, record);
        }
        else if (Counts.Contains(type))
        {
            AcceptCount(session, record, type);
        }
        else if (record.OldValue is not null || record.NewValue is not null)
        {
            AcceptChange(session, record, type);
        }
        else if (type == "net" && record.MacAddress is string mac)
        {
            Give(session, record, new HoldingKey(type, "open", mac), record.DevicePath);
        }
        else if ((record.Device ?? record.HostDisk ?? record.HostChardev ?? record.DevicePath) is string value)
        {
            var key = new HoldingKey(type, record.Bus, value);
            if (record.Reason == "detach")
            {
                TakeBack(session, record, key, value);
            }
            else
            {
                Give(session, record, key, value);
            }
        }
    }

    /// <summary>Ends all that the session has, with its end.</summary>
    internal void End(GuestSession session, SessionEnd end)
    {
        while (session.Holdings?.TakeAny() is Holding holding)
        {
            string? reason = end.Reason ?? (end.State == VirtAuditSessionState.Running ? null : end.State);
            HandOut(session, holding, end.Stamp, reason, end.EventId, end);
        }
    }

    /// <summary>Forgets what a session was to have: it never ran.</summary>
    internal static void Forget(GuestSession session)
    {
        while (session.Holdings?.TakeAny() is Holding holding)
        {
            holding.InUse?.Remove();
        }
    }

    /// <summary>Moves what <paramref name="other"/> has to the session that it is part of.</summary>
    internal void Merge(GuestSession session, GuestSession other)
    {
        while (other.Holdings?.TakeAny() is Holding holding)
        {
            holding.InUse?.Remove();
            Hold(session, holding);
        }
    }

    /// <summary>The attempts that failed while the guest was being started are handed out once it runs: of a start that fails nothing is.</summary>
    private void Give(GuestSession session, VirtAuditRecord record, HoldingKey key, object? value)
    {
        bool failed = record.Result == "failed";
        if (key.Type == Evdev && !failed)
        {
            EndEvdev(session, record, key);
        }

        if (Known is null && (failed || key.Path is null))
        {
            return;
        }

        var holding = new Holding(failed ? key with { Kind = "failed" } : key, value, record)
        {
            Bus = record.Bus,
            MacAddress = record.MacAddress,
            DeviceNumber = record.DeviceNumber,
            Access = record.Access,
            Size = record.Size,
        };
        if (failed && session.IsOpen)
        {
            HandOut(session, holding, record.UnixMilliseconds, "failed", null, default);
        }
        else
        {
            Hold(session, holding);
        }
    }

    /// <summary>Holds it, and notes the path as the guest's.</summary>
    private void Hold(GuestSession session, Holding holding)
    {
        (session.Holdings ??= new Holdings()).Add(holding);
        if (!holding.Failed && holding.Key.Path is string path)
        {
            holding.InUse = _paths.Add(new HostText(session.Guest.Key.Host, path), session);
        }
    }

    /// <summary>A detach, or a change to another value: of what was never seen attached it tells that the guest had it before.</summary>
    private void TakeBack(GuestSession session, VirtAuditRecord record, HoldingKey key, object? value)
    {
        if (record.Result == "failed")
        {
            return;
        }

        if (record.Result is null)
        {
            Doubt(session, record, key, value);
            return;
        }

        Holding? holding = session.Holdings?.TakeOne(key);
        if (holding is { StartReason: "mirror", Place.Doubtful: null })
        {
            // The guest was switched over to the copy.
            holding.IsConfirmed = true;
        }

        if (holding is not null || Known is not null)
        {
            HandOut(session, holding ?? Before(record, key, value), record);
        }
    }

    /// <summary>Whether the guest still has it is not known from here on.</summary>
    private void Doubt(GuestSession session, VirtAuditRecord record, HoldingKey key, object? value)
    {
        if (session.Holdings?.Doubt(key) != true && Known is not null)
        {
            Holding before = Before(record, key, value);
            before.IsConfirmed = false;
            Hold(session, before);
        }
    }

    /// <summary>What the guest has since before the log.</summary>
    private static Holding Before(VirtAuditRecord record, HoldingKey key, object? value) =>
        new(key, value, null) { Bus = record.Bus, DeviceNumber = record.DeviceNumber, Access = record.Access, Size = record.Size };

    private void AcceptChange(GuestSession session, VirtAuditRecord record, string type)
    {
        if (Text(record.OldValue) is string old)
        {
            TakeBack(session, record, new HoldingKey(type, null, old), record.OldValue);
            if (type == "net" && record.NewValue is null && record.Result == "success")
            {
                var opened = new HoldingKey(type, "open", old);
                while (session.Holdings?.Take(opened) is Holding device)
                {
                    HandOut(session, device, record);
                }
            }
        }

        if (Text(record.NewValue) is string value)
        {
            Give(session, record, new HoldingKey(type, null, value), record.NewValue);
        }
    }

    private void AcceptCount(GuestSession session, VirtAuditRecord record, string type)
    {
        var key = new HoldingKey(type, null, null);
        bool hadBefore = record.OldValue is long and not 0;
        if (record.Result is null)
        {
            if (session.Holdings?.Doubt(key) != true && hadBefore)
            {
                Doubt(session, record, key, record.OldValue);
            }
        }
        else if (record.Result != "failed")
        {
            Holding? before = session.Holdings?.Take(key);
            if (before is null && hadBefore)
            {
                TakeBack(session, record, key, record.OldValue);
            }

            // Where the result of the change before was missing there are two.
            for (; before is not null; before = session.Holdings!.Take(key))
            {
                HandOut(session, before, record);
            }
        }

        if (record.NewValue is not null)
        {
            Give(session, record, key, record.NewValue);
        }
    }

    /// <summary>Hands out what a record ended.</summary>
    private void HandOut(GuestSession session, Holding holding, VirtAuditRecord end) =>
        HandOut(session, holding, end.UnixMilliseconds, end.Reason, Known is null ? null : EventName.Of(end), default);

    private void HandOut(GuestSession session, Holding holding, long? end, string? endReason, string? endEventId, in SessionEnd sessionEnd)
    {
        holding.InUse?.Remove();
        if (Known is null)
        {
            return;
        }

        bool failed = holding.Failed;
        bool isKnown = sessionEnd.State switch
        {
            VirtAuditSessionState.Unknown => false,
            // When it ended is not known, and whether it was given back before is not either.
            VirtAuditSessionState.Superseded => failed,
            _ => true,
        };
        Known(new VirtAuditAssignment
        {
            VMName = session.VMName,
            Uuid = session.Guest.Key.Uuid,
            Driver = session.Driver,
            Node = session.Guest.NodeName,
            ResourceType = holding.Key.Type,
            Value = holding.Value,
            Bus = holding.Bus,
            MacAddress = holding.MacAddress,
            DeviceNumber = holding.DeviceNumber,
            Access = holding.Access,
            Size = holding.Size,
            StartMilliseconds = holding.Start,
            StartReason = holding.StartReason,
            EndMilliseconds = failed ? holding.Start : end,
            EndReason = failed ? "failed" : endReason,
            EndedByMilliseconds = failed ? null : sessionEnd.By,
            Duration = failed ? null : UnixTime.Between(holding.Start, end),
            IsOpen = !failed && sessionEnd.State == VirtAuditSessionState.Running,
            Result = failed ? "failed" : "success",
            Certainty = holding.IsConfirmed && isKnown ? "Confirmed" : "Unconfirmed",
            SessionEventId = session.EventId,
            Evidence = Evidence(holding.StartEventId, failed ? null : endEventId),
        });
    }

    private static string[] Evidence(string? start, string? end) => start is null ? (end is null ? [] : [end]) : end is null ? [start] : [start, end];

    private static string? Text(object? value) => value is null ? null : Convert.ToString(value, CultureInfo.InvariantCulture);
}
