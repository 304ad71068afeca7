using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Reports;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>How long it takes until something comes: the import of the module, the first record of a large log, its last ten.</summary>
internal static class StartRun
{
    private const string Import = "import";

    /// <summary>The import, beyond the same engine without it.</summary>
    public static void Run(RunContext context)
    {
        string moment = Machine.Moment(), import = $"Import-Module '{ModuleFolder.Manifest}'";
        IReadOnlyList<Outcome> outcomes = context.Run(
        [
            context.Whole("embedded engine", null, null, "engine"),
            context.Whole("embedded engine and `Import-Module`", null, null, Import),
            context.Peers.Pwsh("pwsh", null, "$null"),
            context.Peers.Pwsh("pwsh and `Import-Module`", null, import),
        ]);
        var table = new Table("whole process", "median ms", "fastest–slowest", "beyond the one above, ms", "peak MB");
        Outcome? before = null;
        foreach (Outcome outcome in outcomes.Where(outcome => outcome.Failure is null))
        {
            bool imports = outcome.Contender.Name.Contains(Import, StringComparison.OrdinalIgnoreCase) && before is not null;
            table.Add(
                outcome.Contender.Name,
                Figure.Milliseconds(outcome.Seconds),
                $"{Figure.Milliseconds(outcome.Fastest)}–{Figure.Milliseconds(outcome.Slowest)}",
                imports ? Figure.Milliseconds(outcome.Seconds - before!.Seconds) : Figure.None,
                Figure.Megabytes(outcome.PeakBytes));
            before = outcome;
        }

        context.Report("start", $"{context.Repeat} runs of each. {moment}.", table.ToString());
    }

    /// <summary>The first record and the last ten of a large log.</summary>
    public static void Large(RunContext context)
    {
        GeneratedLog log = context.Mixed(context.Options.Size("large", "1GB"));
        string moment = Machine.Moment(), module = $"Import-Module '{ModuleFolder.Manifest}'; Get-VirtAuditRecord -LiteralPath '{log.Path}'";
        IReadOnlyList<Outcome> outcomes = context.Run(
        [
            RunContext.Warm("Core, first record", null, 1, "first", "--log", log.Path),
            RunContext.Warm("Core, `-Tail 10`", null, 10, "tail", "--log", log.Path, "--count", "10"),
            RunContext.Warm("engine, `-Tail 10`", null, 10, "pipeline-tail", "--log", log.Path, "--count", "10"),
            context.Whole("Core, first record, whole process", null, 1, "first", "--log", log.Path),
            context.Whole("Core, `-Tail 10`, whole process", null, 10, "tail", "--log", log.Path, "--count", "10"),
            context.Peers.Pwsh("pwsh, `Select-Object -First 1`, whole process", null, module + " | Select-Object -First 1 | Out-Null"),
            context.Peers.Pwsh("pwsh, `-Tail 10`, whole process", null, module + " -Tail 10 | Out-Null"),
        ]);
        var table = new Table("", "median ms", "fastest–slowest", "CPU ms", "peak MB");
        foreach (Outcome outcome in outcomes.Where(outcome => outcome.Failure is null))
        {
            table.Add(
                outcome.Contender.Name,
                Figure.Milliseconds(outcome.Seconds),
                $"{Figure.Milliseconds(outcome.Fastest)}–{Figure.Milliseconds(outcome.Slowest)}",
                Figure.Milliseconds(outcome.CpuSeconds),
                Figure.Megabytes(outcome.PeakBytes));
        }

        context.Report("large", $"Of a log of {Figure.Megabytes(log.Facts.Bytes)} MB, 2 % of its lines libvirt's. {moment}.", table.ToString());
    }
}
