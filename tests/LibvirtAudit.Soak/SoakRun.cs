using System.Diagnostics;
using System.Globalization;

namespace LibvirtAudit.Soak;

/// <summary>
/// Follows and watches for a long time, under rotation, bursts and restarts, and says at the end whether every record came
/// once and in order, and whether the process stayed as small as it was.
/// </summary>
internal sealed class SoakRun(SoakOptions options)
{
    private string TotalPath => Path.Combine(options.Folder, "total-seconds");

    /// <summary>Runs; true where all held.</summary>
    public async Task<bool> Run(CancellationToken cancelled)
    {
        Directory.CreateDirectory(options.Folder);
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancelled);
        var log = new FollowedLog(options.Folder);
        var socket = new WatchedSocket();
        KernelBursts? kernel = options.UsesKernel ? new KernelBursts(options.Folder) : null;
        Thread[] threads = [new(() => log.Run(time.Token)) { Name = "soak follower" }, new(() => socket.Run(time.Token)) { Name = "soak watcher" }];
        Array.ForEach(threads, thread => thread.Start());
        Task bursts = Task.Run(async () => await (kernel?.Run(time.Token) ?? Task.CompletedTask), CancellationToken.None);
        Ledger[] ledgers = [log.Ledger, socket.Ledger, .. kernel is null ? Array.Empty<Ledger>() : [kernel.Live, kernel.Logged]];

        List<ResourceSample> samples = await Sample(ledgers, time.Token);
        await time.CancelAsync();
        Array.ForEach(threads, thread => thread.Join());
        await bursts;

        Console.WriteLine(FormattableString.Invariant($"followed log: {log.Ledger.Count} records, {log.Rotations} rotations, {log.Restarts} restarts"));
        Console.WriteLine(FormattableString.Invariant($"watched socket: {socket.Ledger.Count} records, {socket.Restarts} restarts"));
        Console.WriteLine(kernel is null ? "kernel: not used" : kernel.Missing is string missing ? $"kernel: not used, {missing}" : FormattableString.Invariant($"kernel: {kernel.Live.Count} records live, {kernel.Logged.Count} in auditd's log, {kernel.Bursts} bursts"));
        string[] problems = [.. ledgers.SelectMany(ledger => ledger.Problems), .. Flatness.Judge(samples)];
        Array.ForEach(problems, Console.WriteLine);
        Console.WriteLine(FormattableString.Invariant($"{AddToTotal(samples[^1].Seconds) / 3600:0.00} hours in this folder altogether"));
        Console.WriteLine(problems.Length == 0 ? "held: every record once, in order; handles, threads and memory flat" : "did not hold");
        return problems.Length == 0;
    }

    private async Task<List<ResourceSample>> Sample(Ledger[] ledgers, CancellationToken stop)
    {
        var samples = new List<ResourceSample>();
        await using var file = new StreamWriter(Path.Combine(options.Folder, "samples.csv"), append: true) { AutoFlush = true };
        await file.WriteLineAsync(ResourceSample.Header);
        TimeSpan pause = TimeSpan.FromSeconds(Math.Clamp(options.Duration.TotalSeconds / 240, 0.25, 5));
        long start = Stopwatch.GetTimestamp();
        while (Stopwatch.GetElapsedTime(start) < options.Duration && !stop.IsCancellationRequested)
        {
            await Task.Delay(pause, CancellationToken.None);
            var sample = ResourceSample.Take(Stopwatch.GetElapsedTime(start));
            samples.Add(sample);
            await file.WriteLineAsync(sample.ToLine(ledgers.Sum(ledger => ledger.Count)));
        }

        return samples;
    }

    private double AddToTotal(double seconds)
    {
        double before = File.Exists(TotalPath) ? double.Parse(File.ReadAllText(TotalPath), CultureInfo.InvariantCulture) : 0;
        File.WriteAllText(TotalPath, (before + seconds).ToString("0.0", CultureInfo.InvariantCulture));
        return before + seconds;
    }
}
