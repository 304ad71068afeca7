using System.Globalization;
using System.Text.RegularExpressions;
using LibvirtAudit.Benchmarks.Generation;
using LibvirtAudit.Benchmarks.Running;

namespace LibvirtAudit.Benchmarks.Peers;

/// <summary>Other programs that read the same logs, each as its makers mean it to be used.</summary>
/// <param name="folder">Where their output goes, and what is compiled.</param>
internal sealed partial class PeerList(string folder)
{
    /// <summary>All that <c>type=VIRT_</c> finds, and the types that auditd has no name for.</summary>
    private const string WholeRange = @"type=(VIRT_|UNKNOWN\[25)";

    /// <summary>The types that the generated logs hold, as ausearch takes them; the whole range would make it slower.</summary>
    private const string Types = "VIRT_CONTROL,VIRT_RESOURCE,VIRT_MACHINE_ID,2508";

    /// <summary>Programs that find the records of a log, or tell of them.</summary>
    public IEnumerable<Contender> ReadersOf(GeneratedLog log) =>
    [
        Of("grep -c type=VIRT_", log, log.Facts.Records - log.Facts.Unnamed, FirstNumber, "grep", "-c", "type=VIRT_", log.Path),
        Of("grep -c, whole range", log, log.Facts.Records, FirstNumber, "grep", "-cE", WholeRange, log.Path),
        Of("ripgrep -c type=VIRT_", log, log.Facts.Records - log.Facts.Unnamed, FirstNumber, "rg", "-c", "--text", "type=VIRT_", log.Path),
        Of("ripgrep -c, whole range", log, log.Facts.Records, FirstNumber, "rg", "-c", "--text", WholeRange, log.Path),
        Of("ausearch --raw", log, log.Facts.Records, LinesThat(IsRecord), "ausearch", "-if", log.Path, "--raw", "-m", Types),
        Of("ausearch --format csv", log, log.Facts.Records, LinesThat(line => !line.StartsWith("NODE,", StringComparison.Ordinal)), "ausearch", "-if", log.Path, "--format", "csv", "-m", Types),
        Of("ausearch -i", log, log.Facts.Records, LinesThat(IsRecord), "ausearch", "-if", log.Path, "-i", "-m", Types),
        Of("aureport --virt", log, log.Facts.Records, LinesThat(line => NumberedLine().IsMatch(line)), "aureport", "--virt", "-if", log.Path),
        Auvirt(log),
        FromC("libauparse from C", log, log.Facts.Records, "count_records", "auparse", log.Path),
        Python(log),
    ];

    /// <summary>auvirt; what can be counted of its answer are the starts.</summary>
    public Contender Auvirt(GeneratedLog log) => Of("auvirt --summary", log, log.Facts.Starts, StartsIn, "auvirt", "--summary", "-f", log.Path);

    /// <summary>pwsh with the module, from its start to its end.</summary>
    public Contender Pwsh(string name, GeneratedLog? log, string script) =>
        Of(name, log, null, null, "pwsh", "-NoProfile", "-NonInteractive", "-Command", script);

    /// <summary>One of the C programs beside this file, which is compiled; it writes what it counted.</summary>
    public Contender FromC(string name, GeneratedLog? log, long expected, string source, string library, params string[] arguments)
    {
        string header = library == "audit" ? "libaudit.h" : library + ".h", program = Path.Combine(folder, source);
        if (ProgramRunner.Find("gcc") is not string compiler || !File.Exists("/usr/include/" + header))
        {
            return Absent(name, $"gcc or {header} is not installed");
        }

        Directory.CreateDirectory(folder);
        ProgramRunner.Run([compiler, "-O2", "-o", program, Path.Combine(AppContext.BaseDirectory, "Peers", source + ".c"), "-l" + library], program + ".out", TimeSpan.FromMinutes(1));
        return Of(name, log, expected, FirstNumber, program, arguments);
    }

    /// <summary>Reads the first number of an output.</summary>
    public static long FirstNumber(string output) =>
        long.Parse(File.ReadAllText(output).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture);

    private static Func<string, long> LinesThat(Func<string, bool> count) => output => File.ReadLines(output, System.Text.Encoding.Latin1).LongCount(count);

    private static long StartsIn(string output) =>
        File.ReadLines(output).Where(line => line.StartsWith("Number of guest starts:", StringComparison.Ordinal)).Select(line => long.Parse(line.Split(':')[1], CultureInfo.InvariantCulture)).Single();

    private static bool IsRecord(string line) =>
        line.Contains("type=VIRT_", StringComparison.Ordinal) || line.Contains("type=UNKNOWN[25", StringComparison.Ordinal);

    private ProgramContender Of(string name, GeneratedLog? log, long? expected, Func<string, long>? readCount, string program, params string[] arguments) =>
        ProgramRunner.Find(program) is string path
            ? new ProgramContender([path, .. arguments], Path.Combine(folder, FileNameOf().Replace(name, "_") + ".out"))
            {
                Name = name,
                Expected = expected,
                ReadCount = readCount,
                Bytes = log?.Facts.Bytes ?? 0,
                Records = log?.Facts.Records ?? 0,
            }
            : Absent(name, $"{program} is not installed");

    private ProgramContender Absent(string name, string reason) => new ProgramContender([], folder) { Name = name, Missing = reason };

    private ProgramContender Python(GeneratedLog log)
    {
        // The system's own, which alone has Debian's python3-audit.
        const string Interpreter = "/usr/bin/python3", Name = "libauparse from Python";
        return !File.Exists(Interpreter) || Directory.GetFiles("/usr/lib/python3/dist-packages", "auparse*").Length == 0
            ? Absent(Name, "python3-audit is not installed")
            : Of(Name, log, log.Facts.Records, FirstNumber, Interpreter, Path.Combine(AppContext.BaseDirectory, "Peers", "count_records.py"), log.Path);
    }

    [GeneratedRegex(@"^\d+\. ")]
    private static partial Regex NumberedLine();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex FileNameOf();
}
