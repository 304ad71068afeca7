using System.Globalization;
using System.IO.Compression;
using CsCheck;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

public sealed class GzipTests : IDisposable
{
    /// <summary>Reads file names and prints how many bytes zlib itself gets out of each before it fails or ends.</summary>
    private const string CountWithZlib = """
        import sys, zlib
        def bytewise(data):
            inflater, total = zlib.decompressobj(31), 0
            try:
                while not inflater.eof:
                    total += len(inflater.decompress(data, 1))
                    data = inflater.unconsumed_tail
            except zlib.error:
                return total
        def count(data):
            total = 0
            while data[:1] == b'\x1f':
                inflater = zlib.decompressobj(31)
                try:
                    total += len(inflater.decompress(data))
                except zlib.error:
                    return total + bytewise(data)
                data = inflater.unused_data
            return total
        for name in sys.stdin.read().split('\n'):
            print(count(open(name, 'rb').read()))
        """;

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public void A_compressed_log_is_read_whatever_its_name(CompressionLevel level)
    {
        byte[] content = TestData.Bytes("qemu-enriched.log");
        using LogFile log = LogFile.Open(_folder.Write("audit.log", Compress(content, level)), TestContext.Current.CancellationToken);

        Assert.Equal(Compression.Gzip, log.Compression);
        Assert.False(log.IsPositional);
        LogReading reading = LogReading.Of(log);
        Assert.Null(reading.Fault);
        Assert.Equal(content, reading.Bytes);
        Assert.Equal(content.Length, log.Position);
        Assert.Equal(log.Length, log.SourcePosition);
        Assert.Equal(0, log.Read(new byte[10]));
    }

    [Fact]
    public void A_log_that_gzip_compressed_under_its_name_is_read()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        string path = _folder.Write("audit.log", content);
        Tool.Run("gzip", ["--name", path]);

