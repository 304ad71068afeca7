using System.Globalization;
using LibvirtAudit.Analysis;
using LibvirtAudit.Records;

namespace LibvirtAudit.Findings;

/// <summary>Something about a trail that bears on whether it can be trusted. Flat and serializable.</summary>
public sealed class VirtAuditFinding
{
    /// <summary>How much it takes from the trust in the trail: a word of <see cref="FindingSeverity"/>.</summary>
    public string? Severity { get; set; }

    /// <summary>What it is: a word of <see cref="FindingKind"/>.</summary>
    public string? Kind { get; set; }

    /// <summary>What was found, in a sentence free of control characters.</summary>
    public string? Message { get; set; }

    /// <summary>What to look at next.</summary>
    public string? Advice { get; set; }

    /// <summary>When, in local time: the stamp of the event that shows it. Null where it has none.</summary>
    public DateTime? Timestamp
    {
        get => UnixTime.ToLocal(UnixMilliseconds);
        set => UnixMilliseconds = UnixTime.FromLocal(value);
    }

    /// <summary>The host, as the log names it; null where it names none, or where the finding is about no host.</summary>
    public string? Node { get; set; }

    /// <summary>The guest; null where the finding is about none.</summary>
    public string? VMName { get; set; }

    /// <summary>The guest's UUID.</summary>
    public Guid? Uuid { get; set; }

    /// <summary>The guest's driver.</summary>
    public string? Driver { get; set; }

    /// <summary>The events that show it, <c>SEC.MMM:SERIAL</c> with <c>node=NAME </c> before it where one is known, in the order of the log; some are of other types than libvirt's. Empty where no event shows it. Of many only the first are named.</summary>
    public string[] Evidence { get; set; } = [];

    /// <summary>How many records or events it is about.</summary>
    public long Count { get; set; } = 1;

    /// <summary>The file in which it was found; null where it is about none, or where records came without their files.</summary>
    public string? Source { get; set; }

    /// <summary>The line of <see cref="Source"/>, from 1 on; null where it is not known.</summary>
    public long? LineNumber { get; set; }

    /// <summary>Where in <see cref="Source"/> that line begins, in bytes; null where it is not known.</summary>
    public long? Offset { get; set; }

    internal long? UnixMilliseconds { get; set; }

    /// <summary>The finding in one line for people, free of control characters.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Severity} {Kind}: {PrintableText.Escape(Message)}");
}
