using System.Management.Automation;
using System.Text;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;

namespace LibvirtAudit.Cmdlets;

/// <summary>The filters that all cmdlets which read records share: by guest, host and time. They take wildcards and several values, and ignore case.</summary>
public abstract class GuestFilteringCmdlet : VirtAuditCmdlet
{
    private const long LessThanMillisecond = TimeSpan.TicksPerMillisecond - 1;

    /// <summary>Only of guests of these names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GuestNameCompleter))]
    public string[]? VMName { get; set; }

    /// <summary>Only of guests of these UUIDs; records without one match none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GuestUuidCompleter))]
    public string[]? Uuid { get; set; }

    /// <summary>Only of guests of these drivers: qemu, kvm, lxc, xen and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(GrammarCompleter))]
    public string[]? Driver { get; set; }

    /// <summary>Only of these hosts, as node= or the journal names them; records that name none match none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(NodeCompleter))]
    public string[]? Node { get; set; }

    /// <summary>Only of this time or later: a date, or one of the words now, recent, boot, today, yesterday, this-week, week-ago, this-month, this-year. A date is local time, the first one where the clocks show it twice. A record without a time lies in no range.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeWordCompleter))]
    public AuditTime? StartTime { get; set; }

    /// <summary>Only of this time or earlier: a date, the last one where the clocks show it twice, or one of the words that StartTime takes.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeWordCompleter))]
    public AuditTime? EndTime { get; set; }

    /// <summary>The first moment that is wanted, in milliseconds since 1970-01-01 UTC.</summary>
    private protected long? From => StartTime?.Start is DateTimeOffset start
        ? start.AddTicks(Math.Min(LessThanMillisecond, DateTimeOffset.MaxValue.UtcTicks - start.UtcTicks)).ToUnixTimeMilliseconds()
        : null;

    /// <summary>The last moment that is wanted, in milliseconds since 1970-01-01 UTC.</summary>
    private protected long? To => EndTime?.End.ToUnixTimeMilliseconds();

    private protected TextPattern[] Patterns(string[]? texts) => [.. (texts ?? []).Select(Pattern)];

    private TextPattern Pattern(string text)
    {
        // PowerShell compares a pattern without wildcards as people of some culture sort: to it "web01" is also a guest
        // that has an invisible character in its name.
        if (LiteralOf(text) is string literal)
        {
            return TextPattern.Exactly(literal);
        }

        var pattern = new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant);
        try
        {
            // A pattern is compiled when it is used for the first time.
            _ = pattern.IsMatch("");
        }
        catch (WildcardPatternException exception)
        {
            ThrowFault(InputFaults.InvalidPattern(text, exception));
        }

        return new TextPattern(pattern.IsMatch);
    }

    // What a pattern without wildcards means; null for one with any.
    private static string? LiteralOf(string pattern)
    {
        var literal = new StringBuilder(pattern.Length);
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] is '*' or '?' or '[')
            {
                return null;
            }

            i += pattern[i] == '`' && i + 1 < pattern.Length ? 1 : 0;
            literal.Append(pattern[i]);
        }

        return literal.ToString();
    }
}
