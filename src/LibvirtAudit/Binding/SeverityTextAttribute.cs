using System.Collections;
using System.Management.Automation;
using LibvirtAudit.Findings;
using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>Takes words of <see cref="FindingSeverity"/>, one or several. PowerShell by itself shows what it could not convert as it is, and takes numbers too. Null stays null.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SeverityTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override bool TransformNullOptionalParameters => false;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = PlainValue.Of(inputData);
        return value switch
        {
            null => null,
            IEnumerable items and not string => items.Cast<object?>().Select(item => SeverityOf(PlainValue.Of(item))).ToArray(),
            _ => SeverityOf(value),
        };
    }

    // As with any enumeration the beginning of a word will do, where no other begins so.
    private static FindingSeverity SeverityOf(object? value)
    {
        if (value is FindingSeverity severity)
        {
            return severity;
        }

        if (value is string { Length: > 0 } text
            && Enum.GetValues<FindingSeverity>().Where(word => word.ToString().StartsWith(text.Trim(), StringComparison.OrdinalIgnoreCase)).ToArray() is [FindingSeverity only])
        {
            return only;
        }

        string what = value is null or string ? $"'{PrintableText.Escape((string?)value)}'" : $"An object of the type {PrintableText.Escape(value.GetType().FullName)}";
        throw new ArgumentTransformationMetadataException($"{what} is not a severity: {string.Join(", ", Enum.GetNames<FindingSeverity>())}.");
    }
}
