using System.Globalization;
using LibvirtAudit.Records;

namespace LibvirtAudit.Tests.Analysis.Model;

/// <summary>What a resource record that did not fail changes of what a run was given.</summary>
internal static class ModelResources
{
    public static void Take(ModelRun run, LifeEntry entry)
    {
        VirtAuditRecord record = entry.Record!;
        string type = record.ResourceType!;
        switch (type)
        {
            case "cgroup":
                TakeGrant(run, entry);
                break;
            case "mem" or "vcpu" or "iothread":
                ModelGiven[] counts = [.. Held(run, type, null)];
                Array.ForEach(counts, given => given.Finish(entry, record.Reason));
                if (counts.Length == 0 && record.OldValue is not 0L)
                {
                    End(run, entry, record.OldValue);
                }

                Give(run, entry, record.NewValue);
                break;
            case "evdev":
                EndUnsure(run, record.DevicePath!, entry);
                Give(run, entry, record.DevicePath);
                break;
            case "dev":
                if (record.Reason == "detach")
                {
                    End(run, entry, record.Device);
                }
                else
                {
                    Give(run, entry, record.Device);
                }

                break;
            default:
                TakeValues(run, entry);
                break;
        }
    }

    private static void TakeValues(ModelRun run, LifeEntry entry)
    {
        VirtAuditRecord record = entry.Record!;
        if (record.Result is null)
        {
            // Whether the medium was changed is not known: both may be there.
            ModelGiven[] media = [.. Held(run, record.ResourceType!, record.OldValue)];
            Array.ForEach(media, given => given.IsSure = false);
            if (media.Length == 0)
            {
                run.Given.Add(new ModelGiven(record.ResourceType!, Text(record.OldValue), null) { IsSure = false });
            }

            Give(run, entry, record.NewValue, isSure: false);
            return;
        }

        if (record.OldValue is not null)
        {
            End(run, entry, record.OldValue);
        }

        if (record.NewValue is not null)
        {
            Give(run, entry, record.NewValue, isSure: record.Reason != "mirror");
        }
    }

    private static void TakeGrant(ModelRun run, LifeEntry entry)
    {
        VirtAuditRecord record = entry.Record!;
        string? path = record.CgroupClass == "all" ? null : record.DevicePath;
        if (record.Reason == "allow")
        {
            Give(run, entry, path);
            return;
        }

        if (path is null)
        {
            Held(run, "cgroup", null).ToList().ForEach(given => given.Finish(entry, "deny"));
            return;
        }

        EndUnsure(run, path, entry);
        ModelGiven[] grants = [.. Held(run, "cgroup", path)];
        Array.ForEach(grants, given => given.Finish(entry, "deny"));
        if (grants.Length == 0)
        {
            End(run, entry, path);
        }
    }

    private static void EndUnsure(ModelRun run, string path, LifeEntry entry)
    {
        foreach (ModelGiven given in Held(run, "evdev", path).ToList())
        {
            given.IsSure = false;
            given.Finish(entry, entry.Record!.Reason);
        }
    }

    private static void End(ModelRun run, LifeEntry entry, object? value)
    {
        string type = entry.Record!.ResourceType!, reason = entry.Record.Reason!;
        ModelGiven[] held = [.. Held(run, type, value)];
        if (held.Length == 0)
        {
            var unseen = new ModelGiven(type, Text(value), null);
            unseen.Finish(entry, reason);
            run.Given.Add(unseen);
            return;
        }

        if (held.Length > 1)
        {
            // Which of them it was the records can't tell.
            Array.ForEach(held, given => given.IsSure = false);
        }

        held[0].Finish(entry, reason);
    }

    private static void Give(ModelRun run, LifeEntry entry, object? value, bool isSure = true) =>
        run.Given.Add(new ModelGiven(entry.Record!.ResourceType!, Text(value), entry) { IsSure = isSure });

    private static IEnumerable<ModelGiven> Held(ModelRun run, string type, object? value) =>
        run.Given.Where(given => !given.IsOver && given.Type == type && (value is null || given.Value == Text(value)));

    private static string Text(object? value) => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
}
