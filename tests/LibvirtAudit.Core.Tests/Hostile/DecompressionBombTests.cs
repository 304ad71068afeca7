using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.Versioning;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>
/// Archives of a few megabytes that hold ten gigabytes. In the suite the reading is cancelled midway, or broken off at the
/// first record; with LIBVIRTAUDIT_STORM=full it goes on to the end.
/// </summary>
[Collection(RunsAlone.Name)]
[SupportedOSPlatform("linux")]
public sealed class DecompressionBombTests : IDisposable
{
    private const int Member = 16 * 1024 * 1024;
    private const int Members = 640;
    private const long MostMemory = 128L * 1024 * 1024;
    private static readonly bool IsFull = Environment.GetEnvironmentVariable("LIBVIRTAUDIT_STORM") == "full";
    private static readonly string[] Programs = ["gzip", "xz", "zstd", "bzip2"];
    private static readonly string Line = RotatingLog.Line(7) + "\n";
    private readonly TempFolder _folder = new();

    public DecompressionBombTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "memory, handles and children are counted in /proc");

    public static TheoryData<string, string> Bombs => [.. Programs.SelectMany(_ => new[] { "zeros", "one line", "lines" }, (program, what) => new TheoryDataRow<string, string>(program, what))];

    public static TheoryData<string> Compressions => [.. Programs];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Bombs))]
    public async Task It_is_read_in_little_memory_and_ends_when_that_is_cancelled(string program, string what)
    {
        string path = Write(program, what);
        string[] held = Held();
        long before = ResetPeak();
        using var cancel = new CancellationTokenSource();
        var sink = new CountingSink { First = () => cancel.CancelAfter(IsFull ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(200)) };
        long start = Stopwatch.GetTimestamp();
        Task reading = Task.Run(() => new LogSource(new ReadOptions(RecordFilter.All), sink, cancel.Token).ReadFile(path), CancellationToken.None);
        if (IsFull)
        {
            await reading.Within("the end of the bomb", TimeSpan.FromMinutes(30));
            Assert.Equal(what == "lines" ? 1 + (Members * (Member / Line.Length)) : 1, sink.Count);
        }
        else
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.Within("the first record and the end of a cancelled reading"));
        }

        long grown = Peak() - before;
        TestContext.Current.TestOutputHelper?.WriteLine($"{new FileInfo(path).Length:N0} bytes, {sink.Count:N0} records, {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, {grown / 1024 / 1024} MiB more");
        Assert.True(grown < MostMemory, $"{grown} bytes more");
        await Patience.Until(() => !Held().Except(held).Any(), "the end of the decompressor and of its pipes");
    }

    [Theory]
    [MemberData(nameof(Compressions))]
    public async Task Nothing_is_left_of_one_of_which_the_first_record_was_enough(string program)
    {
        string path = Write(program, "lines");
        string[] held = Held();
        var sink = new CountingSink { Most = 1 };
        await Assert.ThrowsAsync<EnoughException>(() =>
            Task.Run(() => new LogSource(new ReadOptions(RecordFilter.All), sink, CancellationToken.None).ReadFile(path), CancellationToken.None).Within("the end of the reading"));
        Assert.Equal(1, sink.Count);
        await Patience.Until(() => !Held().Except(held).Any(), "the end of the decompressor and of its pipes");
    }

    /// <summary>So that nothing before a damaged place is lost, a gzip file is decompressed up to it a second time.</summary>
    [Fact]
    public void The_way_back_to_a_damaged_place_can_be_cancelled()
    {
        using var cancel = new CancellationTokenSource();
        using RawFile file = RawFile.Open(_folder.Write("x.gz", [.. Gzip(new byte[Member]), .. Damaged()]), cancel.Token);
        using var source = new GzipSource(file, default);
        ReadWhole(source, Member);

        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => source.Read(new byte[100]));
    }

    [Fact]
    public void A_file_that_is_written_over_before_it_is_read_up_to_a_damaged_place_again_is_damaged()
    {
        string path = _folder.Write("x.gz", [.. Gzip(new byte[Member / 16]), .. Damaged()]);
        using RawFile file = RawFile.Open(path, TestContext.Current.CancellationToken);
        using var source = new GzipSource(file, default);
        ReadWhole(source, Member / 16);

        // Longer as a file, and shorter as a text.
        var noise = new byte[file.Length];
        new Random(1).NextBytes(noise);
        File.WriteAllBytes(path, Gzip(noise));

        Assert.Equal(FaultId.ArchiveDamaged, Assert.Throws<FaultException>(() => source.Read(new byte[100])).Fault.Id);
    }

    /// <summary>A decompressor that gets nothing out of a member goes on to the next by itself.</summary>
    [Fact]
    public void An_archive_of_nothing_but_empty_members_can_be_cancelled()
    {
        byte[] empty = Gzip([]);
        using var cancel = new CancellationTokenSource();
        using RawFile file = RawFile.Open(_folder.Write("x.gz", [.. Enumerable.Repeat(empty, 10_000).SelectMany(member => member)]), cancel.Token);
        using var source = new GzipSource(file, default);

        cancel.Cancel();

        Assert.ThrowsAny<OperationCanceledException>(() => source.Read(new byte[100]));
    }

    private static void ReadWhole(GzipSource source, int length)
    {
        var buffer = new byte[64 * 1024];
        for (int left = length; left > 0;)
        {
            left -= source.Read(buffer.AsSpan(0, Math.Min(left, buffer.Length)));
        }
    }

    private static byte[] Gzip(byte[] content)
    {
        using var result = new MemoryStream();
        using (var gzip = new GZipStream(result, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return result.ToArray();
    }

    // A member whose checksum is another's.
    private static byte[] Damaged()
    {
        byte[] member = Gzip("nothing of this is lost"u8.ToArray());
        member[^5] ^= 1;
        return member;
    }

    // Archives one behind the other are one archive: ten gigabytes are made of one member.
    private string Write(string program, string what)
    {
        Tool.Find(program);
        byte[] content = new byte[Member];
        if (what == "lines")
        {
            content = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(Line, Member / Line.Length)));
        }
        else
        {
            content.AsSpan().Fill(what == "zeros" ? (byte)0 : (byte)'x');
        }

        byte[] first = Tool.Run(program, ["-1c"], System.Text.Encoding.ASCII.GetBytes(Line)), member = Tool.Run(program, ["-1c"], content);
        string path = _folder.PathOf("bomb");
        using FileStream bomb = File.Create(path);
        bomb.Write(first);
        for (int i = 0; i < Members; i++)
        {
            bomb.Write(member);
        }

        return path;
    }

    // Files of ours, pipes, and processes that this one has started.
    private static string[] Held() =>
    [
        .. Directory.GetFiles("/proc/self/fd").Select(fd => new FileInfo(fd).LinkTarget ?? "").Where(target => target.Contains("virtaudit-test-", StringComparison.Ordinal) || target.StartsWith("pipe:", StringComparison.Ordinal)),
        .. Directory.GetDirectories("/proc").Where(folder => Path.GetFileName(folder).All(char.IsAsciiDigit)).Where(IsChild),
    ];

    private static bool IsChild(string process)
    {
        try
        {
            string text = File.ReadAllText(Path.Combine(process, "stat"));
            string[] behindName = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return behindName[1] == Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // It has ended.
            return false;
        }
    }

    // The kernel notes how much a process ever held; 5 makes it forget that.
    private static long ResetPeak()
    {
        GC.Collect();
        File.WriteAllText("/proc/self/clear_refs", "5");
        return Peak();
    }

    private static long Peak() =>
        1024 * long.Parse(File.ReadLines("/proc/self/status").First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2], CultureInfo.InvariantCulture);

    private sealed class EnoughException : Exception;

    private sealed class CountingSink : IEventSink
    {
        public int Count { get; private set; }

        /// <summary>How many are enough; then the reading is broken off as by a command behind it in the pipeline.</summary>
        public int Most { get; init; } = int.MaxValue;

        /// <summary>Called with the first.</summary>
        public Action First { get; init; } = () => { };

        public void OnRecord(VirtAuditRecord record)
        {
            if (Count == 0)
            {
                First();
            }

            if (++Count >= Most)
            {
                throw new EnoughException();
            }
        }

        public void OnFault(Fault fault)
        {
        }

        public void OnProgress(LogFile log)
        {
        }
    }
}
