#:project ../../src/LibvirtAudit.Core/LibvirtAudit.Core.csproj
// How the time of sessions grows with the length of a log without order, beside auvirt on the same files.
//
//     dotnet run tests/side-by-side/sessions.cs [-- FOLDER]
//
// Random starts and stops of a tenth as many guests, by two daemons, stamps and serials ascending. auvirt gets two minutes a file.
using System.Diagnostics;
using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

string folder = args.Length > 0 ? args[0] : Path.Combine(Path.GetTempPath(), "libvirtaudit-side-by-side");
Directory.CreateDirectory(folder);
Console.WriteLine("   records   ours ms   ns/record   kept MB   sessions   auvirt ms");
foreach (int count in new[] { 30_000, 60_000, 120_000, 300_000, 1_000_000 })
{
    string file = Path.Combine(folder, $"disorder-{count}.log");
    if (!File.Exists(file))
    {
        Write(file, count);
    }

    Measure(file); // warms up: the file's pages, the code
    (double ours, double kept, int sessions) = Measure(file);
    string auvirt = count <= 60_000 ? Auvirt(file) : "-";
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,10} {ours,9:0} {ours * 1e6 / count,11:0} {kept,9:0.0} {sessions,10} {auvirt,11}"));
}

static void Write(string file, int count)
{
    var random = new Random(count);
    using var lines = new StreamWriter(file) { NewLine = "\n" };
    for (int i = 0; i < count; i++)
    {
        int guest = random.Next(count / 10), pid = random.Next(100_000, 4_000_000);
        bool start = random.Next(2) == 0;
        string what = start ? $"op=start reason=booted vm=\"guest{guest}\"" : $"op=stop reason=shutdown vm=\"guest{guest}\"";
        lines.WriteLine($"type=VIRT_CONTROL msg=audit({1_700_000_000 + (i / 250)}.{i % 250 * 4:000}:{i + 1}): pid={1000 + random.Next(2)} uid=0 auid=4294967295 ses=4294967295 " +
            $"msg='virt=kvm {what} uuid={new Guid(guest, 7, 7, new byte[8])} vm-pid={(start ? pid : 0)} exe=\"/usr/sbin/libvirtd\" hostname=? addr=? terminal=? res=success'");
    }
}

static (double Milliseconds, double KeptMegabytes, int Sessions) Measure(string file)
{
    byte[] text = File.ReadAllBytes(file);
    long before = GC.GetTotalMemory(true);
    int sessions = 0;
    var analysis = new TrailAnalysis { SessionKnown = _ => sessions++ };
    var reader = new TextRecordReader(new ReadOptions(RecordFilter.All), null, new Sink(analysis));
    var clock = Stopwatch.StartNew();
    for (int start = 0; start < text.Length;)
    {
        int length = text.AsSpan(start).IndexOf((byte)'\n');
        reader.Feed(text.AsSpan(start, length), start);
        start += length + 1;
    }

    reader.Complete();
    TimeSpan read = clock.Elapsed;
    clock.Stop();
    double kept = (GC.GetTotalMemory(true) - before) / 1e6;
    clock.Start();
    analysis.Complete();
    return (clock.Elapsed.TotalMilliseconds, kept, sessions);
}

static string Auvirt(string file)
{
    var clock = Stopwatch.StartNew();
    using var auvirt = Process.Start(new ProcessStartInfo("auvirt", ["-f", file]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
    _ = auvirt.StandardError.ReadToEndAsync();
    _ = auvirt.StandardOutput.ReadToEndAsync();
    if (auvirt.WaitForExit(120_000))
    {
        return clock.Elapsed.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
    }

    auvirt.Kill();
    return "> 120000";
}

internal sealed class Sink(TrailAnalysis analysis) : IRecordSink
{
    public void OnRecord(VirtAuditRecord record) => analysis.Accept(record);

    public void OnMalformed(long offset, string defect, ReadOnlySpan<byte> line) => throw new InvalidDataException(defect);
}
