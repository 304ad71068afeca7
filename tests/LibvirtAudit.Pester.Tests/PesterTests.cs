using LibvirtAudit.Tests.Support;

namespace LibvirtAudit.Pester.Tests;

/// <summary>The Pester suite in the real pwsh, each of its tests as one of these.</summary>
public sealed class PesterTests
{
    /// <summary>The suite is run when its outcomes are asked for: not to list tests.</summary>
    public static IEnumerable<TheoryDataRow<PesterOutcome>> Outcomes => Pwsh.Exists
        ? PesterRun.Outcomes().Select(one => Row(one.File, one.Outcome, SkipReason(one.Outcome)))
        : PesterRun.Files.Select(file => Row(Path.GetFileName(file), new PesterOutcome("the file", "Skipped", 0, ""), Pwsh.Missing));

    [Theory]
    [MemberData(nameof(Outcomes), DisableDiscoveryEnumeration = true)]
    public void Passes(PesterOutcome outcome) =>
        Assert.True(outcome.Result == "Passed", $"{outcome.Result} after {outcome.Seconds:0.0} s. {Shown(outcome.Message)}");

    private static string? SkipReason(PesterOutcome outcome) => outcome.Result switch
    {
        "Skipped" or "NotRun" => outcome.Message is "" ? "its condition in the suite does not hold here" : Shown(outcome.Message.Split('\n')[0]),
        _ => null,
    };

    private static TheoryDataRow<PesterOutcome> Row(string file, PesterOutcome outcome, string? skip) =>
        new(outcome) { TestDisplayName = $"{file}: {Shown(outcome.Name)}", Label = "", Skip = skip };

    // A hostile guest's name in a test's own: a report is XML, which ends at what XML can't hold.
    private static string Shown(string text) => string.Concat(text.Select(letter =>
        letter == '\n' || !(char.IsControl(letter) || char.IsSurrogate(letter) || letter >= '\uFFFE') ? letter.ToString() : $"\\u{(int)letter:x4}"));
}
