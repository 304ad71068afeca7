using System.Globalization;
using LibvirtAudit.Benchmarks.Reports;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>Records encoded, appended to a file, sent to the kernel.</summary>
internal static class WritingRun
{
    private const string MemoryFolder = "/dev/shm";

    /// <summary>Encodes and appends.</summary>
    public static void Run(RunContext context)
    {
        const int Records = 200_000;
        string count = Records.ToString(CultureInfo.InvariantCulture), moment = Machine.Moment();
        string memory = Path.Combine(MemoryFolder, "libvirtaudit-benchmark.log"), disk = Path.Combine(context.Folder, "appended.log");
        Contender Append(string name, string log, string batch) => Warm(name, Records, "append", "--count", count, "--log", log, "--batch", batch);
        IReadOnlyList<Outcome> outcomes = context.Run(
        [
            Warm("Core, the line of a record", Records, "encode", "--count", count),
            Append("Core, `-LogPath` in memory (tmpfs), one at a time", memory, "1"),
            Append("Core, `-LogPath` in memory, 100 at a time", memory, "100"),
            Append("Core, `-LogPath` on the disk, one at a time", disk, "1"),
            Append("Core, `-LogPath` on the disk, 100 at a time", disk, "100"),
        ]);
        context.Report("writing", $"{Figure.Number(Records)} records. {moment}.", OutcomeTable.Of(outcomes));
    }

    /// <summary>Sends to the kernel, beside libaudit. Needs root, and takes the kernel's audit for itself meanwhile.</summary>
    public static void Send(RunContext context)
    {
        const int Records = 20_000;
        string count = Records.ToString(CultureInfo.InvariantCulture), moment = Machine.Moment();
        using var audit = new KernelAudit(context.Folder);
        IReadOnlyList<Outcome> outcomes = context.Run(
        [
            Warm("Core, after start", Records, "send", "--count", count),
            context.Peers.FromC("libaudit from C", null, Records, "send_records", "audit", count),
            context.Whole("Core, whole process", null, Records, "send", "--count", count),
        ]);
        long sent = Records * outcomes.Where(outcome => outcome.Failure is null).Sum(outcome => (long)outcome.Contender.TimesRun), logged = audit.CountRecords(sent);
        var table = new Table("", "median s", "× first", "records/s", "CPU s");
        foreach (Outcome outcome in outcomes.Where(outcome => outcome.Failure is null))
        {
            table.Add(outcome.Contender.Name, Figure.Seconds(outcome.Seconds), Figure.Times(outcome.Seconds, outcomes[0].Seconds), Figure.Rate(Records, outcome.Seconds), Figure.Seconds(outcome.CpuSeconds));
        }

        context.Report("kernel", $"{Figure.Number(Records)} records, each acknowledged by the kernel; auditd with `flush = NONE`. Of all {Figure.Number(sent)} that were sent its log has {Figure.Number(logged)}. {moment}.", table.ToString());
    }

    private static WorkerContender Warm(string name, int records, params string[] arguments) => new(arguments) { Name = name, IsOurs = true, Records = records, Expected = records };
}
