using System.Management.Automation;
using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>Takes UUIDs. PowerShell by itself shows what it could not convert as it is, and it may come from a file that anybody wrote. Null stays null.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class UuidTextAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override bool TransformNullOptionalParameters => false;

    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData)
    {
        object? value = PlainValue.Of(inputData);
        return value switch
        {
            null or Guid => value,
            string text when Guid.TryParse(text, out Guid uuid) => uuid,
            string text => throw new ArgumentTransformationMetadataException($"'{PrintableText.Escape(text)}' is not a UUID."),
            _ => throw new ArgumentTransformationMetadataException($"An object of the type {PrintableText.Escape(value.GetType().FullName)} is not a UUID."),
        };
    }
}
