using LibvirtAudit.Format;

namespace LibvirtAudit.Faults;

/// <summary>The failures of turning a record into text.</summary>
public static class EncodingFaults
{
    /// <summary>How much of a value a message quotes, in characters.</summary>
    private const int Excerpt = 80;

    /// <summary>A shape needs a value that the record has not.</summary>
    public static Fault MissingField(string shape, FieldDefinition field) =>
        new(FaultId.MissingField, $"A {shape} record needs {field.Property} ({field.Name}=).") { Target = field.Property.ToString() };

    /// <summary>A value that ends where the next blank or quote is, and holds one: what was written would be read as more than it is.</summary>
    public static Fault BreaksOut(string property, string value) =>
        new(FaultId.UnsupportedRecord, $"{property} '{Records.PrintableText.Escape(value.Length <= Excerpt ? value : value[..Excerpt] + "…")}' can't be turned into text: it would break out of its place.") { Target = property };

    /// <summary>libvirt writes no record like it, and the text that it was read from is not at hand.</summary>
    public static Fault Unsupported(string description, string why) =>
        new(FaultId.UnsupportedRecord, $"The record '{Records.PrintableText.Escape(description)}' can't be turned into text: {why}.") { Target = description };
}
