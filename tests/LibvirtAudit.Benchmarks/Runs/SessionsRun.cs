using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Reports;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>Sessions by us and by auvirt, of logs that suit it and of such that don't; and how ours grow with the log.</summary>
internal static class SessionsRun
{
    private static readonly (string Place, string Words, LogRecipe Recipe)[] Logs =
    [
        ("sessions-order", "300,000 records in their order", new LogRecipe("order", 1) { Records = 300_000, Guests = 50 }),
        ("sessions-disorder", "300,000 records out of their order: any of 5,000 that wait may be the next", new LogRecipe("disorder", 1) { Records = 300_000, Guests = 50, Disorder = 5000 }),
        ("sessions-crowd", "300,000 records of 5,000 guests", new LogRecipe("crowd", 1) { Records = 300_000, Guests = 5000 }),
    ];

    /// <summary>Runs beside auvirt.</summary>
    public static void Run(RunContext context)
    {
        foreach ((string place, string words, LogRecipe recipe) in Logs)
        {
            GeneratedLog log = context.Log(recipe);
            string moment = Machine.Moment();
            string table = OutcomeTable.Of(context.Run(
            [
                RunContext.Warm("Core, sessions", log, log.Facts.Records, "sessions", "--log", log.Path),
                RunContext.Warm("engine, `Get-VirtAuditSession`", log, null, "pipeline-sessions", "--log", log.Path),
                context.Whole("Core, whole process", log, log.Facts.Records, "sessions", "--log", log.Path),
                context.Peers.Auvirt(log),
            ]));
            context.Report(place, $"{words}, {Figure.Megabytes(log.Facts.Bytes)} MB. {moment}.", table);
        }
    }

    /// <summary>Runs on logs of one kind and growing length.</summary>
    public static void Grow(RunContext context)
    {
        string moment = Machine.Moment();
        var table = new Table("records", "median s", "ns/record", "CPU s", "CPU ns/record", "peak MB");
        foreach (long records in (long[])[30_000, 300_000, 3_000_000])
        {
            GeneratedLog log = context.Log(new LogRecipe("growth", 1) { Records = records });
            foreach (Running.Outcome outcome in context.Run([RunContext.Warm("Core, sessions", log, log.Facts.Records, "sessions", "--log", log.Path)]))
            {
                table.Add(Figure.Number(records), Figure.Seconds(outcome.Seconds), Figure.Number((long)(outcome.Seconds * 1e9 / records)), Figure.Seconds(outcome.CpuSeconds), Figure.Number((long)(outcome.CpuSeconds * 1e9 / records)), Figure.Megabytes(outcome.PeakBytes));
            }
        }

        context.Report("growth", $"All records libvirt's, of 200 guests. {moment}.", table.ToString());
    }
}
