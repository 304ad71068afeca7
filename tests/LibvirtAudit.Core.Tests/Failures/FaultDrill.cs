using System.Globalization;
using LibvirtAudit.Faults;

namespace LibvirtAudit.Tests.Failures;

/// <summary>
/// Does an operation again and again, each time with another of its calls failing: every call, its first times and its last,
/// with every error in turn, once and from then on.
/// </summary>
internal sealed class FaultDrill(FaultOperation operation, bool isFull)
{
    /// <summary>So many times a call is gone through one by one; of more the last ones, too.</summary>
    private readonly int _most = isFull ? 200 : 3;

    private static readonly string[] Ours = ["/virtaudit-test-", "socket:", "pipe:", "inotify"];

    /// <summary>How many times a call was made to fail, once or from then on.</summary>
    public SortedDictionary<string, int> Injected { get; } = [];

    /// <summary>What went wrong.</summary>
    public List<string> Problems { get; } = [];

    public void Run()
    {
        // What the runtime opens for good it opens now.
        Try(null, isWarmingUp: true);
        Try(null, isWarmingUp: true);
        Dictionary<string, int> counts = Try(null);
        foreach ((string call, int count) in counts)
        {
            foreach (int nth in Enumerable.Range(1, count).Where(nth => nth <= _most || nth > count - 2))
            {
                foreach (int error in Injection.Errors[call])
                {
                    Try(new Injection(call, nth, error, AllBehind: false));
                    bool isForAMoment = error is Injection.EINTR or Injection.EAGAIN;
                    if (!isForAMoment && (nth == 1 || isFull))
                    {
                        Try(new Injection(call, nth, error, AllBehind: true));
                    }
                }
            }
        }
    }

    private Dictionary<string, int> Try(Injection? injection, bool isWarmingUp = false)
    {
        string[] before = Held();
        var counts = new Dictionary<string, int>();
        using (var trial = new Trial { Injection = injection })
        {
            FaultShim.Clear();
            operation.Prepare(trial);
            if (injection is not null)
            {
                FaultShim.Add(injection);
            }

            FaultShim.Arm(operation.IsOfOwnThread ? "" : trial.Folder, operation.IsOfOwnThread);
            try
            {
                operation.Act(trial);
            }
            catch (Exception e)
            {
                trial.Thrown = e;
            }

            FaultShim.Disarm();
            int fired = FaultShim.Fired;
            foreach (string call in Injection.Errors.Keys)
            {
                counts[call] = (int)FaultShim.Count(call);
            }

            if (injection is null || fired > 0)
            {
                Judge(trial);
            }

            if (injection is not null)
            {
                Injected[injection.Call] = Injected.GetValueOrDefault(injection.Call) + Math.Sign(fired);
            }
        }

        // A thread that has ended is still seen for a moment.
        string[] left = [];
        SpinWait.SpinUntil(() => (left = [.. Held().Except(before)]).Length == 0 || isWarmingUp, TimeSpan.FromSeconds(1));
        if (left.Length > 0 && !isWarmingUp)
        {
            Tell(injection, "left open: " + string.Join(", ", left));
        }

        return counts;
    }

    private void Judge(Trial trial)
    {
        if (trial.Thrown is not (null or FaultException))
        {
            Tell(trial.Injection, "ended with " + trial.Thrown.ToString().Replace("\n", " ", StringComparison.Ordinal));
            return;
        }

        try
        {
            foreach (string problem in operation.Judge(trial))
            {
                Tell(trial.Injection, $"{problem} [{string.Join("; ", trial.Failures.Select(fault => fault.Message))}]");
            }
        }
        catch (Exception e)
        {
            Tell(trial.Injection, "behind it: " + e.ToString().Replace("\n", " ", StringComparison.Ordinal));
        }

        FaultId[] promised = trial.Injection switch
        {
            null => operation.Always,
            { IsHarmless: true } harmless when !operation.MayTell(harmless) => operation.Always,
            { IsDenial: true } => operation.Denied,
            _ => operation.Broken,
        };
        foreach (Fault fault in trial.Failures.Where(fault => !promised.Contains(fault.Id) && !operation.Always.Contains(fault.Id)))
        {
            Tell(trial.Injection, $"not the promised error: {fault.Id} {fault.Message}");
        }
    }

    private void Tell(Injection? injection, string problem) => Problems.Add(string.Create(CultureInfo.InvariantCulture, $"{operation.GetType().Name}, {injection?.ToString() ?? "nothing failing"}: {problem}"));

    // Files of ours, sockets, pipes and the threads that have our names.
    private static string[] Held()
    {
        IEnumerable<string> files = Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "").Where(target => Ours.Any(part => target.Contains(part, StringComparison.Ordinal)));
        IEnumerable<string> threads = Directory.GetDirectories("/proc/self/task").Select(NameOf).Where(name => name.StartsWith("audit listen", StringComparison.Ordinal) || name.StartsWith("feed ", StringComparison.Ordinal) || name.StartsWith("LibvirtAudit", StringComparison.Ordinal));
        return [.. files.Concat(threads).Order()];
    }

    private static string NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd();
        }
        catch (IOException)
        {
            // It has ended.
            return "";
        }
    }
}
