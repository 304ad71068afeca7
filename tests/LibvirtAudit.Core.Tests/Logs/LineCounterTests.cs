using CsCheck;
using LibvirtAudit.Faults;
using LibvirtAudit.Logs;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Logs;

public sealed class LineCounterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_line_of_every_offset_is_as_counted_by_hand()
    {
        using LogFile log = LogFile.Open(_folder.Write("audit.log", "a\n\nbc\nd"u8), TestContext.Current.CancellationToken);
        var counter = new LineCounter(log);

        Assert.Equal([1, 1, 2, 3, 3, 3, 4, 4], Enumerable.Range(0, 8).Select(offset => (int)counter.LineAt(offset)));
    }

    [Fact]
    public void The_lines_of_a_capture_are_those_of_grep()
    {
        string path = TestData.PathOf("qemu-enriched.log");
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        var counter = new LineCounter(log);
        string[] found = System.Text.Encoding.ASCII.GetString(Tool.Run("grep", ["-abn", "^type=VIRT_CONTROL", path])).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        // grep writes LINE:OFFSET:TEXT
        foreach (string[] parts in found.Select(line => line.Split(':', 3)))
        {
            Assert.Equal(parts[0], counter.LineAt(long.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture)).ToString(System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.NotEmpty(found);
    }

    [Fact]
    public void Offsets_in_any_order_give_the_right_lines() =>
        Gen.Select(Gen.Bool.Array[1, 300], Gen.Int[0, 299].Array[1, 20]).Sample(
            (newlines, offsets) =>
            {
                using var folder = new TempFolder();
                using LogFile log = LogFile.Open(folder.Write("audit.log", [.. newlines.Select(isNewline => (byte)(isNewline ? '\n' : 'x'))]), CancellationToken.None);
                var counter = new LineCounter(log);
                return offsets.Select(offset => Math.Min(offset, newlines.Length))
                    .All(offset => counter.LineAt(offset) == 1 + newlines.Take(offset).Count(isNewline => isNewline));
            },
            iter: 300);

    [Fact]
    public void Very_many_offsets_cost_one_pass()
    {
        // Counting anew for each of them would read 500 TB.
        const int Length = 32 * 1024 * 1024;
        var content = new byte[Length];
        content.AsSpan().Fill((byte)'\n');
        using LogFile log = LogFile.Open(_folder.Write("audit.log", content), TestContext.Current.CancellationToken);
        var counter = new LineCounter(log);
        long wrong = 0;

        for (long offset = 0; offset < Length; offset += 100)
        {
            wrong += counter.LineAt(offset) == offset + 1 ? 0 : 1;
        }

        Assert.Equal(0, wrong);
    }

    [Fact]
    public void A_log_that_can_not_be_read_again_is_counted_as_it_goes_by()
    {
        byte[] archive = Tool.Run("gzip", ["-c"], "a\nb\nc\n"u8.ToArray());
        using LogFile log = LogFile.Open(_folder.Write("audit.log.gz", archive), TestContext.Current.CancellationToken);
        var counter = new LineCounter(log);

        counter.Count("a\nb\n"u8);

        Assert.Equal(4, counter.Position);
        Assert.Equal(3, counter.LineAt(4));
        Assert.Throws<InvalidOperationException>(() => counter.LineAt(5));
    }

    [Fact]
    public void A_byte_order_mark_is_part_of_no_line()
    {
        using LogFile log = LogFile.Open(_folder.Write("audit.log", "\uFEFFa\nb\n"u8), TestContext.Current.CancellationToken);

        Assert.Equal(1, new LineCounter(log).LineAt(3));
        Assert.Equal(2, new LineCounter(log).LineAt(5));
    }

    [Fact]
    public void A_log_that_was_cut_meanwhile_is_a_failure_to_read()
    {
        string path = _folder.Write("audit.log", new byte[1000]);
        using LogFile log = LogFile.Open(path, TestContext.Current.CancellationToken);
        _folder.Write("audit.log", new byte[10]);

        Assert.Equal(FaultId.LogReadFailed, Assert.Throws<FaultException>(() => new LineCounter(log).LineAt(900)).Fault.Id);
    }
}
