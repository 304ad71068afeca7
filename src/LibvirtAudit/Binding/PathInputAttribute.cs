using System.Management.Automation;
using LibvirtAudit.Records;

namespace LibvirtAudit.Binding;

/// <summary>
/// Lets only what can be a path bind as one: PowerShell would turn any object into text. A record becomes the text by
/// which the cmdlet knows and refuses it; other objects (a session, an assignment) don't bind, their Evidence does.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PathInputAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData)
    {
        object? value = PlainValue.Of(inputData);
        if (value is null)
        {
            throw new ArgumentTransformationMetadataException("A path is wanted, not null.");
        }

        if (RecordBinder.Bind(PSObject.AsPSObject(inputData)) is VirtAuditRecord record)
        {
            return new[] { PathText.OfRecord(record) };
        }

        return value is string or FileSystemInfo or PathInfo or (System.Collections.IEnumerable and not System.Collections.IDictionary)
            ? inputData
            : throw Refusal($"An object of the type {value.GetType().FullName} is not a path.", PSObject.AsPSObject(inputData));
    }

    // The binder goes on to an object's properties only from a cast that failed.
    private static ArgumentTransformationMetadataException Refusal(string message, PSObject input) =>
        input.Properties["Evidence"] is null ? new(message) : new(message, new PSInvalidCastException(message));
}
