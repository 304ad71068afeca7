using LibvirtAudit.Logs.Journal;

namespace LibvirtAudit.Tests.Logs.Journal;

public sealed class JournalEntriesTests
{
    private const string One = "s=2c0e8d92083a43b28e9b9a52f7948cd4;i=1;b=0123456789abcdef0123456789abcdef;m=f4628;t=660dea1eb5474;x=19203b23090e916e";
    private const string Two = "s=2c0e8d92083a43b28e9b9a52f7948cd4;i=2;b=0123456789abcdef0123456789abcdef;m=f4a10;t=660dea1ebe114;x=403d1fa5e3f54fe5";

    // The binary value, 20 bytes by its length, looks like the end of its entry and the beginning of another.
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(1000)]
    public void What_stands_in_a_value_is_no_entry(int piece)
    {
        byte[] value = "\n\n__CURSOR=s=1;i=1\n\n"u8.ToArray();
        byte[] first = [.. Bytes($"__CURSOR={One}\nMESSAGE\n"), .. BitConverter.GetBytes((ulong)value.Length), .. value, .. Bytes("\n_PID=1\n\n")];
        byte[] text = [.. first, .. Bytes($"__CURSOR={Two}\nMESSAGE=b\n\n")];
        var entries = new JournalEntries();
        foreach (byte[] part in text.Chunk(piece))
        {
            entries.Pass(part);
        }

        Assert.Equal(One, entries.First);
        Assert.Equal(first.Length, entries.FirstEnd);
        Assert.Equal(text.Length, entries.Position);
        Assert.Null(entries.Before(0));
        Assert.Equal((One, One, Two), (entries.Before(1), entries.Before(first.Length), entries.Before(first.Length + 1)));
        entries.ForgetBefore(text.Length);
        Assert.Equal((null, Two), (entries.Before(first.Length), entries.Before(text.Length)));
    }

    [Fact]
    public void An_entry_that_was_copied_to_another_file_is_the_same()
    {
        Assert.True(JournalCursor.IsSame(One, One.Replace("s=2c0e8d92083a43b28e9b9a52f7948cd4;i=1;", "s=00000000000000000000000000000001;i=9;", StringComparison.Ordinal)));
        Assert.False(JournalCursor.IsSame(One, Two));
        Assert.False(JournalCursor.IsSame("", ""));
        Assert.Equal(1_795_359_175_824, JournalCursor.Time("t=660dea1eb5474"));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
