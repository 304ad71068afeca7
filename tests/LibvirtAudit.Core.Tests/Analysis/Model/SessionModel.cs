using LibvirtAudit.Audit;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis.Model;

/// <summary>
/// Sessions and assignments by the table "Decisions for the analysis" of design.md §4 and by format.md §4, without thought of
/// speed or memory: a list of all runs, searched from end to end. Written from those texts, not from the code.
/// </summary>
internal sealed class SessionModel
{
    private readonly List<ModelRun> _pending = [];
    private readonly List<ModelRun> _open = [];
    private readonly List<ModelRun> _closed = [];

    /// <summary>What is decided by no text: the life says nothing of what is right.</summary>
    public string? Undecided { get; private set; }

    public IEnumerable<string> Sessions => _closed.Select(run => run.Show());

    public IEnumerable<string> Assignments =>
        _closed.Where(run => run.HasRun).SelectMany(run => run.Given.Select(given => given.Show(run)));

    public static SessionModel Of(IEnumerable<LifeEntry> log)
    {
        var model = new SessionModel();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (LifeEntry entry in log.Where(entry => seen.Add(entry.ToString())))
        {
            model.Take(entry);
        }

        // The log is at its end.
        foreach (ModelRun run in model._open)
        {
            run.State = "Running";
            model._closed.Add(run);
        }

        model._pending.ToList().ForEach(model.CloseUnknown);
        return model;
    }

    private void Take(LifeEntry entry)
    {
        switch (entry)
        {
            case { Event: AuditEvent other }:
                TakeOther(entry, other.Type);
                break;
            case { Record.RecordTypeId: 2502 }:
                TakeLabel(entry);
                break;
            case { Record.RecordTypeId: 2501 }:
                TakeResource(entry);
                break;
            case { Record.Operation: "start" }:
                TakeStart(entry);
                break;
            default:
                TakeStop(entry);
                break;
        }
    }

    private void TakeOther(LifeEntry entry, int type)
    {
        ModelRun[] there = [.. _open.Where(run => run.Node == entry.Node)];
        if (type is RecordTypes.DaemonStart or RecordTypes.DaemonEnd)
        {
            Array.ForEach([.. there, .. _pending.Where(run => run.Node == entry.Node)], run => run.IsUnobserved = true);
            return;
        }

        Array.ForEach(there, run => Close(run, null, "Interrupted"));
        _pending.Where(run => run.Node == entry.Node).ToList().ForEach(CloseUnknown);
    }

    private void TakeLabel(LifeEntry entry)
    {
        ModelRun? run = Pending(entry);
        if (run is not null && run.Models.Contains(entry.Record!.Model!))
        {
            CloseUnknown(run);
            run = null;
        }

        (run ?? Prepare(entry)).Models.Add(entry.Record!.Model!);
    }

    private void TakeStart(LifeEntry entry)
    {
        VirtAuditRecord record = entry.Record!;
        ModelRun run = Pending(entry) ?? new ModelRun(entry.Node, record.Uuid!.Value, entry);
        _pending.Remove(run);
        run.Start = entry;
        run.LastSerial = entry.Serial;
        run.Daemon = record.ProcessId;
        if (record.Result == "failed")
        {
            run.Failures++;
            run.State = "FailedToStart";
            _closed.Add(run);
            return;
        }

        ModelRun[] here = [.. _open.Where(open => open.Uuid == run.Uuid && open.Node == run.Node)];
        foreach (ModelRun older in here)
        {
            // Where it comes from and where it goes to are two: of three on one host the first is over.
            if (record.Reason != "migrated" || older.Daemon == run.Daemon || older != here[^1])
            {
                Close(older, null, entry.Serial < older.LastSerial ? "Interrupted" : "Superseded");
            }
        }

        // It comes from one place; of several that have it open the one where it was started last.
        if (record.Reason == "migrated" && _open.LastOrDefault(open => open.Uuid == run.Uuid) is ModelRun source)
        {
            source.Peers.Add(run);
            run.Peers.Add(source);
        }

        _open.Add(run);
    }

