namespace LibvirtAudit.Views;

/// <summary>
/// How a view marks what needs attention. PowerShell takes the colour out again where output is not for a terminal, or
/// where <c>$PSStyle.OutputRendering</c> or <c>NO_COLOR</c> declines it, so nothing may be told by colour alone.
/// </summary>
internal static class Alarm
{
    private const string Red = "\u001b[31m";
    private const string Reset = "\u001b[0m";

    /// <summary>A text, free of control characters itself, in red.</summary>
    public static string Mark(string text) => Red + text + Reset;
}
