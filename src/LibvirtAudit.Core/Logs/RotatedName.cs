using System.Globalization;
using System.Text.RegularExpressions;

namespace LibvirtAudit.Logs;

/// <summary>What a file's name says of its place in a rotation.</summary>
/// <param name="Log">Which log it is, and how old.</param>
/// <param name="Preference">
/// Which file is taken where several are the same log: 0 is the plain one, since an archive beside it is still being written.
/// </param>
internal sealed partial record RotatedName(LogAge Log, int Preference)
{
    private static readonly string[] Endings = ["", ".gz", ".xz", ".zst", ".bz2"];

    /// <summary>
    /// The place of the file called <paramref name="name"/> in the rotation of <paramref name="baseName"/>; null where it has
    /// none. auditd and logrotate number (<c>audit.log.3</c>), logrotate may date instead (<c>audit.log-20261122</c>, with
    /// the hour, or the seconds behind a dash, where it runs more often).
    /// </summary>
    public static RotatedName? Parse(string baseName, string name)
    {
        if (!name.StartsWith(baseName, StringComparison.Ordinal))
        {
            return null;
        }

        Match match = Suffix().Match(name, baseName.Length);
        if (!match.Success)
        {
            return null;
        }

        int preference = Array.IndexOf(Endings, match.Groups["ending"].Value);
        return match switch
        {
            _ when match.Groups["date"] is { Success: true } date =>
                IsDay(date.ValueSpan[..8]) ? new RotatedName(LogAge.Dated(date.Value), preference) : null,
            _ when match.Groups["number"] is { Success: true } number =>
                new RotatedName(LogAge.Numbered(int.Parse(number.ValueSpan, CultureInfo.InvariantCulture)), preference),
            _ => preference == 0 ? new RotatedName(LogAge.Current, 0) : null,
        };
    }

    private static bool IsDay(ReadOnlySpan<char> digits) =>
        DateOnly.TryParseExact(digits, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(
        @"\G(\.(?<number>0|[1-9][0-9]{0,8})|-(?<date>[0-9]{8}([0-9]{2}|-[0-9]{1,10})?))?(?<ending>|\.gz|\.xz|\.zst|\.bz2)\z",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Suffix();
}
