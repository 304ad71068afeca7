using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Logs;
using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>Lets a time be one of auvirt's words: now, recent, boot, today, yesterday, this-week, week-ago, this-month, this-year.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <summary>Whether the time ends a span, so that <c>today</c> means until now.</summary>
    public bool IsEnd { get; set; }

    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        if (PlainValue.Of(inputData) is not string text)
        {
            return inputData;
        }

        if (!TimeWord.IsKnown(text))
        {
            // PowerShell by itself shows what it could not convert as it is.
            return LanguagePrimitives.TryConvertTo(text, CultureInfo.CurrentCulture, out DateTime _) || LanguagePrimitives.TryConvertTo(text, CultureInfo.InvariantCulture, out DateTime _)
                ? inputData
                : throw new ArgumentTransformationMetadataException($"'{PrintableText.Escape(text)}' is neither a time nor one of the words {string.Join(", ", TimeWord.Names)}.");
        }

        DateTimeOffset now = DateTimeOffset.Now;
        return TimeWord.Resolve(text, IsEnd, now, TimeZoneInfo.Local, BootTime.Read()) is long moment
            ? VirtAuditRecord.ToLocalTime(moment)
            : throw new ArgumentTransformationMetadataException($"The time '{text}' is not known on this system; give a date.");
    }
}
