using System.Management.Automation;
using LibvirtAudit.Binding;
using LibvirtAudit.Completion;
using LibvirtAudit.Parsing;
using LibvirtAudit.Records;

namespace LibvirtAudit.Cmdlets;

/// <summary>The filters that all cmdlets which read records share: by guest, host and time. They take wildcards and several values, and ignore case.</summary>
public abstract class GuestFilteringCmdlet : VirtAuditCmdlet
{
    /// <summary>Only of guests of these names.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? VMName { get; set; }

    /// <summary>Only of guests of these UUIDs.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Uuid { get; set; }

    /// <summary>Only of guests of these drivers: qemu, kvm, lxc, xen and so on.</summary>
    [Parameter]
    [SupportsWildcards]
    [ArgumentCompleter(typeof(DriverCompleter))]
    public string[]? Driver { get; set; }

    /// <summary>Only of these hosts, as node= or the journal names them.</summary>
    [Parameter]
    [SupportsWildcards]
    public string[]? Node { get; set; }

    /// <summary>Only of this time or later: a date, or one of the words now, recent, boot, today, yesterday, this-week, week-ago, this-month, this-year.</summary>
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
    private protected long? From => StartTime is DateTime start ? VirtAuditRecord.ToUnixMilliseconds(start.AddTicks(TimeSpan.TicksPerMillisecond - 1)) : null;

    /// <summary>The last moment that is wanted, in milliseconds since 1970-01-01 UTC.</summary>
    private protected long? To => EndTime is DateTime end ? VirtAuditRecord.ToUnixMilliseconds(end) : null;

    private protected static TextPattern[] Patterns(string[]? texts) =>
        [.. (texts ?? []).Select(text => new WildcardPattern(text, WildcardOptions.IgnoreCase | WildcardOptions.CultureInvariant)).Select(pattern => new TextPattern(pattern.IsMatch))];
}
