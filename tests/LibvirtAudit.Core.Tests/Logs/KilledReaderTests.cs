using System.Diagnostics;
using System.Globalization;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>
/// A reader with a bookmark in a process of its own, killed at any moment. A few times in the suite; a hundred times with
/// LIBVIRTAUDIT_STORM=full in the environment.
/// </summary>
public sealed class KilledReaderTests : IDisposable
{
    private const string FolderVariable = "VIRTAUDIT_TEST_FOLDER";
    private const int MostRepeated = 1000;
    private static readonly int Kills = Environment.GetEnvironmentVariable("LIBVIRTAUDIT_STORM") == "full" ? 100 : 5;
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_record_comes_at_least_once_and_again_only_what_was_being_handed_over()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "processes are killed outright on Unix");
        using var log = new RotatingLog(_folder.PathOf("audit.log"), copies: Kills + 1);
        log.Write(1);
        var random = new Random(1);
        int seen = 0;
        for (int kill = 0; kill < Kills; kill++)
        {
            log.Write(2000);
            using Process reader = Start();
            for (int waited = 0; Lines().Length <= seen + 1 && waited < 3000 && !reader.HasExited; waited++)
            {
                await Task.Delay(10, TestContext.Current.CancellationToken);
            }

            log.Write(500);
            if (random.Next(2) == 0)
            {
                log.Rotate();
                log.Write(1);
            }

            await Task.Delay(random.Next(300), TestContext.Current.CancellationToken);
            reader.Kill();
            await Patience.EndOf(reader, "the reader that was killed");
            seen = Lines().Length;
        }

        File.WriteAllText(_folder.PathOf("last"), "");
        using Process last = Start();
        await Patience.EndOf(last, "the last reader", Patience.LongestRun);

        int[] numbers = [.. Lines().Where(line => line != "run").Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(Enumerable.Range(1, log.Count), numbers.Distinct().Order());
        int repeats = 0;
        for (int i = 1; i < numbers.Length; i++)
        {
            // Back only at the beginning of a run, and no farther than one hand-over.
            Assert.InRange(numbers[i - 1] + 1 - numbers[i], 0, MostRepeated);
            repeats += numbers[i - 1] + 1 - numbers[i];
        }

        Assert.Equal(log.Count + repeats, numbers.Length);
        TestContext.Current.TestOutputHelper?.WriteLine($"{log.Count} records, {Kills} kills, {Lines().Count(line => line == "run")} runs, {repeats} repeats");
    }

    [Fact(Explicit = true)]
    public void Reads_until_it_is_killed()
    {
        string folder = Environment.GetEnvironmentVariable(FolderVariable)!;
        using var seen = new FileStream(Path.Combine(folder, "seen"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        seen.Write("run\n"u8);
        int count = 0;
        var sink = new LiveSink();
        sink.Taking = record =>
        {
            seen.Write(System.Text.Encoding.ASCII.GetBytes(record.Serial!.Value.ToString(CultureInfo.InvariantCulture) + "\n"));
            if (++count % 20 == 0)
            {
                Thread.Sleep(1);
            }
        };
        using var live = new LiveLogs(new ReadOptions(RecordFilter.All), sink, CancellationToken.None);
        live.UseBookmark(Path.Combine(folder, "bookmark"));
        live.Add([Path.Combine(folder, "audit.log")]);
        if (File.Exists(Path.Combine(folder, "last")))
        {
            live.ReadOn();
        }
        else
        {
            live.Follow(TimeSpan.FromMinutes(1), () => false);
        }
    }

    private string[] Lines()
    {
        string path = _folder.PathOf("seen");
        if (!File.Exists(path))
        {
            return [];
        }

        using var file = new StreamReader(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite));

        // The last line may have been cut by the kill only in theory: each is written in one call.
        return file.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    private Process Start()
    {
        string program = Environment.ProcessPath!;
        string[] start = Path.GetFileNameWithoutExtension(program) == "dotnet" ? ["exec", typeof(KilledReaderTests).Assembly.Location] : [];
        var info = new ProcessStartInfo(program, [.. start, "-explicit", "only", "-method", $"{typeof(KilledReaderTests).FullName}.{nameof(Reads_until_it_is_killed)}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        info.Environment[FolderVariable] = _folder.Path;
        var process = Process.Start(info)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
