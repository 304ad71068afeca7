using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Reports;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>The most memory that a process has while it reads a small log and a large one.</summary>
internal static class MemoryRun
{
    /// <summary>Runs on both.</summary>
    public static void Run(RunContext context)
    {
        GeneratedLog small = context.Mixed(100_000_000), large = context.Mixed(context.Options.Size("large", "1GB"));
        string moment = Machine.Moment();
        IReadOnlyList<Outcome> before = context.Run(ContendersOf(context, small)), after = context.Run(ContendersOf(context, large));
        var table = new Table("whole process", $"{Figure.Megabytes(small.Facts.Bytes)} MB", $"{Figure.Megabytes(large.Facts.Bytes)} MB", "×");
        foreach ((Outcome first, Outcome second) in before.Zip(after).Where(pair => pair.First.Failure is null && pair.Second.Failure is null))
        {
            table.Add(first.Contender.Name, Figure.Megabytes(first.PeakBytes), Figure.Megabytes(second.PeakBytes), Figure.Times(second.PeakBytes, first.PeakBytes));
        }

        context.Report("memory", $"Peak memory in MB. {moment}.", table.ToString());
    }

    private static IEnumerable<Contender> ContendersOf(RunContext context, GeneratedLog log) =>
    [
        context.Whole("Core, all records", log, log.Facts.Records, "read", "--log", log.Path),
        context.Whole("Core, one guest", log, log.Facts.GuestRecords, "guest", "--log", log.Path, "--guest", log.Facts.GuestName),
        context.Whole("Core, sessions", log, log.Facts.Records, "sessions", "--log", log.Path),
        context.Peers.Pwsh("pwsh, `Get-VirtAuditRecord`", log, $"Import-Module '{ModuleFolder.Manifest}'; Get-VirtAuditRecord -LiteralPath '{log.Path}' | Out-Null"),
        context.Peers.Pwsh("pwsh, `Get-VirtAuditSession`", log, $"Import-Module '{ModuleFolder.Manifest}'; Get-VirtAuditSession -LiteralPath '{log.Path}' | Out-Null"),
    ];
}