        Assert.Equal(content, LogReading.Of(path + ".gz").Bytes);
    }

    [Fact]
    public void Members_one_behind_the_other_are_one_log() =>
        Gen.Select(Gen.Byte[1, 127].Array[0, 3000].Array[1, 5], Gen.Int[1, 9000]).Sample(
            (parts, bufferSize) =>
            {
                using var folder = new TempFolder();
                LogReading reading = LogReading.Of(folder.Write("x.gz", [.. parts.SelectMany(part => Compress(part))]), bufferSize);
                return reading.Fault is null && reading.Bytes.SequenceEqual(parts.SelectMany(part => part));
            },
            iter: 100);

    [Fact]
    public void A_compressed_file_of_UTF16_is_named_as_what_it_is() =>
        Assert.Equal(FaultId.LogNotText, LogReading.OpenFault(_folder.Write("x.gz", Compress(System.Text.Encoding.Unicode.GetBytes("type=VIRT_CONTROL msg=audit(")))).Id);

    [Fact]
    public void A_file_cut_off_at_any_place_gives_all_that_zlib_gets_out_of_it_and_is_damaged()
    {
        byte[] content = TestData.Bytes("qemu-enriched.log");
        byte[] whole = Compress(content);
        int[] cuts = [2, 3, 9, 10, 11, 17, 18, .. Enumerable.Range(1, (whole.Length / 100) - 1).Select(i => i * 100), .. Enumerable.Range(1, 12).Select(i => whole.Length - i)];

        AssertDamaged(content, [.. cuts.Select(cut => whole[..cut])]);
    }

    [Fact]
    public void A_file_cut_off_in_its_second_member_is_damaged_and_between_the_members_it_is_not()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        byte[] first = Compress(content.AsSpan(0, 20_000));
        byte[] second = Compress(content.AsSpan(20_000));
        int[] cuts = [1, 2, 5, 10, 11, 30, 100, second.Length / 2, second.Length - 8, second.Length - 1];

        AssertDamaged(content, [.. cuts.Select(cut => (byte[])[.. first, .. second[..cut]])]);

        LogReading between = LogReading.Of(_folder.Write("first.gz", first));
        Assert.Null(between.Fault);
        Assert.Equal(content[..20_000], between.Bytes);
    }

    [Fact]
    public void A_changed_byte_is_a_damage_behind_all_that_zlib_gets_out()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        byte[] whole = Compress(content);

        // Behind the header, whose time and system nobody checks.
        int[] places = [.. Enumerable.Range(0, 40).Select(i => 10 + (i * (whole.Length - 10) / 40)), whole.Length - 8, whole.Length - 4, whole.Length - 1];

        AssertDamaged(null, [.. places.Select(place => Change(whole, place))]);
    }

    [Fact]
    public void What_follows_the_last_member_and_is_no_gzip_data_is_reported()
    {
        byte[] content = TestData.Bytes("lxc-enriched.log");
        byte[] whole = Compress(content);

        // Also where the stranger begins with a block that the decompressor reads: its own are of 8 KiB.
        for (int strange = 1; strange < 20_000; strange = (strange * 3) + 1)
        {
            LogReading reading = LogReading.Of(_folder.Write("x.gz", [.. whole, .. new byte[strange]]));

            Assert.Equal(FaultId.ArchiveDamaged, reading.Fault?.Id);
            Assert.Equal(content, reading.Bytes);
        }
    }

    [Fact]
    public void What_follows_a_member_that_ends_with_the_decompressors_own_block_is_reported()
    {
        // Stored data makes the member as long as is wished.
        byte[] content = new byte[8192 - Compress([1], CompressionLevel.NoCompression).Length + 1];
        content.AsSpan().Fill((byte)'x');
        byte[] whole = Compress(content, CompressionLevel.NoCompression);
        Assert.Equal(8192, whole.Length);

        LogReading reading = LogReading.Of(_folder.Write("x.gz", [.. whole, .. "stranger"u8]));

        Assert.Equal(FaultId.ArchiveDamaged, reading.Fault?.Id);
        Assert.Equal(content, reading.Bytes);
        Assert.Equal(content, LogReading.Of(_folder.Write("y.gz", whole)).Bytes);
    }

    [Fact]
    public void A_log_that_holds_the_mark_of_the_end_is_not_cut_short_by_it()
    {
        byte[] content = [.. "type=X\n"u8, .. EndMarkedStream.Mark];

        LogReading whole = LogReading.Of(_folder.Write("x.gz", [.. Compress(content), .. Compress(EndMarkedStream.Mark)]));
        LogReading cut = LogReading.Of(_folder.Write("y.gz", [.. Compress(content).SkipLast(1)]));

        Assert.Null(whole.Fault);
        Assert.Equal([.. content, .. EndMarkedStream.Mark], whole.Bytes);
        Assert.Equal(FaultId.ArchiveDamaged, cut.Fault?.Id);
        Assert.Equal(content, cut.Bytes);
    }

    [Fact]
    public void Reading_a_large_compressed_log_takes_little_memory()
    {
        const long Size = 64L * 1024 * 1024;
        var block = new byte[1024 * 1024];
        string path = _folder.PathOf("large.gz");
        using (var gzip = new GZipStream(File.Create(path), CompressionLevel.Fastest))
        {
            for (long written = 0; written < Size; written += block.Length)
            {
                block.AsSpan().Fill((byte)('a' + (written / block.Length % 26)));
                gzip.Write(block);
            }
        }

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

    private static byte[] Compress(ReadOnlySpan<byte> content, CompressionLevel level = CompressionLevel.Optimal)
    {
        using var compressed = new MemoryStream();
        using (var gzip = new GZipStream(compressed, level, leaveOpen: true))
        {
            gzip.Write(content);
        }

        return compressed.ToArray();
    }

    private static byte[] Change(byte[] bytes, int place)
    {
        byte[] changed = [.. bytes];
        changed[place] ^= 0x10;
        return changed;
    }

    /// <summary>Each archive is damaged, and as many bytes are read as zlib gets; where the content is known, the right ones.</summary>
    private void AssertDamaged(byte[]? content, byte[][] archives)
    {
        string[] paths = [.. archives.Select((archive, i) => _folder.Write(i.ToString(CultureInfo.InvariantCulture), archive))];
        byte[] names = System.Text.Encoding.UTF8.GetBytes(string.Join('\n', paths));
        int[] counts = [.. System.Text.Encoding.ASCII.GetString(Tool.Run("python3", ["-c", CountWithZlib], names))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => int.Parse(line, CultureInfo.InvariantCulture))];
        Assert.Equal(paths.Length, counts.Length);
        foreach ((string path, int count) in paths.Zip(counts))
        {
            LogReading reading = LogReading.Of(path);

            Assert.Equal(FaultId.ArchiveDamaged, reading.Fault?.Id);
            Assert.Contains($"after {count} decompressed bytes", reading.Fault?.Message, StringComparison.Ordinal);
            Assert.Equal(count, reading.Bytes.Length);
            Assert.Equal(content?[..count] ?? reading.Bytes, reading.Bytes);
        }
    }
}
