using System.Diagnostics;
using System.Runtime.Versioning;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

/// <summary>Archives that are read through the system's own programs.</summary>
public sealed class DecompressorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string> Programs => ["xz", "zstd", "bzip2"];

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_archive_is_read_whatever_its_name(string program)
    {
        byte[] content = TestData.Bytes("qemu-enriched.log");
        using LogFile log = LogFile.Open(_folder.Write("audit log.1", Compress(program, content)), TestContext.Current.CancellationToken);

        LogReading reading = LogReading.Of(log);

        Assert.Equal(program, log.Compression.ToString().ToLowerInvariant());
        Assert.Null(reading.Fault);
        Assert.Equal(content, reading.Bytes);
        Assert.Equal(log.Length, log.SourcePosition);
        Assert.False(log.IsPositional);
        Assert.Equal(0, log.Read(new byte[10]));
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void Archives_one_behind_the_other_are_one_log(string program)
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        byte[] archives = [.. Compress(program, content[..30_000]), .. Compress(program, content[30_000..])];

        Assert.Equal(content, LogReading.Of(_folder.Write("x", archives)).Bytes);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_archive_of_nothing_is_an_empty_log(string program)
    {
        LogReading reading = LogReading.Of(_folder.Write("x", Compress(program, [])));

        Assert.Null(reading.Fault);
        Assert.Empty(reading.Bytes);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_archive_that_is_cut_off_gives_what_the_program_gets_out_of_it_and_is_damaged(string program)
    {
        byte[] content = TestData.Bytes("qemu-enriched.log");
        byte[] whole = Compress(program, content);
        foreach (int cut in new[] { 10, whole.Length / 3, whole.Length - 9, whole.Length - 1 })
        {
            string path = _folder.Write("x", whole.AsSpan(0, cut));
            byte[] expected = Tool.Run("sh", ["-c", $"{program} -dc 2>/dev/null || true"], whole.AsMemory(0, cut));

            LogReading reading = LogReading.Of(path);

            Assert.Equal(FaultId.ArchiveDamaged, reading.Fault?.Id);
            Assert.Contains($"cut off: {program}: ", reading.Fault?.Message, StringComparison.Ordinal);
            Assert.DoesNotContain("stdin", reading.Fault?.Message, StringComparison.Ordinal);
            Assert.Equal(expected, reading.Bytes);
            Assert.Equal(content[..expected.Length], reading.Bytes);
        }
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void An_archive_with_a_changed_byte_is_damaged(string program)
    {
        byte[] archive = Compress(program, TestData.Bytes("qemu-enriched.log"));
        archive[archive.Length / 2] ^= 0x10;

        Assert.Equal(FaultId.ArchiveDamaged, LogReading.Of(_folder.Write("x", archive)).Fault?.Id);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void A_missing_program_is_named(string program)
    {
        string path = _folder.Write("x", Compress(program, "x"u8.ToArray()));

        Fault fault = Assert.Throws<FaultException>(() => LogFile.Open(path, _folder.Path, TestContext.Current.CancellationToken)).Fault;

        Assert.Equal(FaultId.DecompressorMissing, fault.Id);
        Assert.Contains($"the program '{program}' is not installed", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_of_the_current_folder_or_of_a_relative_one_is_not_taken()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell script");
        string script = WriteScript("xz", "echo planted");
        string relative = Path.GetRelativePath(Environment.CurrentDirectory, _folder.Path);

        Assert.Null(ProgramPath.Find("xz", ""));
        Assert.Null(ProgramPath.Find("xz", null));
        Assert.Null(ProgramPath.Find("xz", relative + ":.:" + _folder.PathOf("none")));
        Assert.Equal(script, ProgramPath.Find("xz", relative + ":" + _folder.Path));
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_file_that_is_no_program_is_not_taken_for_one()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the rights of Unix");
        string script = WriteScript("xz", "echo planted");
        File.SetUnixFileMode(script, UnixFileMode.UserRead);

        Assert.Null(ProgramPath.Find("xz", _folder.Path));
    }

    [Fact]
    public void A_program_that_can_not_be_run_is_a_failure_to_read()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell script");
        WriteScript("xz", "", interpreter: "/nowhere/sh");
        string path = _folder.Write("x", Compress("xz", "x"u8.ToArray()));

        Fault fault = Assert.Throws<FaultException>(() => LogFile.Open(path, _folder.Path, TestContext.Current.CancellationToken)).Fault;

        Assert.Equal(FaultId.LogReadFailed, fault.Id);
    }

    [Fact]
    public void A_program_that_fails_without_a_word_is_told_by_its_exit_code()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell script");
        WriteScript("xz", "printf 'half a line'; exit 7");
        string path = _folder.Write("x", Compress("xz", "x"u8.ToArray()));
        using LogFile log = LogFile.Open(path, _folder.Path, TestContext.Current.CancellationToken);

        LogReading reading = LogReading.Of(log);

        Assert.Equal("half a line"u8.ToArray(), reading.Bytes);
        Assert.Equal(FaultId.ArchiveDamaged, reading.Fault?.Id);
        Assert.Contains("ended with 7", reading.Fault?.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_program_that_complains_at_length_is_heard_in_part_and_does_not_stand_still()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell script");
        WriteScript("xz", "echo 'xz: \u001b[31mno' >&2; head -c 1000000 /dev/zero | tr '\\0' x >&2; exit 1");
        string path = _folder.Write("x", Compress("xz", "x"u8.ToArray()));
        using LogFile log = LogFile.Open(path, _folder.Path + ":/usr/bin:/bin", TestContext.Current.CancellationToken);

        Fault? fault = LogReading.Of(log).Fault;

        Assert.Contains("xz: `e[31mno after 0 decompressed bytes", fault?.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Programs))]
    public void The_program_ends_with_a_reader_that_stops_early(string program)
    {
        using RawFile file = RawFile.Open(_folder.Write("x", Compress(program, new byte[64 * 1024 * 1024])), TestContext.Current.CancellationToken);
        ProgramSource source = ProgramSource.Start(file, default, Enum.Parse<Compression>(program, ignoreCase: true), Environment.GetEnvironmentVariable("PATH"), TestContext.Current.CancellationToken);
        int id = source.ProcessId;
        Assert.Equal(100, source.Read(new byte[100]));
        Assert.False(Process.GetProcessById(id).HasExited);

        source.Dispose();

        // Reaped, too: a zombie would still be found.
        Assert.Throws<ArgumentException>(() => Process.GetProcessById(id));
    }

    [Fact]
    public void A_reader_that_stops_early_does_not_wait_for_a_pipe_that_feeds_the_program()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a named pipe");
        string path = _folder.PathOf("pipe");
        Tool.Run("mkfifo", [path]);

        // Enough that the program has something to give, and little enough that the pipe holds it.
        byte[] archive = Compress("xz", Noise(50_000));
        using var writer = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        writer.Write(archive.AsSpan(0, archive.Length - 20));

        using (LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken))
        {
            Assert.Equal(Compression.Xz, log.Compression);
            Assert.Equal(100, log.Read(new byte[100]));
        }
    }

    [Fact]
    public void Waiting_for_the_program_can_be_cancelled()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell script");
        WriteScript("xz", "exec sleep 600");
        string path = _folder.Write("x", Compress("xz", "x"u8.ToArray()));
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(100));

        Assert.ThrowsAny<OperationCanceledException>(() => LogFile.Open(path, _folder.Path + ":/usr/bin:/bin", cancel.Token));
    }

    [Fact]
    public void An_archive_that_shrinks_while_it_is_read_is_said_to_have_shrunk()
    {
        // Noise does not compress: the program can't have taken all of it before the file is cut.
        byte[] noise = Noise(16 * 1024 * 1024);
        string path = _folder.Write("x", Compress("zstd", noise));
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            writer.SetLength(8 * 1024 * 1024);
        }

        LogReading reading = LogReading.Of(log);

        Assert.Equal(FaultId.LogReadFailed, reading.Fault?.Id);
        Assert.InRange(reading.Bytes.Length, 1, 8 * 1024 * 1024);
        Assert.Equal(noise[..reading.Bytes.Length], reading.Bytes);
    }

    [Fact]
    public void A_large_archive_takes_little_memory()
    {
        const long Size = 128L * 1024 * 1024;
        string path = _folder.Write("x", Compress("zstd", new byte[Size]));
        var block = new byte[1024 * 1024];
        long before = GC.GetAllocatedBytesForCurrentThread();
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        long total = 0;
        for (int read; (read = log.Read(block)) > 0;)
        {
            total += read;
        }

        Assert.Equal(Size, total);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1024 * 1024);
    }

    [Theory]
    [InlineData("zstd", "--long=27")]
    [InlineData("zstd", "--format=zstd")]
    [InlineData("pzstd", "-p2")]
    public void Zstandard_is_recognised_in_its_other_forms(string program, string option)
    {
        byte[] content = TestData.Bytes("qemu-enriched.log");
        string path = _folder.Write("x", Tool.Run(program, ["-c", option], content));

        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);

        Assert.Equal(Compression.Zstd, log.Compression);
        Assert.Equal(content, LogReading.Of(log).Bytes);
    }

    [Fact]
    public void A_text_that_begins_like_an_archive_is_a_text()
    {
        byte[] content = "BZh9 is not an archive\n"u8.ToArray();
        using LogFile log = LogFile.Open(_folder.Write("x.bz2", content), TestContext.Current.CancellationToken);

        Assert.Equal(Compression.None, log.Compression);
        Assert.Equal(content, LogReading.Of(log).Bytes);
    }

    private static byte[] Noise(int length)
    {
        var noise = new byte[length];
        new Random(1).NextBytes(noise);
        return noise;
    }

    private static byte[] Compress(string program, byte[] content) => Tool.Run(program, ["-c"], content);

    private string WriteScript(string name, string commands, string interpreter = "/bin/sh")
    {
        // Written by another process: one that this one starts meanwhile would have the file open, and it could not be run.
        string path = _folder.PathOf(name);
        Tool.Run("sh", ["-c", "cat > \"$0\" && chmod +x \"$0\"", path], System.Text.Encoding.UTF8.GetBytes($"#!{interpreter}\n{commands}\n"));
        return path;
    }
}
