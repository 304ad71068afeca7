using LibvirtAudit.Format;

namespace LibvirtAudit.Faults;

/// <summary>The failures of turning a record into text.</summary>
public static class EncodingFaults
{
    /// <summary>A shape needs a value that the record has not.</summary>
    public static Fault MissingField(string shape, FieldDefinition field) =>
        new(FaultId.MissingField, $"A {shape} record needs {field.Property} ({field.Name}=).") { Target = field.Property.ToString() };

    /// <summary>libvirt writes no record like it, and the text that it was read from is not at hand.</summary>
    public static Fault Unsupported(string description, string why) =>
        new(FaultId.UnsupportedRecord, $"The record '{Records.PrintableText.Escape(description)}' can't be turned into text: {why}.") { Target = description };
}
