using System.Globalization;
using LibvirtAudit.Format;
using LibvirtAudit.Records;

namespace LibvirtAudit.Faults;

/// <summary>What is wrong with the values of a record that is to be written, each with the one text that it has; the values are called as the parameters are.</summary>
internal static class FieldFaults
{
    /// <summary>How much of a value a message quotes, in characters.</summary>
    private const int Excerpt = 80;

    /// <summary>A value that every record of the kind has is not there.</summary>
    public static Fault Missing(string kind, params IEnumerable<RecordField> oneOf) =>
        New(FaultId.MissingField, oneOf.First(), $"A {kind} record needs {string.Join(" or ", oneOf.Select(Parameter))}.");

    /// <summary>A value that records of the kind do not have.</summary>
    public static Fault Misplaced(RecordField field, object value, RecordShape shape) =>
        New(FaultId.MisplacedField, field, $"{Parameter(field)} {Quote(value)} does not belong to a {shape.Name} record, which takes {Join(shape.Fields.Where(known => known.FixedValue is null).Select(known => Parameter(known.Property)))}.");

    /// <summary>A value that is not what its field holds.</summary>
    public static Fault Invalid(RecordField field, object value, string wanted) =>
        New(FaultId.InvalidFieldValue, field, $"{Parameter(field)} {Quote(value)} is not {wanted}.");

    /// <summary>A value of which a reader would make more than one.</summary>
    public static Fault Unsafe(FieldDefinition field, string value) =>
        New(FaultId.UnsafeFieldValue, field.Property, $"{Parameter(field.Property)} {Quote(value)} is not written: {field.Name}= holds its value as it is, and a blank, quote or control character in it would pass for the end of the value.");

    /// <summary>A bare value at the end of a body that would lose its last sign.</summary>
    public static Fault EndsInColon(FieldDefinition field, string value) =>
        New(FaultId.UnsafeFieldValue, field.Property, $"{Parameter(field.Property)} {Quote(value)} is not written: {field.Name}= ends the record's body, and a colon there is read as the one that libaudit before 2.1.4 put behind it.");

    /// <summary>A text that the kernel would cut.</summary>
    public static Fault TooLong(int length, int limit) => new(FaultId.MessageTooLong,
        string.Create(CultureInfo.InvariantCulture, $"The record has {length} bytes with its trailer; the kernel keeps {limit} and cuts the rest, the result first."));

    /// <summary>The record that was piped in is of another kind than the cmdlet writes.</summary>
    public static Fault OtherKind(string recordType, string wanted) =>
        new(FaultId.UnsupportedRecord, $"A {Show(recordType)} record can't be written by a cmdlet that writes {wanted} records.") { Target = recordType };

    /// <summary>The record that was piped in holds what libvirt does not write.</summary>
    public static Fault NotLibvirts(string additionalFields) =>
        new(FaultId.UnsupportedRecord, $"The record holds fields that libvirt does not write, so it can't be written again: {Show(Cut(additionalFields))}.") { Target = additionalFields };

    /// <summary>Two parameters that say the same in different units.</summary>
    public static Fault Exclusive(string parameter, RecordField other) =>
        new(FaultId.MisplacedField, $"-{parameter} and {Parameter(other)} are one value in two units; give one of them.") { Target = parameter };

    /// <summary>A number of bytes where the field holds KiB.</summary>
    public static Fault NotWholeKib(string parameter, long bytes) => new(FaultId.InvalidFieldValue,
        string.Create(CultureInfo.InvariantCulture, $"-{parameter} '{bytes}' is not a whole number of KiB, in which memory is written (1024 bytes each, 0 or more).")) { Target = parameter };

    /// <summary>Memory in a record of something else.</summary>
    public static Fault NotMemory(string parameter, string? kind) =>
        new(FaultId.MisplacedField, $"-{parameter} belongs to a mem record, not to a {Show(kind ?? "")} record.") { Target = parameter };

    private static string Parameter(RecordField field) => "-" + field;

    private static string Join(IEnumerable<string> names) => string.Join(", ", names.Distinct());

    private static string Quote(object value) => "'" + Show(Cut(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")) + "'";

    private static string Cut(string text) => text.Length <= Excerpt ? text : string.Concat(text.AsSpan(0, Excerpt), "…");

    private static string Show(string text) => PrintableText.Escape(text)!;

    private static Fault New(FaultId id, RecordField field, string message) => new(id, message) { Target = field.ToString() };
}
