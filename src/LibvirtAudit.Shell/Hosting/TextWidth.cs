using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Text;
using Wcwidth;

namespace LibvirtAudit.Shell.Hosting;

/// <summary>How many columns of a terminal text takes: East Asian characters two, combining ones and escape sequences none.</summary>
internal static class TextWidth
{
    /// <summary>The columns of a text.</summary>
    public static int Of(string text)
    {
        if (Ascii.IsValid(text) && !text.Contains('\u001b', StringComparison.Ordinal))
        {
            return text.Length;
        }

        int width = 0;
        foreach (Rune rune in new StringDecorated(text).ToString(OutputRendering.PlainText).EnumerateRunes())
        {
            width += Of(rune.Value);
        }

        return width;
    }

    /// <summary>The columns of a UTF-16 character; the two halves of a pair share those of the pair.</summary>
    public static int Of(char character) => char.IsSurrogate(character) ? 1 : Of((int)character);

    private static int Of(int character) => Math.Max(0, UnicodeCalculator.GetWidth(character));
}
