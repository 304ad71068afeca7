using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Peers;
using LibvirtAudit.Benchmarks.Reports;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Runs;

/// <summary>What every run needs: its options, its logs, its contenders, and where its tables go.</summary>
internal sealed class RunContext
{
    private readonly LogCache _logs;
    private readonly string _report;
    private readonly ReportPage _page;

    /// <summary>Takes the options of the command line.</summary>
    public RunContext(Options options)
    {
        Options = options;
        Folder = Path.GetFullPath(options.Find("folder") ?? Path.Combine(Path.GetTempPath(), "libvirtaudit-benchmarks"));
        _logs = new LogCache(Folder, ModuleFolder.Capture);
        _report = Path.GetFullPath(options.Find("report") ?? Path.Combine(Folder, "performance.md"));
        _page = new ReportPage(_report, Path.Combine(ModuleFolder.Root, "docs", "performance.md"));
        Repeat = options.Number("repeat", 5);
        Peers = new PeerList(Path.Combine(Folder, "peers"));
        Directory.CreateDirectory(Path.Combine(Folder, "peers"));
    }

    /// <summary>The options of the command line.</summary>
    public Options Options { get; }

    /// <summary>Where logs and the output of programs are kept, outside the checkout.</summary>
    public string Folder { get; }

    /// <summary>How often each contender runs.</summary>
    public int Repeat { get; }

    /// <summary>Other programs.</summary>
    public PeerList Peers { get; }

    /// <summary>The log of a recipe.</summary>
    public GeneratedLog Log(LogRecipe recipe) => _logs.Get(recipe);

    /// <summary>The mixed log of a size.</summary>
    public GeneratedLog Mixed(long bytes) => Log(LogRecipe.Kinds["mixed2"] with { Bytes = bytes });

    /// <summary>One of our works in a process that stays.</summary>
    public static Contender Warm(string name, GeneratedLog? log, long? expected, params string[] arguments) => new WorkerContender(arguments)
    {
        Name = name,
        IsOurs = true,
        Expected = expected,
        Bytes = log?.Facts.Bytes ?? 0,
        Records = log?.Facts.Records ?? 0,
    };

    /// <summary>One of our works from its process's start to its end.</summary>
    public Contender Whole(string name, GeneratedLog? log, long? expected, params string[] arguments) =>
        new ProgramContender(WorkerContender.Once(arguments), Path.Combine(Folder, "peers", "whole.out"))
        {
            Name = name,
            IsOurs = true,
            Expected = expected,
            ReadCount = PeerList.FirstNumber,
            Bytes = log?.Facts.Bytes ?? 0,
            Records = log?.Facts.Records ?? 0,
        };

    /// <summary>Runs contenders in turns, those of them that <c>--peer</c> leaves.</summary>
    public IReadOnlyList<Outcome> Run(IEnumerable<Contender> contenders)
    {
        IReadOnlyList<string> wanted = Options.All("peer");
        return Turns.Run([.. contenders.Where(contender => wanted.Count == 0 || wanted.Any(word => contender.Name.Contains(word, StringComparison.OrdinalIgnoreCase)))], Repeat);
    }

    /// <summary>Puts a table in the report, under the words that say what it is of.</summary>
    public void Report(string place, string words, string table)
    {
        Console.WriteLine($"{words}\n\n{table}\n");
        _page.Fill("machine", Machine.Describe(Folder));
        _page.Fill(place, $"{words}\n\n{table}");
        Console.Error.WriteLine($"{place}: {_report}");
    }
}
