using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Faults;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>The filters that all cmdlets which read records share: by guest, host and time. They take wildcards and several values, and ignore case; null, as none given, filters nothing.</summary>
public abstract class GuestFilteringCmdlet : VirtAuditCmdlet
{
    private const long LessThanMillisecond = TimeSpan.TicksPerMillisecond - 1;

    /// <summary>Only of guests of these names.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? VMName { get; set; }

    /// <summary>Only of guests of these UUIDs; records without one match none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Uuid { get; set; }

    /// <summary>Only of guests of these drivers: qemu, kvm, lxc, xen and so on.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DriverCompleter))]
    public string[]? Driver { get; set; }

    /// <summary>Only of these hosts, as node= or the journal names them; records that name none match none.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    [SupportsWildcards]
    public string[]? Node { get; set; }

    /// <summary>Only of this time or later: a date, or one of the words now, recent, boot, today, yesterday, this-week, week-ago, this-month, this-year. A date is local time. A record without a time lies in no range.</summary>
    [Parameter]
    [TimeTransformation]
    [ArgumentCompleter(typeof(TimeWordCompleter))]
    public DateTime? StartTime { get; set; }

    /// <summary>Only of this time or earlier: a date, or one of the words that StartTime takes.</summary>
    [Parameter]
    [TimeTransformation(IsEnd = true)]
    [ArgumentCompleter(typeof(TimeWordCompleter))]
    public DateTime? EndTime { get; set; }

    /// <summary>The first moment that is wanted, in milliseconds since 1970-01-01 UTC.</summary>
    private protected long? From => StartTime is DateTime start ? VirtAuditRecord.ToUnixMilliseconds(new DateTime(Math.Min(start.Ticks, DateTime.MaxValue.Ticks - LessThanMillisecond) + LessThanMillisecond, start.Kind)) : null;

    /// <summary>The last moment that is wanted, in milliseconds since 1970-01-01 UTC.</summary>
    private protected long? To => EndTime is DateTime end ? VirtAuditRecord.ToUnixMilliseconds(end) : null;

    private protected TextPattern[] Patterns(string[]? texts) => [.. (texts ?? []).Select(Pattern)];

    private TextPattern Pattern(string text)
    {
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
}
