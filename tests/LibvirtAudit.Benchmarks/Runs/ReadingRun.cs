using System.Globalization;
using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Reports;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>The records of one log: all, and some, by us and by others.</summary>
internal static class ReadingRun
{
    /// <summary>Runs on the log kinds that the options name, or on all.</summary>
    public static void Run(RunContext context)
    {
        IReadOnlyList<string> kinds = context.Options.All("log-kind");
        foreach (string kind in kinds.Count > 0 ? kinds : [.. LogRecipe.Kinds.Keys])
        {
            LogRecipe recipe = LogRecipe.Kinds.GetValueOrDefault(kind) ?? throw new UsageException($"No log kind is called '{kind}': {string.Join(", ", LogRecipe.Kinds.Keys)}.");
            Run(context, recipe with { Bytes = context.Options.Size("size", "1GB"), Guests = context.Options.Number("guests", recipe.Guests), Seed = context.Options.Number("seed", recipe.Seed) });
        }
    }

    private static void Run(RunContext context, LogRecipe recipe)
    {
        GeneratedLog log = context.Log(recipe);
        LogFacts facts = log.Facts;
        string moment = Machine.Moment();
        IReadOnlyList<Outcome> outcomes = context.Run(
        [
            .. Ours(context, log),
            .. context.Peers.ReadersOf(log),
        ]);
        context.Report(
            "reading-" + recipe.Kind,
            $"`{recipe.Kind}`: {Figure.Megabytes(facts.Bytes)} MB, {Figure.Number(facts.Lines)} lines, {Figure.Number(facts.Records)} records, {recipe.Guests} guests. "
            + $"One guest has {Figure.Number(facts.GuestRecords)} records, the hour {Figure.Number(facts.HourRecords)}. {moment}.",
            OutcomeTable.Of(outcomes));
    }

    private static IEnumerable<Contender> Ours(RunContext context, GeneratedLog log)
    {
        LogFacts facts = log.Facts;
        string from = facts.HourFrom.ToString(CultureInfo.InvariantCulture), to = facts.HourTo.ToString(CultureInfo.InvariantCulture);
        return
        [
            RunContext.Warm("Core, all records", log, facts.Records, "read", "--log", log.Path),
            RunContext.Warm("Core, one guest", log, facts.GuestRecords, "guest", "--log", log.Path, "--guest", facts.GuestName),
            RunContext.Warm("Core, one UUID", log, facts.GuestRecords, "uuid", "--log", log.Path, "--uuid", facts.GuestUuid),
            RunContext.Warm("Core, one hour", log, facts.HourRecords, "hour", "--log", log.Path, "--from", from, "--to", to),
            RunContext.Warm("Core, sessions", log, facts.Records, "sessions", "--log", log.Path),
            RunContext.Warm("the bytes alone, copied as Core does", log, facts.Bytes, "copy", "--log", log.Path),
            RunContext.Warm("engine, `Get-VirtAuditRecord`", log, facts.Records, "pipeline", "--log", log.Path),
            RunContext.Warm("engine, one guest", log, facts.GuestRecords, "pipeline-guest", "--log", log.Path, "--guest", facts.GuestName),
            RunContext.Warm("engine, `Get-VirtAuditSession`", log, null, "pipeline-sessions", "--log", log.Path),
            RunContext.Warm("engine, as many prepared objects", log, facts.Records, "pipeline-ceiling", "--count", facts.Records.ToString(CultureInfo.InvariantCulture)),
            context.Whole("Core, whole process", log, facts.Records, "read", "--log", log.Path),
            context.Peers.Pwsh("pwsh, whole process", log, $"Import-Module '{ModuleFolder.Manifest}'; Get-VirtAuditRecord -LiteralPath '{log.Path}' | Out-Null"),
        ];
    }
}
