using System.Runtime.Versioning;
using CsCheck;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

public sealed class LogFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_log_is_read_byte_for_byte_in_any_buffer_size() =>
        Gen.Select(Gen.Byte[1, 127].Array[0, 20_000], Gen.Int[1, 9000]).Sample(
            (content, bufferSize) =>
            {
                using var folder = new TempFolder();
                LogReading reading = LogReading.Of(folder.Write("audit.log", content), bufferSize);
                return reading.Fault is null && reading.Bytes.AsSpan().SequenceEqual(content);
            },
            iter: 100);

    [Fact]
    public void A_log_is_read_at_any_offset_without_moving_the_front_to_end_reading()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        using LogFile log = LogFile.Open(TestData.PathOf("lxc-enriched.log"), TestContext.Current.CancellationToken);
        var buffer = new byte[10_000];
        foreach (long offset in new long[] { content.Length - 7, 0, 12_345, content.Length, content.Length + 100 })
        {
            int read = log.ReadAt(offset, buffer);

            Assert.Equal(content.Skip((int)offset).Take(buffer.Length), buffer[..read]);
        }

        Assert.True(log.IsPositional);
        Assert.Equal(content.Length, log.Length);
        Assert.Equal(0, log.Position);
        Assert.Equal(content, LogReading.Of(log).Bytes);
        Assert.Equal(content.Length, log.Position);
        Assert.Equal(content.Length, log.SourcePosition);
    }

    [Fact]
    public void Two_threads_read_different_places_of_one_log()
    {
        byte[] content = TestData.Bytes("qemu-enriched.log");
        using LogFile log = LogFile.Open(TestData.PathOf("qemu-enriched.log"), TestContext.Current.CancellationToken);
        var copy = new byte[content.Length];
        const int BlockSize = 7001;

        Parallel.For(0, (content.Length + BlockSize - 1) / BlockSize, new ParallelOptions { MaxDegreeOfParallelism = 2 }, block =>
        {
            int start = block * BlockSize;
            log.ReadAt(start, copy.AsSpan(start, Math.Min(BlockSize, copy.Length - start)));
        });

        Assert.Equal(content, copy);
    }

    [Fact]
    public void An_empty_file_is_an_empty_log()
    {
        using LogFile log = LogFile.Open(_folder.Write("audit.log", []), TestContext.Current.CancellationToken);

        Assert.Equal(0, log.Read(new byte[10]));
        Assert.Equal(0, log.Length);
        Assert.Null(log.BinaryHead);
    }

    [Fact]
    public void A_byte_order_mark_of_UTF8_is_passed_over_and_counted_in_the_offsets()
    {
        string path = _folder.Write("audit.log", "\uFEFFtype=VIRT_CONTROL\n"u8);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);

        Assert.Equal(3, log.Start);
        Assert.Equal(3, log.Position);
        Assert.Equal("type=VIRT_CONTROL\n"u8.ToArray(), LogReading.Of(log).Bytes);
        Assert.Equal(new FileInfo(path).Length, log.Position);
    }

    [Fact]
    public void Carriage_returns_stay_where_they_are()
    {
        byte[] content = "type=VIRT_CONTROL msg=\r\ntype=VIRT_RESOURCE\r\n"u8.ToArray();

        Assert.Equal(content, LogReading.Of(_folder.Write("audit.log", content)).Bytes);
    }

    [Theory]
    [InlineData("utf-16le", true, "UTF-16 text (little-endian)")]
    [InlineData("utf-16le", false, "UTF-16 text (little-endian)")]
    [InlineData("utf-16be", true, "UTF-16 text (big-endian)")]
    [InlineData("utf-16be", false, "UTF-16 text (big-endian)")]
    [InlineData("utf-32le", true, "UTF-32 text (little-endian)")]
    [InlineData("utf-32be", true, "UTF-32 text (big-endian)")]
    public void Text_of_wide_characters_is_named_as_what_it_is(string encodingName, bool withMark, string name)
    {
        System.Text.Encoding encoding = System.Text.Encoding.GetEncoding(encodingName);
        byte[] text = encoding.GetBytes(System.Text.Encoding.UTF8.GetString(TestData.Bytes("lxc-enriched.log")));
        byte[] content = withMark ? [.. encoding.GetPreamble(), .. text] : text;

        Fault fault = LogReading.OpenFault(_folder.Write("audit.log", content));

        Assert.Equal(FaultId.LogNotText, fault.Id);
        Assert.Contains(name, fault.Message, StringComparison.Ordinal);
        Assert.Contains("audit.log", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void UTF16_is_recognised_by_each_single_capture_and_no_capture_is_taken_for_it()
    {
        foreach (string path in Directory.GetFiles(TestData.PathOf(""), "*.log"))
        {
            byte[] content = File.ReadAllBytes(path);
            byte[] wide = System.Text.Encoding.Unicode.GetBytes(System.Text.Encoding.Latin1.GetString(content));

            Assert.Equal((TextForm.Bytes, null), (TextCheck.Of(content).Form, TextCheck.Of(content).Found));
            Assert.Equal(TextForm.WideCharacters, TextCheck.Of(wide.AsSpan(0, 4096)).Form);
        }
    }

    [Fact]
    public void A_log_with_NULs_of_a_crash_is_read_and_suspected_only_where_it_begins_with_them()
    {
        byte[] nuls = new byte[9000];
        byte[] line = [.. "type=VIRT_CONTROL msg=audit(1.000:1): \n"u8];
        byte[] ahead = [.. nuls, .. line];
        byte[] between = [.. Enumerable.Repeat(line, 200).SelectMany(bytes => bytes), .. nuls, .. line];
        using LogFile begins = LogFile.Open(_folder.Write("begins.log", ahead), TestContext.Current.CancellationToken);
        using LogFile holds = LogFile.Open(_folder.Write("holds.log", between), TestContext.Current.CancellationToken);

        Assert.Equal(FaultId.LogNotText, begins.BinaryHead?.Id);
        Assert.Contains("NUL", begins.BinaryHead?.Message, StringComparison.Ordinal);
        Assert.Null(holds.BinaryHead);
        Assert.Equal(ahead, LogReading.Of(begins).Bytes);
        Assert.Equal(between, LogReading.Of(holds).Bytes);
    }

    [Fact]
    public void A_program_is_suspected_and_the_captures_are_not()
    {
        using LogFile program = LogFile.Open(typeof(LogFile).Assembly.Location, TestContext.Current.CancellationToken);
        Assert.Equal(FaultId.LogNotText, program.BinaryHead?.Id);

        using LogFile noise = LogFile.Open(_folder.Write("noise", [.. Enumerable.Range(0, 5000).Select(i => (byte)(128 + (i * 37 % 128)))]), TestContext.Current.CancellationToken);
        Assert.Equal(FaultId.LogNotText, noise.BinaryHead?.Id);

        foreach (string path in Directory.GetFiles(TestData.PathOf("")))
        {
            using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
            Assert.Null(log.BinaryHead);
        }
    }

    [Fact]
    public void A_name_in_another_script_or_an_old_encoding_is_still_text()
    {
        string records = string.Concat(Enumerable.Range(0, 50).Select(i => $"type=VIRT_CONTROL msg=audit(1.000:{i}): pid=1 msg='virt=kvm op=start vm=\"gäste-{i}\" res=success'\n"));
        Assert.Equal(TextForm.Bytes, TextCheck.Of(System.Text.Encoding.UTF8.GetBytes(records)).Form);
        Assert.Equal(TextForm.Bytes, TextCheck.Of(System.Text.Encoding.Latin1.GetBytes(records)).Form);
        Assert.Equal(TextForm.Bytes, TextCheck.Of(System.Text.Encoding.UTF8.GetBytes("виртуальная машина 仮想マシン")).Form);
    }

    [Fact]
    public void A_missing_file_is_not_found()
    {
        string file = _folder.Write("audit.log", "x"u8);
        File.CreateSymbolicLink(_folder.PathOf("dangling"), _folder.PathOf("gone"));

        foreach (string path in new[] { _folder.PathOf("gone"), _folder.PathOf("gone/audit.log"), Path.Combine(file, "x"), file + "\0.gz", "", _folder.PathOf("dangling") })
        {
            Fault fault = LogReading.OpenFault(path);

            Assert.Equal(FaultId.PathNotFound, fault.Id);
            Assert.Equal(PrintableText.Escape(path), fault.Target);
        }
    }

    [Fact]
    public void A_folder_is_no_log()
    {
        Fault fault = LogReading.OpenFault(_folder.Path);

        Assert.Equal(FaultId.PathIsDirectory, fault.Id);
        Assert.Contains(_folder.Path, fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_that_the_system_refuses_is_a_failure_to_read() =>
        Assert.Equal(FaultId.LogReadFailed, LogReading.OpenFault(_folder.PathOf(new string('x', 300))).Id);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void An_ordinary_user_may_not_read_what_is_not_for_him()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs the rights of Unix");
        string secret = _folder.Write("secret.log", "x"u8);
        string open = _folder.Write("open.log", "x"u8);
        string inside = Directory.CreateDirectory(_folder.PathOf("closed")).FullName + "/audit.log";
        File.WriteAllText(inside, "x");
        File.SetUnixFileMode(secret, UnixFileMode.None);
        File.SetUnixFileMode(Path.GetDirectoryName(inside)!, UnixFileMode.None);
        File.SetUnixFileMode(_folder.Path, File.GetUnixFileMode(_folder.Path) | UnixFileMode.OtherExecute);

        AsNobody.Run(() =>
        {
            Assert.Equal(FaultId.LogAccessDenied, LogReading.OpenFault(secret).Id);
            Assert.Equal(FaultId.LogAccessDenied, LogReading.OpenFault(inside).Id);
            Assert.Equal("x"u8.ToArray(), LogReading.Of(open).Bytes);
        });

        File.SetUnixFileMode(Path.GetDirectoryName(inside)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_file_that_shrinks_gives_what_is_left_and_then_says_so()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        string path = _folder.Write("audit.log", content);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        var begun = new byte[5000];
        int read = log.Read(begun);

        using (var writer = new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
        {
            writer.SetLength(10_000);
        }

        LogReading rest = LogReading.Of(log);

        Assert.Equal(content[..10_000], (byte[])[.. begun[..read], .. rest.Bytes]);
        Assert.Equal(FaultId.LogReadFailed, rest.Fault?.Id);
        Assert.Contains($"it had {content.Length} bytes and ended at offset 10000", rest.Fault?.Message, StringComparison.Ordinal);
        Assert.Equal(FaultId.LogReadFailed, Assert.Throws<FaultException>(() => log.ReadAt(20_000, begun)).Fault.Id);
        Assert.Same(rest.Fault, Assert.Throws<FaultException>(() => log.Read(begun)).Fault);
    }

    [Fact]
    public void A_file_that_is_removed_while_it_is_read_is_read_to_its_end()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        string path = _folder.Write("audit.log", content);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);

        File.Delete(path);

        Assert.Equal(content, LogReading.Of(log).Bytes);
    }

    [Fact]
    public void What_is_appended_while_a_log_is_read_is_left_to_the_next_reading()
    {
        string path = _folder.Write("audit.log", "one\n"u8);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);

        File.AppendAllText(path, "two\n");

        Assert.Equal("one\n"u8.ToArray(), LogReading.Of(log).Bytes);
        Assert.Equal((4, 4), (log.Length, log.End));
    }

    [Fact]
    public void Reading_holds_no_lock_and_needs_none()
    {
        string path = _folder.Write("audit.log", "one\n"u8);

        // .NET locks with flock(2), against itself as well.
        using (new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None))
        {
            Assert.Equal("one\n"u8.ToArray(), LogReading.Of(path).Bytes);
        }

        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.None).Dispose();
    }

    [Fact]
    public void A_file_is_known_again_under_another_name()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux tells which file it is");
        string path = _folder.Write("audit.log", "one\n"u8);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        string[] inode = System.Text.Encoding.ASCII.GetString(Tool.Run("stat", ["-c", "%i", path])).Split('\n');

        File.Move(path, path + ".1");
        _folder.Write("audit.log", "one\n"u8);
        using LogFile moved = LogFile.Open(path + ".1", TestContext.Current.CancellationToken);
        using LogFile other = LogFile.Open(path, TestContext.Current.CancellationToken);

        Assert.Equal(inode[0], log.Identity?.Inode.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Assert.NotNull(log.Identity);
        Assert.Equal(log.Identity, moved.Identity);
        Assert.NotEqual(log.Identity, other.Identity);
        Assert.Equal(log.Identity?.Device, other.Identity?.Device);
    }

    [Fact]
    public void An_error_of_the_device_names_the_offset()
    {
        // The memory of this process is a file with holes that can't be read: the lowest page is never there.
        const string Memory = "/proc/self/mem";
        Assert.SkipUnless(File.Exists(Memory), "needs /proc/self/mem");

        Fault fault = LogReading.OpenFault(Memory);

        Assert.Equal(FaultId.LogReadFailed, fault.Id);
        Assert.Contains("offset 0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_error_in_the_middle_comes_after_the_bytes_before_it()
    {
        Assert.SkipUnless(File.Exists("/proc/self/mem"), "needs /proc/self/mem");
        (long start, long end) = FindHole();
        using RawFile memory = RawFile.Open("/proc/self/mem", TestContext.Current.CancellationToken);
        var buffer = new byte[100];

        Assert.Equal(10, memory.ReadAt(end - 10, buffer));
        Fault fault = Assert.Throws<FaultException>(() => memory.ReadAt(end, buffer)).Fault;

        Assert.True(start < end);
        Assert.Equal(FaultId.LogReadFailed, fault.Id);
        Assert.Contains($"offset {end}", fault.Message, StringComparison.Ordinal);
        Assert.IsType<IOException>(fault.Cause, exactMatch: false);
    }

    /// <summary>A readable stretch of this process's memory, its program's, with nothing behind it.</summary>
    private static (long Start, long End) FindHole()
    {
        (long Start, long End, string Rights)[] maps = [.. File.ReadAllLines("/proc/self/maps")
            .Select(line => line.Split(['-', ' '], 4))
            .Select(parts => (Convert.ToInt64(parts[0], 16), Convert.ToInt64(parts[1], 16), parts[2]))];
        int index = Array.FindIndex(maps, 0, maps.Length - 1, map => map.Rights[0] == 'r' && Array.TrueForAll(maps, other => other.Start != map.End));
        return (maps[index].Start, maps[index].End);
    }
}
