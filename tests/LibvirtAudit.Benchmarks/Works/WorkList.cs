using System.Globalization;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Benchmarks.Works;

/// <summary>The works by their names on the command line.</summary>
internal static class WorkList
{
    /// <summary>The work that the options name, on what they say.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static IWork Create(Options options)
    {
        string Log() => options.Get("log");
        int Count() => options.Number("count", 0);
        return options.Words.ElementAtOrDefault(1) switch
        {
            "read" => new ReadWork(Log(), RecordFilter.All),
            "guest" => new ReadWork(Log(), new RecordFilter { VMName = [TextPattern.Exactly(options.Get("guest"))] }),
            "uuid" => new ReadWork(Log(), new RecordFilter { Uuid = [TextPattern.Exactly(options.Get("uuid"))] }),
            "hour" => new ReadWork(Log(), new RecordFilter { From = Moment("from"), To = Moment("to") }),
            "copy" => new CopyWork(Log()),
            "tail" => new ReadWork(Log(), RecordFilter.All, Count()),
            "first" => new FirstRecordWork(Log()),
            "sessions" => new SessionWork(Log()),
            "append" => new AppendWork(Log(), Count()),
            "encode" => new EncodeWork(Count()),
            "send" => new SendWork(Count()),
            "pipeline" => new ScriptWork("Get-VirtAuditRecord -LiteralPath $args[0]", Log()),
            "pipeline-guest" => new ScriptWork("Get-VirtAuditRecord -LiteralPath $args[0] -VMName $args[1]", Log(), options.Get("guest")),
            "pipeline-sessions" => new ScriptWork("Get-VirtAuditSession -LiteralPath $args[0]", Log()),
            "pipeline-tail" => new ScriptWork("Get-VirtAuditRecord -LiteralPath $args[0] -Tail $args[1]", Log(), Count()),
            "pipeline-ceiling" => new ScriptWork("Get-PreparedObject $args[0]", Count()),
            "engine" => new EngineStartWork(imports: false),
            "import" => new EngineStartWork(imports: true),
            string unknown => throw new UsageException($"No work is called '{unknown}'."),
            null => throw new UsageException("Which work?"),
        };

        long Moment(string name) => long.Parse(options.Get(name), CultureInfo.InvariantCulture);
    }
}
