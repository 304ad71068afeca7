using LibvirtAudit.Audit;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Completion;

/// <summary>Tells which kinds of record can still be meant by a command line.</summary>
internal static class TypedShapes
{
    /// <summary>The fields whose values tell kinds apart.</summary>
    private static readonly RecordField[] Telling = [RecordField.ResourceType, RecordField.Operation, RecordField.CgroupClass];

    /// <summary>Whether anything is typed that rules kinds out.</summary>
    public static bool Any(TypedArguments typed) => Telling.Any(field => typed.Has(field.ToString()));

    /// <summary>Whether a record of the shape can be meant.</summary>
    public static bool IsLeft(RecordShape shape, string commandName, TypedArguments typed) =>
        IsWritten(shape, commandName)
        && typed.Leave(nameof(VirtAuditRecord.RecordType), RecordTypes.GetName(shape.RecordType))
        && Telling.All(field => !typed.Has(field.ToString()) || (shape.Find(field)?.FixedValue is string word && typed.Leave(field.ToString(), word)));

    // The cmdlets that write each write one type of record, those that read read them all.
    private static bool IsWritten(RecordShape shape, string commandName) => commandName.ToUpperInvariant() switch
    {
        "WRITE-VIRTCONTROLAUDIT" => shape.RecordType == RecordTypes.Control,
        "WRITE-VIRTMACHINEIDAUDIT" => shape.RecordType == RecordTypes.MachineId,
        "WRITE-VIRTRESOURCEAUDIT" => shape.RecordType == RecordTypes.Resource,
        _ => true,
    };
}
