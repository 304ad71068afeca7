using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Logs;

namespace LibvirtAudit.Tests.Failures;

/// <summary>Reading with a bookmark for the second time, after a rotation; then once more with nothing failing.</summary>
internal class ResumeAtBookmark : FaultOperation
{
    private const int Each = 40;

    public override FaultId[] Denied => [FaultId.LogAccessDenied, FaultId.LogReadFailed, FaultId.BookmarkAccessDenied, FaultId.LogWriteFailed];

    public override FaultId[] Broken => [FaultId.LogReadFailed, FaultId.LogWriteFailed, FaultId.BookmarkInUse];

    protected virtual bool IsFirst => false;

    public override void Prepare(Trial trial)
    {
        var log = new RotatingLog(trial.PathOf("audit.log"));
        trial.Kept.Add(log);
        log.Write(Each);
        if (!IsFirst)
        {
            Read(trial);
        }

        log.Rotate();
        log.Write(Each);
    }

    public override void Act(Trial trial) => Read(trial);

    public override IEnumerable<string> Judge(Trial trial)
    {
        using var log = (RotatingLog)trial.Kept[0];
        IReadOnlyList<Fault> failures = trial.Failures;
        bool isTemporaryLeft = trial.Injection is not { Call: "unlinkat" } && File.Exists(trial.PathOf(".bookmark.tmp"));
        Exception? thrown = trial.Thrown;
        trial.Thrown = null;
        Read(trial);
        trial.Thrown = thrown;
        int[] numbers = trial.Sink.Numbers;
        int first = IsFirst ? numbers.Min() : 1;
        if (!Enumerable.Range(first, log.Count + 1 - first).SequenceEqual(numbers.Distinct().Order()))
        {
            yield return "lost: " + Show(Enumerable.Range(1, log.Count).Except(numbers));
        }

        if (failures.Count == 0 && !IsRising(numbers))
        {
            yield return $"not in order, or twice, in silence: {Show(numbers)}";
        }

        if (trial.Injection is not { Call: "unlinkat" or "openat" or "statx" } && Directory.GetFiles(trial.Folder, ".*") is [string left, ..])
        {
            yield return "left behind: " + left;
        }

        if (isTemporaryLeft)
        {
            yield return "the new bookmark was left beside the old one";
        }
    }

    private static void Read(Trial trial)
    {
        using var live = new LiveLogs(Trial.All, trial.Sink, trial.Cancellation);
        live.UseBookmark(trial.PathOf("bookmark"));
        live.Add([trial.PathOf("audit.log")]);
        live.ReadOn();
    }
}

/// <summary>The first reading with a bookmark, which is made.</summary>
internal sealed class BeginBookmark : ResumeAtBookmark
{
    protected override bool IsFirst => true;
}

/// <summary>Following a log through growth, a rotation, and a copy that was made before it was emptied.</summary>
internal sealed class FollowLog : FaultOperation
{
    // What failed in one look is made up for in the next; more only where inotify fails as well, which takes their place.
    private const int LastLooks = 4;

    public override FaultId[] Denied => [FaultId.LogAccessDenied, FaultId.LogReadFailed];

    public override FaultId[] Broken => [FaultId.LogReadFailed];

    public override void Prepare(Trial trial)
    {
        var log = new RotatingLog(trial.PathOf("audit.log"));
        log.Write(20);
        trial.Kept.Add(log);
    }

    public override void Act(Trial trial)
    {
        var log = (RotatingLog)trial.Kept[0];
        var steps = new Queue<Action>([() => log.Write(20), log.Rotate, () => log.Write(20), () => log.CopyAndTruncate(), () => log.Write(20)]);
        int looks = 0;
        using var live = new LiveLogs(Trial.All, trial.Sink, trial.Cancellation)
        {
            Idle = () =>
            {
                looks += steps.Count == 0 ? 1 : 0;
                Action step = steps.TryDequeue(out Action? next) ? next : () => Stir(trial);
                Trial.Unarmed(step, () => FaultShim.Arm(trial.Folder, ownThread: false));
            },
        };
        live.Add([trial.PathOf("audit.log")]);
        live.Follow(TimeSpan.FromSeconds(20), () => steps.Count == 0 && (trial.Sink.Records.Count >= log.Count || looks >= LastLooks));
    }

    public override IEnumerable<string> Judge(Trial trial)
    {
        using var log = (RotatingLog)trial.Kept[0];
        int[] numbers = trial.Sink.Numbers;
        if (!IsRising(numbers))
        {
            yield return "not in order, or twice: " + Show(numbers);
        }

        if (trial.Thrown is not null)
        {
            yield return "ended by it";
        }

        // What failed once is read the next time. But a log that can't be opened to begin with is not waited for, and a copy
        // that can't be read when it is needed is given up.
        bool mayMiss = trial.Injection is { AllBehind: true } || trial.Sink.Records.Count == 0 || trial.Sink.Faults.Exists(fault => fault.Id == FaultId.RecordsLost);
        if (numbers.Length < log.Count && !(mayMiss && trial.IsTold))
        {
            yield return $"lost: {Show(Enumerable.Range(1, log.Count).Except(numbers))}{(trial.IsTold ? "" : ", in silence")} {string.Join("; ", trial.Sink.Faults.Select(fault => fault.Message))}";
        }

        if (trial.Sink.Faults.Exists(fault => fault.IsWarning) && numbers.Length == log.Count && trial.Failures.Count == 0)
        {
            yield return "a loss was told that was none";
        }

        if (trial.Sink.Faults.Count > 20)
        {
            yield return $"told {trial.Sink.Faults.Count} times";
        }
    }

    // Something else happens in the folder, and the next look is due at once.
    private static void Stir(Trial trial)
    {
        File.WriteAllText(trial.PathOf("other"), "");
        File.Delete(trial.PathOf("other"));
    }
}
