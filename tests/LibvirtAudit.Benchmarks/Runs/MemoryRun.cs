using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Reports;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>The most memory that a process has while it reads a small log and larger ones.</summary>
internal static class MemoryRun
{
    /// <summary>Runs on each.</summary>
    public static void Run(RunContext context)
    {
        // The middle one fills what the runtime fills before it collects, which the small one does not.
        GeneratedLog[] logs = [context.Mixed(100_000_000), context.Mixed(1_000_000_000), context.Mixed(context.Options.Size("large", "10GB"))];
        string moment = Machine.Moment();
        Outcome[][] outcomes = [.. logs.Select(log => context.Run(ContendersOf(context, log)).ToArray())];
        string[] sizes = [.. logs.Select(log => $"{Figure.Megabytes(log.Facts.Bytes)} MB")];
        var table = new Table(["whole process", .. sizes, $"{sizes[2]} × {sizes[0]}", $"{sizes[2]} × {sizes[1]}"]);
        for (int i = 0; i < outcomes[0].Length; i++)
        {
            Outcome[] row = [.. outcomes.Select(of => of[i])];
            if (row.All(outcome => outcome.Failure is null))
            {
                table.Add([row[0].Contender.Name, .. row.Select(outcome => Figure.Megabytes(outcome.PeakBytes)), Figure.Times(row[2].PeakBytes, row[0].PeakBytes), Figure.Times(row[2].PeakBytes, row[1].PeakBytes)]);
            }
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
