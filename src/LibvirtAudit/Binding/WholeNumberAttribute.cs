using System.Globalization;
using System.Management.Automation;
using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>
/// Takes whole numbers only. PowerShell by itself makes 0 of text without a digit, 1 of <c>$true</c> and 2 of 1.5, which has no place
/// in an audit trail. Null stays null.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberAttribute : ArgumentTransformationAttribute
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
            string text when string.IsNullOrWhiteSpace(text) => throw NotWhole(text),
            not (bool or DateTime) when LanguagePrimitives.TryConvertTo(value, CultureInfo.InvariantCulture, out decimal number) && decimal.IsInteger(number) => number,
            _ => throw NotWhole(value),
        };
    }

    private static ArgumentTransformationMetadataException NotWhole(object value) =>
        new($"'{PrintableText.Escape(Convert.ToString(value, CultureInfo.InvariantCulture))}' is not a whole number.");
}