    private void TakeStop(LifeEntry entry)
    {
        VirtAuditRecord record = entry.Record!;
        ModelRun[] open = [.. Open(entry)];
        ModelRun? run = open.Length switch
        {
            0 => Pending(entry) ?? new ModelRun(entry.Node, record.Uuid!.Value, entry),
            1 => open[0],
            _ when open.Count(one => one.Daemon == record.ProcessId) == 1 => open.Single(one => one.Daemon == record.ProcessId),
            _ when record.Reason == "migrated" => open[0],
            _ => null,
        };
        if (run is null || (open.Length > 0 && Pending(entry) is not null))
        {
            Undecided ??= "a stop, and more than one run that it may end: " + entry;
            run ??= open[0];
        }

        if (_pending.Remove(run) && run.Daemon != record.ProcessId)
        {
            Undecided ??= "the stop of a run whose start is not here, and of which another daemon spoke: " + entry;
        }

        Close(run, entry, record.Reason switch
        {
            "destroyed" => "Destroyed",
            "failed" => "Died",
            "crashed" => "Crashed",
            "saved" => "Saved",
            "migrated" => "Migrated",
            "from-snapshot" => "Reverted",
            "reboot" => "Rebooted",
            _ => "Stopped",
        });
    }

    private void TakeResource(LifeEntry entry)
    {
        VirtAuditRecord record = entry.Record!;
        ModelRun[] open = [.. Open(entry)];
        ModelRun? run = Pending(entry);
        bool isGrant = record is { ResourceType: "cgroup", Reason: "allow" };
        bool isBefore = record.Reason == "start" || record is { ResourceType: "cgroup", CgroupClass: "all" }
            || (isGrant && (open.Length == 0 || run is not null));
        if (run is not null && open.Length > 0 && !isBefore)
        {
            Undecided ??= "a resource of the run that is open or of the one that begins: " + entry;
        }

        if (run is null && isBefore)
        {
            run = Prepare(entry);
        }
        else if (run is null && open.Length == 0)
        {
            // It ran, and its start is not here.
            _open.Add(run = new ModelRun(entry.Node, record.Uuid!.Value, entry));
        }
        else if (run is null && open.Length > 1)
        {
            Undecided ??= "a resource, and two runs that it may be of: " + entry;
        }

        run ??= open[0];
        if (!isBefore && _pending.Remove(run))
        {
            if (run.Daemon != record.ProcessId)
            {
                Undecided ??= "a resource of a run whose start is not here, and of which another daemon spoke: " + entry;
            }

            // What is plugged into it says that it runs; its start is not here.
            _open.Add(run);
        }

        run.LastSerial = entry.Serial;
        run.Resources++;
        run.Failures += record.Result == "failed" ? 1 : 0;
        if (record.Result != "failed")
        {
            ModelResources.Take(run, entry);
        }

        if (isBefore && run.Given.Exists(given => given.Start is not null && given.IsOver && _pending.Contains(run)))
        {
            Undecided ??= "two beginnings without a start between: " + entry;
        }
    }

    private ModelRun Prepare(LifeEntry entry)
    {
        var run = new ModelRun(entry.Node, entry.Record!.Uuid!.Value, entry);
        _pending.Add(run);
        return run;
    }

    private ModelRun? Pending(LifeEntry entry) => _pending.SingleOrDefault(run => run.Node == entry.Node && run.Uuid == entry.Record!.Uuid);

    private IEnumerable<ModelRun> Open(LifeEntry entry) => _open.Where(run => run.Node == entry.Node && run.Uuid == entry.Record!.Uuid);

    private void CloseUnknown(ModelRun run)
    {
        _pending.Remove(run);
        run.Given.ForEach(given => given.IsSure = false);
        Close(run, null, "Unknown");
    }

    private void Close(ModelRun run, LifeEntry? stop, string state)
    {
        _open.Remove(run);
        run.Stop = stop;
        run.State = state;
        foreach (ModelGiven given in run.Given.Where(given => !given.IsOver))
        {
            // The guest died at a time that nobody knows.
            given.IsSure &= state != "Superseded";
            given.Finish(stop, stop?.Record!.Reason ?? state);
        }

        _closed.Add(run);
    }
}
