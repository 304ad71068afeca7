#:project ../../src/LibvirtAudit.Core/LibvirtAudit.Core.csproj
#:property AssemblyName=LibvirtAudit.Benchmarks
// How long the sessions of a log take, and how that grows with the log, beside auvirt on the same files.
//
//     dotnet run -c Release tests/side-by-side/sessions.cs [-- FOLDER]
//
// Milliseconds are of processor time, ours and auvirt's, so that other work on the machine does not count. disorder: random starts
// and stops of a thousand guests, by two daemons; crowd: of a tenth as many guests as records. order: fifty guests started and stopped in turn, auvirt's
// best case. capture: qemu-enriched.log over and over, its times and serials going on. auvirt gets a minute a file. 'kept' is what
// the analysis holds at the end of the log, the window of 262144 records that it knows exactly (some 16 MB) included.
using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LibvirtAudit.Analysis;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

string folder = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "libvirtaudit-side-by-side");
Directory.CreateDirectory(folder);
(string Kind, int Count)[] cases =
    [("order", 120_000), ("order", 1_000_000), ("capture", 10), ("capture", 100), ("disorder", 30_000), ("disorder", 60_000), ("disorder", 120_000), ("disorder", 300_000), ("disorder", 1_000_000),
     ("crowd", 30_000), ("crowd", 60_000), ("crowd", 120_000), ("crowd", 300_000)];
Console.WriteLine("log                  records       MB   ours ms  ns/record   kept MB  sessions  auvirt ms");
for (int warmUp = 0; warmUp < 3; warmUp++)
{
    Measure(Make("order", 120_000));
    Measure(Make("capture", 10));
}

foreach ((string kind, int count) in cases)
{
    string file = Make(kind, count);
    (double ours, double kept, int sessions, int records) = Measure(file);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{kind + "-" + count,-16} {records,11} {new FileInfo(file).Length / 1e6,8:0.0} {ours,9:0} {ours * 1e6 / records,10:0} {kept,9:0.0} {sessions,9} {Auvirt(file),10}"));
}

string Make(string kind, int count)
{
    string file = Path.Combine(folder, $"{kind}-{count}.log");
    if (!File.Exists(file))
    {
        using var lines = new StreamWriter(file, append: false, System.Text.Encoding.Latin1) { NewLine = "\n" };
        Action<StreamWriter, int> write = kind switch { "capture" => Capture, "order" => Order, "crowd" => (target, size) => Disorder(target, size, size / 10), _ => (target, size) => Disorder(target, size, 1000) };
        write(lines, count);
    }

    return file;
}

static void Disorder(StreamWriter lines, int count, int guests)
{
    var random = new Random(count);
    for (int i = 0; i < count; i++)
    {
        Write(lines, i, random.Next(guests), random.Next(2) == 0, 1000 + random.Next(2));
    }
}

static void Order(StreamWriter lines, int count)
{
    for (int i = 0; i < count; i++)
    {
        Write(lines, i, i / 2 % 50, i % 2 == 0, 1000);
    }
}

static void Write(StreamWriter lines, int i, int guest, bool start, int daemon) => lines.WriteLine(
    $"type=VIRT_CONTROL msg=audit({1_700_000_000 + (i / 250)}.{i % 250 * 4:000}:{i + 1}): pid={daemon} uid=0 auid=4294967295 ses=4294967295 " +
    $"msg='virt=kvm op={(start ? "start reason=booted" : "stop reason=shutdown")} vm=\"guest{guest}\" uuid={new Guid(guest, 7, 7, new byte[8])} vm-pid={(start ? 5000 + i : 0)} " +
    "exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'");

static void Capture(StreamWriter lines, int count)
{
    string[] capture = File.ReadAllLines(Path.Combine(Here(), "../data/qemu-enriched.log"), System.Text.Encoding.Latin1);
    for (int i = 0; i < count; i++)
    {
        foreach (string line in capture)
        {
            lines.WriteLine(Regex.Replace(line, @"audit\((\d+)\.(\d+):(\d+)\)", match => string.Create(CultureInfo.InvariantCulture,
                $"audit({long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) + (i * 300L)}.{match.Groups[2].Value}:{long.Parse(match.Groups[3].Value, CultureInfo.InvariantCulture) + (i * 2000L)})")));
        }
    }
}

static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;

static (double Milliseconds, double KeptMegabytes, int Sessions, int Records) Measure(string file)
{
    long before = GC.GetTotalMemory(true);
    int sessions = 0;
    var analysis = new TrailAnalysis { SessionKnown = _ => sessions++ };
    var sink = new Sink(analysis);
    TimeSpan start = Process.GetCurrentProcess().TotalProcessorTime;
    new LogSource(new ReadOptions(RecordFilter.All) { Trail = record => analysis.Accept(record) }, sink, CancellationToken.None).ReadFile(file);
    TimeSpan read = Process.GetCurrentProcess().TotalProcessorTime - start;
    double kept = (GC.GetTotalMemory(true) - before) / 1e6;
    start = Process.GetCurrentProcess().TotalProcessorTime;
    analysis.Complete();
    return ((read + Process.GetCurrentProcess().TotalProcessorTime - start).TotalMilliseconds, kept, sessions, sink.Records);
}

static string Auvirt(string file)
{
    const string Script = "TIMEFORMAT='%U %S'; time timeout 60 auvirt -f \"$0\" >/dev/null 2>&1; exit $?";
    using var bash = Process.Start(new ProcessStartInfo("bash", ["-c", Script, file]) { RedirectStandardError = true })!;
    string[] times = bash.StandardError.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
    double milliseconds = times.TakeLast(2).Sum(time => double.Parse(time, CultureInfo.InvariantCulture)) * 1000;
    bash.WaitForExit();
    return (bash.ExitCode == 124 ? "> " : "") + milliseconds.ToString("0", CultureInfo.InvariantCulture);
}

internal sealed class Sink(TrailAnalysis analysis) : ILogSink
{
    public int Records { get; private set; }

    public void OnRecord(VirtAuditRecord record)
    {
        Records++;
        analysis.Accept(record);
    }

    public void OnFault(Fault fault) => throw new FaultException(fault);

    public void OnProgress(LogFile log)
    {
    }
}
