using LibvirtAudit.Encoding;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Encoding;

/// <summary>Invariant 1: what libvirt wrote is written again to the byte. The expectation is libvirt's own text.</summary>
public sealed class RoundTripTests
{
    private readonly RecordWriter _writer = new();

    [Theory]
    [InlineData("qemu-enriched.log", 1274)]
    [InlineData("lxc-enriched.log", 98)]
    [InlineData("qemu-fakehw-enriched.log", 178)]
    [InlineData("qemu12-enriched.log", 1320)]
    [InlineData("lxc12-raw.log", 159)]
    [InlineData("qemu12-fakehw-raw.log", 137)]
    [InlineData("lab17/i17-qemu.log", 354)]
    [InlineData("lab17/i17-lxc.log", 98)]
    [InlineData("lab17/i17-boot.log", 134)]
    public void Every_line_of_audit_log_is_written_again_to_the_byte(string file, int count)
    {
        int lines = 0;
        foreach (byte[] line in TestData.Lines(file).Where(line => line.AsSpan().StartsWith("type=VIRT_"u8)))
        {
            VirtAuditRecord record = Assert.Single(CollectingSink.Read([line]).Records);
            Assert.Null(record.RawText);
            Assert.Equal(Text(line), Text(_writer.GetLine(record)));
            Assert.Equal(MessageOf(line), Text(_writer.GetMessage(record)));
            lines++;
        }

        Assert.Equal(count, lines);
    }

    [Fact]
    public void Every_body_of_libvirts_own_log_is_written_again_to_the_byte()
    {
        int bodies = 0;
        foreach (byte[] line in TestData.Lines("libvirtd-audit-logging.log"))
        {
            int success = line.AsSpan().IndexOf(" : success="u8);
            if (success < 0)
            {
                continue;
            }

            string text = Text(line);
            string body = text[(text.IndexOf(' ', success + " : success=".Length) + 1)..];
            Assert.Equal(body, Text(_writer.GetMessage(Assert.Single(CollectingSink.Read([line]).Records))));
            bodies++;
        }

        Assert.Equal(1229, bodies);
    }

    [Fact]
    public void Every_record_of_the_kernel_log_is_written_again_to_the_byte()
    {
        int whole = 0, cut = 0;
        foreach (byte[] line in TestData.Lines("dmesg.txt").Where(line => line.AsSpan().IndexOf("audit: type=250"u8) >= 0))
        {
            CollectingSink sink = CollectingSink.Read([line]);
            if (line.AsSpan().IndexOf(" res=success'"u8) < 0 && line.AsSpan().IndexOf(" res=failed'"u8) < 0)
            {
                // The kernel's log cuts lines near 1 KB and at a line feed.
                Assert.Empty(sink.Records);
                Assert.Contains("cut", Assert.Single(sink.Malformed).Defect, StringComparison.Ordinal);
                cut++;
                continue;
            }

            Assert.Equal(MessageOf(line), Text(_writer.GetMessage(Assert.Single(sink.Records))));
            whole++;
        }

        Assert.Equal((209, 4), (whole, cut));
    }

    [Fact]
    public void A_changed_byte_of_a_body_is_a_changed_record()
    {
        byte[] line = TestData.Lines("qemu-enriched.log").First(line => line.AsSpan().StartsWith("type=VIRT_RESOURCE"u8));
        int body = line.AsSpan().IndexOf("msg='virt="u8) + "msg='".Length;
        int end = line.AsSpan().IndexOf(" exe="u8);
        string before = Text(_writer.GetMessage(CollectingSink.Read([line]).Records[0]));
        for (int i = body; i < end; i++)
        {
            byte[] changed = [.. line];
            changed[i] ^= 1;
            VirtAuditRecord record = Assert.Single(CollectingSink.Read([changed], new ReadOptions(RecordFilter.All) { IncludeMalformed = true }).Records);
            Assert.NotEqual(before, Text(_writer.GetMessage(record)));
        }
    }

    private static string MessageOf(byte[] line)
    {
        string text = Text(line);
        int start = text.IndexOf("msg='", StringComparison.Ordinal) + "msg='".Length;
        return text[start..text.LastIndexOf('\'')];
    }

    private static string Text(byte[] bytes) => System.Text.Encoding.Latin1.GetString(bytes);
}
