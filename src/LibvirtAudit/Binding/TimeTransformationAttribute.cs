using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>
/// Takes a time: a date, a text or one of the words. PowerShell by itself makes a date of any number, which it takes for ticks, and shows
/// what it could not convert as it is. Null stays null.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TimeTransformationAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override bool TransformNullOptionalParameters => false;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = PlainValue.Of(inputData);
        try
        {
            return value switch
            {
                null or AuditTime => value,
                DateTime time => new AuditTime(time),
                DateTimeOffset time => new AuditTime(time),
                string text => AuditTime.Parse(text, CultureInfo.CurrentCulture),
                _ => throw new FormatException($"An object of the type {PrintableText.Escape(value.GetType().FullName)} is not a time; give a date, as 2026-11-22 14:54:00, or a word."),
            };
        }
        catch (FormatException exception)
        {
            throw new ArgumentTransformationMetadataException(exception.Message, exception);
        }
    }
}
