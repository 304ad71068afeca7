using System.Globalization;
using System.Text;
using LibvirtAudit.Faults;
using LibvirtAudit.Records;
using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Tests.Hostile;

/// <summary>What is shown of a text that somebody else wrote.</summary>
public sealed class PrintableTextTests
{
    // Unicode's Default_Ignorable_Code_Point that is of none of the categories that are escaped as a whole.
    private static readonly int[] Invisible = [0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180F, 0x2800, 0x3164, 0xFE00, 0xFE0F, 0xFFA0, 0xE0100, 0xE01EF];

    [Fact]
    public void Nothing_that_is_shown_moves_a_cursor_or_hides()
    {
        foreach (HostileText hostile in HostileText.All)
        {
            string shown = PrintableText.Escape(hostile.Text)!;
            Assert.DoesNotContain(shown.EnumerateRunes(), rune => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned || Invisible.Contains(rune.Value));
        }
    }

    [Fact]
    public void What_has_no_shape_is_escaped() =>
        Assert.All(Invisible, value => Assert.Equal($"a`u{{{value:x}}}b", PrintableText.Escape($"a{char.ConvertFromUtf32(value)}b")));

    [Theory]
    [InlineData("web01")]
    [InlineData("ünïcode 名前 🖥 é")]
    public void What_has_one_stays(string text) => Assert.Same(text, PrintableText.Escape(text));

    [Fact]
    public void Neither_the_target_nor_the_cause_of_a_failure_holds_a_control_character()
    {
        Fault fault = LogFaults.ReadFailed("/tmp/\u001b[2J", 0, new IOException("no '/tmp/\u001b[2J'"));
        Assert.Equal("/tmp/`e[2J", fault.Target);
        Assert.Equal("no '/tmp/`e[2J'", fault.Cause!.Message);
        Assert.DoesNotContain('\u001b', fault.ToString());

        var plain = new UnauthorizedAccessException("no");
        Assert.Same(plain, LogFaults.AccessDenied("/tmp/x", plain).Cause);
    }
}
